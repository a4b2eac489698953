package dev.penstock.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.penstock.model.KeyMaterial;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.TlsClient;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakExtension.class)
class TlsSocketTest {
  private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

  private final TlsServer server = new TlsServer(true);

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, CN=a.test",
    "A.TEST, CN=a.test",
    "x.wild.test, CN=*.wild.test",
    "x.y.wild.test, CN=Penstock default certificate",
    "unknown.test, CN=Penstock default certificate",
    "'', CN=Penstock default certificate",
  })
  void theNameDecidesWhichCertificateIsServed(String name, String subject) throws Exception {
    server.swap(
        new TestTables()
            .with("ns/a", TestTables.ec("a.test"), "a.test")
            .with("ns/wild", TestTables.rsa("*.wild.test"), "*.wild.test"));
    try (RawClient client = RawClient.tls(server.port(), name)) {
      assertThat(subjectOf(client)).isEqualTo(subject);
      assertThat(client.tlsSocket().getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(client.send(PING).readBytes(PING.length)).isEqualTo(PING);
    }
    assertThat(server.events.getFirst())
        .isEqualTo("secured " + name.toLowerCase(Locale.ROOT) + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "a.test, TLSv1.2, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "r.test, TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "r.test, TLSv1.2, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "a.test, TLSv1.3, TLS_AES_256_GCM_SHA384",
    "r.test, TLSv1.3, TLS_AES_128_GCM_SHA256",
    "r.test, TLSv1.3, TLS_CHACHA20_POLY1305_SHA256",
  })
  void bothKindsOfKeyServeBothVersions(String name, String protocol, String cipher)
      throws Exception {
    both();
    TlsClient offer = TlsClient.to(name).withProtocols(protocol).withCipherSuites(cipher);
    try (RawClient client = RawClient.tls(server.port(), 0, offer)) {
      assertThat(subjectOf(client)).isEqualTo("CN=" + name);
      assertThat(client.tlsSocket().getSession().getProtocol()).isEqualTo(protocol);
      assertThat(client.tlsSocket().getSession().getCipherSuite()).isEqualTo(cipher);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "r.test, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "r.test, TLS_RSA_WITH_AES_128_GCM_SHA256",
    "r.test, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "r.test, TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
  })
  void noOtherCipherIsAgreed(String name, String cipher) {
    both();
    TlsClient offer = TlsClient.to(name).withProtocols("TLSv1.2").withCipherSuites(cipher);
    assertThat(catchThrowable(() -> RawClient.tls(server.port(), 0, offer).close()))
        .isInstanceOf(IOException.class);
    Await.until("counted as failed", () -> server.totals().failed() == 1);
  }

  @ParameterizedTest
  @CsvSource({"ec384, TLSv1.2", "ec384, TLSv1.3", "ec521, TLSv1.2", "ec521, TLSv1.3"})
  void theLargerCurvesAreServed(String name, String protocol) throws Exception {
    KeyMaterial material = new KeyMaterial(text(name + ".crt"), text(name + ".key"));
    server.swap(new TestTables().with("ns/large", material, "a.test"));
    assertThat(server.table.failures()).isEmpty();
    TlsClient offer = TlsClient.to("a.test").withProtocols(protocol);
    try (RawClient client = RawClient.tls(server.port(), 0, offer)) {
      assertThat(subjectOf(client)).isEqualTo("CN=" + name + ".test,O=Test");
    }
  }

  private static String text(String file) throws IOException {
    try (InputStream in = TlsSocketTest.class.getResourceAsStream(file)) {
      if (in == null) throw new IOException("no test resource " + file);
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private void both() {
    server.swap(
        new TestTables()
            .with("ns/a", TestTables.ec("a.test"), "a.test")
            .with("ns/r", TestTables.rsa("r.test"), "r.test"));
  }

  @Test
  void theNextHandshakeGetsTheNewCertificateAndOldConnectionsGoOn() throws Exception {
    server.swap(new TestTables().with("ns/a", TestTables.ec("old.test"), "a.test"));
    try (RawClient old = RawClient.tls(server.port(), "a.test")) {
      server.swap(new TestTables().with("ns/a", TestTables.rsa("new.test"), "a.test"));
      try (RawClient fresh = RawClient.tls(server.port(), "a.test")) {
        assertThat(subjectOf(fresh)).isEqualTo("CN=new.test");
      }
      assertThat(subjectOf(old)).isEqualTo("CN=old.test");
      assertThat(old.send(PING).readBytes(PING.length)).isEqualTo(PING);
    }
  }

  @Test
  void aSecretThatCannotBeBuiltLeavesTheOthersServing() throws Exception {
    server.swap(
        new TestTables()
            .with("ns/broken", new KeyMaterial("x", "y"), "b.test")
            .with("ns/a", TestTables.ec("a.test"), "a.test"));
    assertThat(server.table.failures()).hasSize(1);
    try (RawClient a = RawClient.tls(server.port(), "a.test");
        RawClient b = RawClient.tls(server.port(), "b.test")) {
      assertThat(subjectOf(a)).isEqualTo("CN=a.test");
      assertThat(subjectOf(b)).isEqualTo("CN=Penstock default certificate");
    }
  }

  /** The promise of the class: nothing fails while certificates change, nothing stays behind. */
  @Test
  void handshakesDuringAThousandSwapsNeverFailAndEveryContextIsFreed() throws Exception {
    KeyMaterial[] materials = {TestTables.ec("one.test"), TestTables.ec("two.test")};
    TestTables[] contents = {
      new TestTables().with("ns/a", materials[0], "a.test"),
      new TestTables().with("ns/a", materials[1], "a.test"),
    };
    server.swap(contents[1]);
    AtomicBoolean stops = new AtomicBoolean();
    List<Throwable> faults = new CopyOnWriteArrayList<>();
    AtomicInteger handshakes = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      clients.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!stops.get() && faults.isEmpty()) {
                  try (RawClient client = RawClient.tls(server.port(), "a.test")) {
                    client.send(PING).readBytes(PING.length);
                    handshakes.incrementAndGet();
                  } catch (IOException | RuntimeException | AssertionError failed) {
                    faults.add(failed);
                  }
                }
              }));
    }
    List<ReferenceCountedOpenSslContext> contexts = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      server.swap(contents[i % 2]);
      ReferenceCountedOpenSslContext context = server.table.acquire("a.test");
      assertThat(context).isNotNull();
      if (context != null) {
        contexts.add(context);
        context.release();
      }
    }
    stops.set(true);
    for (Thread client : clients) client.join();
    assertThat(faults).isEmpty();
    assertThat(handshakes.get()).isPositive();
    assertThat(server.totals().failed() + server.totals().refused()).isZero();
    for (Channel channel : server.secured) channel.closeFuture().sync();
    server.table.retire();
    assertThat(contexts).doesNotHaveDuplicates();
    Await.until(
        "every context freed", () -> contexts.stream().allMatch(context -> context.refCnt() == 0));
  }

  @Test
  void aCleanEndAndACutAreBothAnEndOfTheConnectionOnly() throws Exception {
    try (RawClient client = RawClient.tls(server.port(), "a.test")) {
      client.send(PING).readBytes(PING.length);
      client.closeWithoutTlsNotify();
    }
    Await.until("the cut arrives", () -> server.events.contains("inactive"));
    assertThat(server.events).containsExactly("secured a.test ", "notify false", "inactive");
    server.events.clear();
    try (RawClient client = RawClient.tls(server.port(), "a.test")) {
      client.send(PING).readBytes(PING.length);
      client.tlsSocket().close();
    }
    Await.until("the end arrives", () -> server.events.contains("inactive"));
    assertThat(server.events).containsExactly("secured a.test ", "notify true", "inactive");
  }

  @Test
  void aPeerThatNeverReadsDoesNotHoldAConnectionThatWeClosed() throws Exception {
    try (RawClient client = RawClient.tls(server.port(), 4 * 1024, TlsClient.to("a.test"))) {
      client.send(PING).readBytes(PING.length);
      Channel channel = server.secured.getFirst();
      channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[16 * 1024 * 1024]));
      channel.close();
      assertThat(channel.closeFuture().await(1_000)).isFalse(); // it is given some time
      Await.until(
          () -> "closed",
          Duration.ofMillis(SniChoice.CLOSE_NOTIFY_FLUSH_MILLIS + 3_000L),
          () -> !channel.isOpen());
    }
  }

  @Test
  void plainHttpIsToldToUseHttps() throws Exception {
    try (RawClient client = RawClient.plain(server.port())) {
      var answer = client.exchange("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text())
          .isEqualTo("This port speaks HTTPS. Use https:// in front of the address.\n");
      assertThat(client.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
    }
    assertThat(server.totals()).isEqualTo(new Handshakes.Totals(0, 1, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void withoutAutoReadTheHandshakeGoesThroughAllTheSame(String protocol) throws Exception {
    try (TlsServer manual = new TlsServer(false)) {
      TlsClient offer = TlsClient.to("a.test").withProtocols(protocol);
      try (RawClient client = RawClient.tls(manual.port(), 0, offer)) {
        assertThat(client.send(PING).readBytes(PING.length)).isEqualTo(PING);
        assertThat(client.send(PING).readBytes(PING.length)).isEqualTo(PING);
      }
    }
  }

  private static String subjectOf(RawClient client) throws IOException {
    X509Certificate leaf =
        (X509Certificate) client.tlsSocket().getSession().getPeerCertificates()[0];
    return leaf.getSubjectX500Principal().getName();
  }
}

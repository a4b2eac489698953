package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.core.observe.DataPlane.CertificateFigures;
import dev.penstock.core.observe.DataPlane.ListenerFigures;
import dev.penstock.core.observe.DataPlane.LoopFigures;
import dev.penstock.core.observe.DataPlane.SnapshotFigures;
import dev.penstock.core.observe.DataPlane.TlsFigures;
import dev.penstock.core.observe.DataPlane.TlsSuite;
import dev.penstock.core.observe.DataPlane.UpstreamFigures;
import dev.penstock.core.upstream.UpstreamFailure;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.TestCertificate;
import dev.penstock.testkit.TlsClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the data plane tells of itself is what happened on real connections. */
@ExtendWith(LeakExtension.class)
class FiguresTest {
  private static Origin good() {
    return Origin.answering(Answers.ok("a"));
  }

  // ---- listeners

  @Test
  void aConnectionIsOpenUntilTheClientClosesIt() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = gateway.plain()) {
        client.exchange(Requests.get("/"));
        assertThat(listener(gateway, "http").open()).isEqualTo(1);
      }
      awaitClosed(gateway, "http", "client");
      assertThat(listener(gateway, "http").open()).isZero();
      assertThat(listener(gateway, "http").accepted()).isEqualTo(1);
      assertThat(listener(gateway, "https").accepted()).isZero();
    }
  }

  @Test
  void anIdleConnectionEndsAsIdle() throws IOException {
    TestSettings settings = new TestSettings().keepAliveIdle(Duration.ofMillis(100));
    ends("idle", settings, Requests.get("/"));
  }

  @Test
  void aHeadThatTakesTooLongEndsAsTimeout() throws IOException {
    TestSettings settings = new TestSettings().headDeadline(Duration.ofMillis(100));
    ends("timeout", settings, "GET / HTTP/1.1\r\n");
  }

  @Test
  void aBrokenHeadEndsAsBadRequest() throws IOException {
    ends("bad_request", new TestSettings(), "GET / HTTP/1.1\r\nHost : a\r\n\r\n");
  }

  @Test
  void theLastAnswerEndsAsAnswered() throws IOException {
    ends("answered", new TestSettings(), Requests.get("/", "Connection: close"));
  }

  private static void ends(String reason, TestSettings settings, String sent) throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin).settings(settings));
        RawClient client = gateway.plain()) {
      client.send(sent);
      awaitClosed(gateway, "http", reason, () -> client.readToEnd(new ByteArrayOutputStream()));
    }
  }

  @Test
  void anAnswerThatTheBackendCutsEndsAsCut() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/"));
      awaitClosed(
          gateway, "http", "answer_cut", () -> client.readToEnd(new ByteArrayOutputStream()));
    }
  }

  @Test
  void aTunnelThatTheBackendEndsEndsAsTunnel() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.acceptWebSocket(c.readRequest());
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/"));
      awaitClosed(gateway, "http", "tunnel", () -> client.readToEnd(new ByteArrayOutputStream()));
    }
  }

  @Test
  void anIdleConnectionEndsAsShutdownWhenTheGatewayStops() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.exchange(Requests.get("/"));
      gateway.gateway().stopAccepting();
      awaitClosed(gateway, "http", "shutdown", () -> client.readToEnd(new ByteArrayOutputStream()));
    }
  }

  @Test
  void everyReasonStandsInTheManual() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty())) {
      assertThat(manual("reasons"))
          .containsExactlyInAnyOrderElementsOf(listener(gateway, "http").closed().keySet());
      assertThat(manual("handshakes"))
          .containsExactlyInAnyOrderElementsOf(
              gateway.gateway().figures().tls().failures().keySet());
    }
    assertThat(manual("kinds"))
        .containsExactlyElementsOf(
            Arrays.stream(UpstreamFailure.values()).map(UpstreamFailure::label).toList());
  }

  // ---- TLS

  @Test
  void aHandshakeCountsByWhatWasAgreedOn() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      for (int i = 0; i < 3; i++) {
        TlsClient offer = TlsClient.to("a.test").withProtocols(i == 2 ? "TLSv1.2" : "TLSv1.3");
        try (RawClient client = gateway.tls(offer)) {
          client.exchange(Requests.get("/"));
        }
      }
      TlsFigures tls = gateway.gateway().figures().tls();
      assertThat(tls.completed())
          .containsEntry(new TlsSuite("TLSv1.3", "TLS_AES_256_GCM_SHA384"), 2L)
          .hasSize(2);
      assertThat(sum(tls.completed().values())).isEqualTo(3);
      assertThat(sum(tls.failures().values())).isZero();
      assertThat(Arrays.stream(tls.durations().counts()).sum()).isEqualTo(3);
      assertThat(tls.durations().sum()).isPositive();
    }
  }

  @Test
  void aHandshakeThatFailsSaysWhy() throws IOException {
    TestSettings settings = new TestSettings().tlsHandshake(Duration.ofMillis(300));
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty().settings(settings))) {
      try (RawClient plain = RawClient.plain(gateway.httpsPort())) {
        plain.exchange(Requests.get("/"));
      }
      try (RawClient noise = RawClient.plain(gateway.httpsPort())) {
        noise.send("\0\1\2\3\4\5\6\7");
        noise.readToEnd(new ByteArrayOutputStream());
      }
      try (RawClient silent = RawClient.plain(gateway.httpsPort())) {
        silent.awaitClose();
      }
      RawClient.plain(gateway.httpsPort()).close();
      assertThatThrownBy(() ->
              gateway.tls(
                  TlsClient.to("a.test")
                      .withProtocols("TLSv1.2")
                      .withCipherSuites("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA")))
          .isInstanceOf(IOException.class);
      Await.until(
          () -> "five failures: " + gateway.gateway().figures().tls().failures(),
          Await.PATIENCE,
          () -> sum(gateway.gateway().figures().tls().failures().values()) == 5);
      assertThat(gateway.gateway().figures().tls().failures())
          .containsEntry("not_tls", 2L)
          .containsEntry("timeout", 1L)
          .containsEntry("client_gone", 1L)
          .containsEntry("nothing_in_common", 1L);
      Await.until(
          "the listener has counted them",
          () -> count(listener(gateway, "https").closed(), "handshake") == 5);
    }
  }

  @Test
  void aClientThatDoesNotTrustTheCertificateSaysSo() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty())) {
      try (SSLSocket strict =
          (SSLSocket)
              SSLContext.getDefault()
                  .getSocketFactory()
                  .createSocket(Ports.loopback(), gateway.httpsPort())) {
        assertThatThrownBy(strict::startHandshake).isInstanceOf(SSLException.class);
      }
      Await.until(
          () -> "an alert: " + gateway.gateway().figures().tls(),
          Await.PATIENCE,
          () -> count(gateway.gateway().figures().tls().failures(), "client_alert") == 1);
    }
  }

  @Test
  void certificatesNameTheirHostsAndTheirEnd() throws IOException {
    TestCertificate certificate = TestCertificate.ec("a.test");
    TestWorld world =
        TestWorld.empty().certificate("a.test", certificate).certificate("*.b.test", certificate);
    try (GatewayFixture gateway = GatewayFixture.serving(world)) {
      List<CertificateFigures> figures = gateway.gateway().figures().certificates();
      assertThat(figures).extracting(CertificateFigures::name).isSorted().hasSize(2);
      assertThat(figures.getLast().hosts()).containsExactly("a.test");
      assertThat(figures.getFirst().hosts()).containsExactly("*.b.test");
      assertThat(figures.getFirst().notAfterEpochSeconds())
          .isEqualTo(certificate.certificate().getNotAfter().toInstant().getEpochSecond());
    }
  }

  // ---- upstreams

  @Test
  void connectionsAreCountedWhenTheyOpenAndWhenTheyClose() throws IOException {
    try (Origin origin =
            Origin.replying((request, c) -> {
              c.send(Answers.withStatus(200, "OK", "x", "Connection: close"));
              c.close();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 3; i++) client.exchange(Requests.get("/"));
      awaitUpstream(
          gateway,
          "three opened and closed",
          app -> app.counts().opened() == 3 && app.counts().closed() == 3 && app.open() == 0);
      assertThat(app(gateway).counts().connectNanos()).isPositive();
      assertThat(app(gateway).counts().failures()).isEmpty();
    }
  }

  @Test
  void aRefusedConnectionIsAFailureAndPausesItsEndpoint() throws IOException {
    int nobody = Ports.closed();
    try (Origin origin = good();
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(nobody, origin.port()));
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(200);
      }
      UpstreamFigures app = app(gateway);
      assertThat(app.counts().failures()).containsOnlyKeys("connect_failed");
      assertThat(app.counts().retries()).isEqualTo(1);
      assertThat(app.counts().pauses()).isEqualTo(1);
      assertThat(app.paused()).isEqualTo(1);
      assertThat(app.endpoints()).isEqualTo(2);
    }
  }

  @Test
  void aRequestThatWaitsForAConnectionIsCountedWithItsWait() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    TestSettings settings = new TestSettings().pool(1, 8);
    try (Origin origin =
            Origin.replying((request, c) -> {
              awaitQuietly(go);
              c.send(Answers.ok("x"));
            });
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin).settings(settings));
        RawClient first = gateway.plain();
        RawClient second = gateway.plain()) {
      first.send(Requests.get("/"));
      awaitUpstream(gateway, "one connection", app -> app.open() == 1);
      second.send(Requests.get("/"));
      awaitUpstream(gateway, "one waits", app -> app.waiting() == 1);
      go.countDown();
      first.read("GET");
      second.read("GET");
      UpstreamFigures app = app(gateway);
      assertThat(app.counts().waited()).isEqualTo(1);
      assertThat(app.counts().waitNanos()).isPositive();
      assertThat(app.waiting()).isZero();
      assertThat(app.idle()).isEqualTo(1);
    }
  }

  // ---- loops and snapshots

  @Test
  void theThreadsOfTheLoopsAreThoseThatServe() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      LoopFigures before = loop(gateway);
      for (int i = 0; i < 50; i++) client.exchange(Requests.get("/"));
      Await.until(
          "the loop has allocated and computed",
          () -> {
            LoopFigures after = loop(gateway);
            return after.allocatedBytes() > before.allocatedBytes()
                && after.cpuNanos() > before.cpuNanos();
          });
      Await.until(
          "the timer of the loop was watched",
          () -> Arrays.stream(loop(gateway).lag().counts()).sum() > 0);
    }
  }

  @Test
  void aSnapshotIsCountedAndTimed() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(1))) {
      gateway.publish(TestWorld.empty());
      gateway.publish(TestWorld.toPorts(1, 2));
      SnapshotFigures snapshot = gateway.gateway().figures().snapshot();
      assertThat(snapshot.compiles()).isEqualTo(3);
      assertThat(snapshot.compileNanos()).isPositive();
      assertThat(snapshot.hosts()).isEqualTo(1);
      assertThat(snapshot.routes()).isEqualTo(1);
      assertThat(snapshot.upstreams()).isEqualTo(1);
      assertThat(snapshot.certificates()).isZero();
    }
  }

  @Test
  void equalConfigurationsHaveTheSameHashAndOthersNot() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(1));
        GatewayFixture other = GatewayFixture.serving(TestWorld.toPorts(2))) {
      long hash = gateway.gateway().figures().snapshot().hash();
      assertThat(other.gateway().figures().snapshot().hash()).isEqualTo(hash); // ports are no part
      other.publish(TestWorld.toPorts(1).policy(new TestPolicy().tries(1)));
      assertThat(other.gateway().figures().snapshot().hash()).isNotEqualTo(hash);
      other.publish(TestWorld.toPorts(1));
      assertThat(other.gateway().figures().snapshot().hash()).isEqualTo(hash);
    }
  }

  // ---- how they are read

  private static LoopFigures loop(GatewayFixture gateway) {
    List<LoopFigures> loops = gateway.gateway().figures().loops();
    assertThat(loops).hasSize(1);
    return loops.getFirst();
  }

  private static ListenerFigures listener(GatewayFixture gateway, String name) {
    return gateway.gateway().figures().listeners().stream()
        .filter(each -> each.listener().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Something that a client does in between. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private static void awaitClosed(
      GatewayFixture gateway, String listener, String reason, Step before) throws IOException {
    before.run();
    awaitClosed(gateway, listener, reason);
  }

  private static void awaitClosed(GatewayFixture gateway, String listener, String reason) {
    Await.until(
        () -> "closed by " + reason + ": " + listener(gateway, listener),
        Await.PATIENCE,
        () -> count(listener(gateway, listener).closed(), reason) == 1);
    assertThat(sum(listener(gateway, listener).closed().values())).isEqualTo(1);
  }

  private static UpstreamFigures app(GatewayFixture gateway) {
    return gateway.gateway().figures().upstreams().getFirst();
  }

  private static void awaitUpstream(
      GatewayFixture gateway, String what, Function<UpstreamFigures, Boolean> holds) {
    Await.until(() -> what + ": " + app(gateway), Await.PATIENCE, () -> holds.apply(app(gateway)));
  }

  private static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static long count(Map<String, Long> counts, String key) {
    return counts.getOrDefault(key, 0L);
  }

  private static long sum(Collection<Long> values) {
    return values.stream().mapToLong(Long::longValue).sum();
  }

  /** The first column of a table of the manual. */
  private static List<String> manual(String table) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("..", "docs", "observability.md"));
    int begin = lines.indexOf("<!-- table: " + table + " -->") + 3;
    return lines.subList(begin, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.substring(3, line.indexOf('`', 3)))
        .toList();
  }
}

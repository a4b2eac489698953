package dev.penstock.core.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings.TlsVersions;
import dev.penstock.testkit.LeakExtension;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends in memory and on one thread, with a clock that stands until it is moved. */
@ExtendWith(LeakExtension.class)
class SniChoiceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Deque<Runnable> worker = new ArrayDeque<>();
  private final TlsContexts contexts = new TlsContexts(List.of("http/1.1"), worker::add);
  private final Handshakes handshakes = new Handshakes(3);
  private final List<String> secured = new ArrayList<>();
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private CertificateTable table =
      new TestTables()
          .with("ns/a", TestTables.ec("a.test"), "a.test")
          .after(CertificateTable.empty(contexts));

  @AfterEach
  void end() {
    for (EmbeddedChannel channel : channels) channel.finishAndReleaseAll();
    assertThat(handshakes.waiting()).isZero();
    worker.forEach(Runnable::run);
    table.retire();
    contexts.close();
  }

  @Test
  void aClientHelloMayComeByteByByte() throws Exception {
    EmbeddedChannel client = client("TLSv1.3", "a.test");
    EmbeddedChannel server = server();
    byte[] hello = bytesOf(client);
    for (byte b : hello) server.writeInbound(Unpooled.wrappedBuffer(new byte[] {b}));
    pump(client, server);
    assertThat(secured).containsExactly("a.test/http/1.1");
    assertTotals(1, 0, 0);
  }

  @Test
  void aClientHelloMayBeCutAnywhereIntoTwoPartsAndTwoRecords() throws Exception {
    byte[] hello = bytesOf(client("TLSv1.3", "a.test"));
    int cuts = 0;
    for (int cut = 1; cut < hello.length; cut++) {
      EmbeddedChannel whole = server();
      whole.writeInbound(Unpooled.copiedBuffer(hello, 0, cut));
      assertThat(whole.pipeline().get(SslHandler.class)).isNull();
      whole.writeInbound(Unpooled.copiedBuffer(hello, cut, hello.length - cut));
      assertThat(whole.attr(SniChoice.SERVER_NAME).get()).isEqualTo("a.test");
      whole.finishAndReleaseAll();
      if (cut <= 5) continue;
      EmbeddedChannel records = server();
      records.writeInbound(record(hello, 5, cut), record(hello, cut, hello.length));
      assertThat(records.attr(SniChoice.SERVER_NAME).get()).isEqualTo("a.test");
      assertThat(records.pipeline().get(SslHandler.class)).isNotNull();
      records.finishAndReleaseAll();
      cuts++;
    }
    assertThat(cuts).isGreaterThan(100);
  }

  private static ByteBuf record(byte[] hello, int from, int to) {
    return Unpooled.buffer()
        .writeBytes(hello, 0, 3)
        .writeShort(to - from)
        .writeBytes(hello, from, to - from);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bytesBehindTheFinishedReachWhatWasAddedAtThatMoment(String protocol) throws Exception {
    EmbeddedChannel client = client(protocol, "a.test");
    EmbeddedChannel server = server();
    client.writeOutbound(Unpooled.copiedBuffer("GET /", US_ASCII)); // waits for the handshake
    pump(client, server);
    assertThat(secured).hasSize(1);
    assertThat(text(server)).isEqualTo("GET /");
    assertThat(server.pipeline().get(HandshakeWatch.class)).isNull();
  }

  @Test
  void aClientThatOffersAnotherProtocolOnlyGoesOnWithout() throws Exception {
    EmbeddedChannel client = client("TLSv1.3", "a.test", "h2");
    pump(client, server());
    assertThat(secured).containsExactly("a.test/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void oldVersionsAreRefusedWithAnAlert(String protocol) throws Exception {
    EmbeddedChannel client = client(protocol, "a.test");
    EmbeddedChannel server = server();
    server.writeInbound(Unpooled.wrappedBuffer(bytesOf(client)));
    byte[] answer = bytesOf(server);
    assertThat(answer[0]).isEqualTo((byte) 21); // alert
    assertThat(answer[6]).isEqualTo((byte) 70); // protocol_version
    assertThat(server.isOpen()).isFalse();
    assertTotals(0, 1, 0);
  }

  @Test
  void aLongClientHelloIsReadAndATooLongOneIsRefused() throws Exception {
    EmbeddedChannel server = server();
    // record header, client_hello of 65,537 bytes
    server.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1, 0x40, 0}));
    assertThat(server.isOpen()).isTrue();
    server.writeInbound(Unpooled.wrappedBuffer(new byte[] {1, 1, 0, 1}));
    server.writeInbound(Unpooled.wrappedBuffer(new byte[0x3ffc]));
    assertThat(server.isOpen()).isFalse();
    assertTotals(0, 1, 0);
  }

  @Test
  void aClientHelloInEndlessTinyRecordsIsRefusedWithAnAlert() {
    EmbeddedChannel server = server();
    server.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1, 0, 4, 1, 0, (byte) 0xff, 0}));
    ByteBuf tiny = Unpooled.buffer();
    for (int i = 0; i < 1_000; i++) tiny.writeBytes(new byte[] {22, 3, 1, 0, 1, 0});
    int sent = 0;
    while (server.isOpen() && sent < 400_000) {
      server.writeInbound(tiny.copy());
      sent += tiny.readableBytes();
    }
    tiny.release();
    assertThat(server.isOpen()).isFalse();
    assertThat(sent).isLessThan(140_000);
    assertTotals(0, 1, 0);
    assertThat(bytesOf(server)).containsExactly(21, 3, 3, 0, 2, 2, 50);
  }

  @Test
  void whatIsNoClientHelloIsClosed() {
    makeDefaultCertificate();
    for (byte[] garbage :
        new byte[][] {
          {0, 1, 2, 3, 4, 5, 6, 7},
          {22, 3, 1, 0, 4, 2, 0, 0, 0}, // a server_hello
          {22, 3, 1, 0, 8, 1, 0, 0, 4, 1, 2, 3, 4}, // a client_hello without content
          {21, 3, 1, 0, 2, 2, 40}, // an alert
          {20, 3, 1, 0, 1, 1}, // change_cipher_spec
          {(byte) 0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10}, // SSLv2
          {'\r', '\n', 0, 0, 0, 0, 0, 0},
        }) {
      EmbeddedChannel server = server();
      server.writeInbound(Unpooled.wrappedBuffer(garbage));
      server.runPendingTasks();
      assertThat(server.isOpen()).as(Arrays.toString(garbage)).isFalse();
    }
    assertTotals(0, 7, 0);
  }

  @Test
  void plainHttpGetsAPlainAnswer() {
    EmbeddedChannel server = server();
    server.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\n", US_ASCII));
    assertThat(new String(bytesOf(server), US_ASCII))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("\r\nConnection: close\r\n");
    assertThat(server.isOpen()).isFalse();
    assertTotals(0, 1, 0);
  }

  @Test
  void oneDeadlineHoldsForAllOfTheHandshake() throws Exception {
    EmbeddedChannel silent = server();
    EmbeddedChannel half = server();
    EmbeddedChannel helloOnly = server();
    byte[] hello = bytesOf(client("TLSv1.3", "a.test"));
    half.writeInbound(Unpooled.copiedBuffer(hello, 0, 40));
    for (EmbeddedChannel channel : List.of(silent, half, helloOnly)) {
      channel.advanceTimeBy(6, TimeUnit.SECONDS);
    }
    helloOnly.writeInbound(Unpooled.wrappedBuffer(hello));
    for (EmbeddedChannel channel : List.of(silent, half, helloOnly)) {
      channel.advanceTimeBy(3_999, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
      assertThat(channel.isOpen()).isTrue();
      channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
      assertThat(channel.isOpen()).isFalse();
    }
    assertTotals(0, 3, 0);
  }

  @Test
  void theDeadlineEndsWithTheHandshake() throws Exception {
    EmbeddedChannel client = client("TLSv1.3", "a.test");
    EmbeddedChannel server = server();
    pump(client, server);
    server.advanceTimeBy(1, TimeUnit.HOURS);
    server.runScheduledPendingTasks();
    assertThat(server.isOpen()).isTrue();
  }

  @Test
  void theNewcomerIsRefusedWhileTheOthersAreYoungAndTheOldestWhenItHasStalled() throws Exception {
    byte[] hello = bytesOf(client("TLSv1.3", "a.test"));
    List<EmbeddedChannel> first = List.of(server(), server(), server());
    for (EmbeddedChannel channel : first) channel.writeInbound(Unpooled.copiedBuffer(hello));
    assertThat(handshakes.waiting()).isEqualTo(3);
    EmbeddedChannel refused = server();
    refused.writeInbound(Unpooled.copiedBuffer(hello));
    assertThat(refused.isOpen()).isFalse();
    assertTotals(0, 0, 1);

    EmbeddedChannel client = client("TLSv1.3", "a.test");
    EmbeddedChannel late = server();
    late.advanceTimeBy(1_500, TimeUnit.MILLISECONDS);
    pump(client, late);
    assertThat(first.get(0).isOpen()).isFalse();
    assertThat(first.get(1).isOpen()).isTrue();
    assertThat(secured).hasSize(1);
    assertThat(handshakes.waiting()).isEqualTo(2);
    assertTotals(1, 0, 2);
  }

  private void makeDefaultCertificate() {
    contexts.prepareFallback();
    while (!worker.isEmpty()) worker.remove().run();
  }

  @Test
  void aKnownNameDoesNotMakeTheDefaultCertificate() throws Exception {
    worker.remove().run(); // loads the library
    pump(client("TLSv1.3", "a.test"), server());
    assertThat(secured).hasSize(1);
    assertThat(worker).isEmpty();
  }

  @Test
  void anUnknownNameWaitsForTheDefaultCertificateIfItIsNotMadeYet() throws Exception {
    EmbeddedChannel client = client("TLSv1.3", "unknown.test");
    EmbeddedChannel gone = server();
    gone.writeInbound(Unpooled.wrappedBuffer(bytesOf(client("TLSv1.3", ""))));
    gone.close();
    EmbeddedChannel server = server();
    pump(client, server);
    assertThat(server.pipeline().get(SslHandler.class)).isNull();
    makeDefaultCertificate();
    pump(client, server);
    assertThat(secured).containsExactly("unknown.test/http/1.1");
    assertTotals(1, 1, 0);
  }

  @Test
  void aRetiredTableIsLookedUpAgainInTheNext() throws Exception {
    CertificateTable before = table;
    EmbeddedChannel client = client("TLSv1.3", "a.test");
    Deque<CertificateTable> answers = new ArrayDeque<>();
    EmbeddedChannel server =
        channel(
            new SniChoice(
                () -> answers.isEmpty() ? table : answers.remove(),
                handshakes,
                TIMEOUT,
                TlsVersions.TLS12_AND_13,
                this::on));
    table = new TestTables().with("ns/a", TestTables.rsa("a.test"), "a.test").after(before);
    before.retire();
    answers.addAll(List.of(before, before, before));
    pump(client, server);
    assertThat(secured).containsExactly("a.test/http/1.1");
    assertThat(answers).isEmpty();
  }

  @Test
  void aNameWithATrailingDotIsTheSameName() throws Exception {
    byte[] hello = bytesOf(client("TLSv1.3", "a.testx"));
    int at = new String(hello, StandardCharsets.ISO_8859_1).indexOf("a.testx");
    hello[at + 6] = '.';
    EmbeddedChannel server = server();
    server.writeInbound(Unpooled.wrappedBuffer(hello));
    assertThat(server.attr(SniChoice.SERVER_NAME).get()).isEqualTo("a.test");
    assertThat(server.pipeline().get(SslHandler.class)).isNotNull();
  }

  /** RFC 8446 §5.1 forbids it, and it would hide the name that follows. */
  @Test
  void anEmptyRecordInFrontIsRefused() throws Exception {
    makeDefaultCertificate();
    EmbeddedChannel client = client("TLSv1.3", "a.test");
    EmbeddedChannel server = server();
    server.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1, 0, 0}));
    pump(client, server);
    assertThat(server.isOpen()).isFalse();
    assertTotals(0, 1, 0);
  }

  private EmbeddedChannel server() {
    return channel(
        new SniChoice(() -> table, handshakes, TIMEOUT, TlsVersions.TLS12_AND_13, this::on));
  }

  private void on(Channel channel, String protocol) {
    secured.add(channel.attr(SniChoice.SERVER_NAME).get() + "/" + protocol);
  }

  private EmbeddedChannel client(String protocol, String name) throws Exception {
    return client(protocol, name, "http/1.1");
  }

  /** BoringSSL as well, because the JDK speaks no TLS 1.1. */
  private EmbeddedChannel client(String protocol, String name, String alpn) throws Exception {
    SslContext context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm("")
            .protocols(protocol)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    alpn))
            .build();
    try {
      SslHandler handler =
          name.isEmpty()
              ? context.newHandler(Unpooled.buffer().alloc())
              : context.newHandler(Unpooled.buffer().alloc(), name, 443);
      return channel(handler);
    } finally {
      ReferenceCountUtil.release(context);
    }
  }

  private EmbeddedChannel channel(ChannelHandler handler) {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    channel.pipeline().addLast(handler);
    channels.add(channel);
    return channel;
  }

  /** Carries bytes to and fro until both are silent. */
  private static void pump(EmbeddedChannel client, EmbeddedChannel server) {
    boolean moved = true;
    while (moved) {
      server.runPendingTasks();
      client.runPendingTasks();
      boolean toServer = move(client, server);
      moved = move(server, client) || toServer;
    }
  }

  private static boolean move(EmbeddedChannel from, EmbeddedChannel to) {
    boolean moved = false;
    for (ByteBuf part = from.readOutbound(); part != null; part = from.readOutbound()) {
      if (to.isOpen()) to.writeInbound(part);
      else part.release();
      moved = true;
    }
    return moved;
  }

  private static byte[] bytesOf(EmbeddedChannel channel) {
    channel.runPendingTasks();
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.writeBytes(part);
      part.release();
    }
    byte[] bytes = ByteBufUtil.getBytes(all);
    all.release();
    return bytes;
  }

  private static String text(EmbeddedChannel channel) {
    ByteBuf part = channel.readInbound();
    assertThat(part).isNotNull();
    String text = part.toString(US_ASCII);
    part.release();
    return text;
  }

  private void assertTotals(long completed, long failed, long refused) {
    assertThat(handshakes.totals()).isEqualTo(new Handshakes.Totals(completed, failed, refused));
  }
}

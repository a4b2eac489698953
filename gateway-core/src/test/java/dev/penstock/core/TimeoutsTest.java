package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.penstock.core.host.TransportChoice;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Blackhole;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.OriginConnection;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.Recording;
import dev.penstock.testkit.StrictReparse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody holds a connection by doing nothing, or nearly nothing. */
@ExtendWith(LeakExtension.class)
class TimeoutsTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private static Origin good() {
    return Origin.answering(Answers.ok("good"));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aHeadThatStandsStillIs408(Transport transport) throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().headDeadline(SHORT)));
        RawClient client = gateway.connect(transport)) {
      client.send("GET / HTTP/1.1\r\nHost: a.test\r\n");
      assertThat(client.readFinal("GET").status()).isEqualTo(408);
      client.awaitClose();
      assertThat(origin.connections()).isEmpty();
      gateway.awaitLog("\"RT\"", "408");
    }
  }

  @Test
  void aHeadThatDripsIsHeldToTheSameDeadline() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().headDeadline(SHORT)));
        RawClient client = gateway.plain()) {
      client.send("GET / HTTP/1.1\r\nX: ");
      long start = System.nanoTime();
      while (client.isQuietFor(Duration.ofMillis(20))) client.send("x");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void theDeadlineOfAHeadIsOverWhenItIsComplete() throws IOException {
    try (Origin origin =
            Origin.replying((request, c) -> {
              c.pause(SHORT.multipliedBy(2));
              c.send(Answers.ok("late"));
            });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().headDeadline(SHORT)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("late");
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("late");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aConnectionWithoutARequestIsClosedWithoutAWord(Transport transport) throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .settings(new TestSettings().headDeadline(SHORT).keepAliveIdle(SHORT)));
        RawClient fresh = gateway.connect(transport);
        RawClient used = gateway.connect(transport)) {
      assertThat(used.exchange(Requests.get("/")).text()).isEqualTo("good");
      assertThat(fresh.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
      assertThat(used.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
    }
  }

  @Test
  void anUploadBelowTheLeastRateIsCutAndNeverComplete() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().bodyRate(SHORT, 1_000)));
        RawClient client = gateway.plain()) {
      client.send(Requests.head("POST", "/") + "Content-Length: 1000\r\n\r\n");
      while (client.isQuietFor(Duration.ofMillis(50))) client.send("x");
      Recording seen = origin.awaitConnection(0).recording();
      Await.until("the end at the backend", () -> seen.end() != Recording.End.OPEN);
      assertThat(StrictReparse.parse(seen.bytes()).ending())
          .isEqualTo(StrictReparse.Ending.ABORTED);
      gateway.awaitLog("\"RT\"", "408");
    }
  }

  @Test
  void anUploadAboveTheLeastRateMayTakeItsTime() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().bodyRate(SHORT, 100)));
        RawClient client = gateway.plain()) {
      client.send(Requests.head("POST", "/") + "Content-Length: 1000\r\n\r\n");
      for (int i = 0; i < 20; i++) {
        client.send("x".repeat(50));
        Await.quietTime(Duration.ofMillis(50));
      }
      assertThat(client.readFinal("POST").text()).isEqualTo("good");
    }
  }

  @Test
  void aBackendThatTakesTheUploadSlowlyIsNotTheClientsFault() throws IOException {
    try (Origin origin =
            Origin.start(
                0,
                0,
                4096,
                c -> {
                  var head = c.readHead();
                  c.pause(SHORT.multipliedBy(4));
                  c.readBody(head);
                  c.send(Answers.ok("good"));
                });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().bodyRate(SHORT, 1 << 20)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.post("/", "x".repeat(4 << 20))).text()).isEqualTo("good");
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aClientThatDoesNotTakeItsAnswerIsCutOff(Transport transport) throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              while (true) c.send(new byte[1 << 16]);
            });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().writeStall(SHORT)));
        RawClient client = gateway.connect(transport)) {
      client.send(Requests.get("/"));
      client.readHead();
      gateway.awaitLog("\"RT\"");
      Await.until("no request goes on", () -> gateway.gateway().activeRequests() == 0);
      Await.until("no connection is open", () -> gateway.gateway().openConnections() == 0);
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      assertThat(client.readToEnd(rest)).isEqualTo(RawClient.Close.CUT);
      assertThat(rest.size()).isLessThan(1_000_000_000);
    }
  }

  /** Each of them would fit into what a connection may hold. */
  @ParameterizedTest
  @EnumSource(Transport.class)
  void aClientThatAsksOnAndTakesNoAnswerIsNotAskedForAndCutOff(Transport transport)
      throws IOException {
    int asked = 4_000;
    String answer = Answers.ok("x".repeat(4 << 10));
    try (Origin origin = Origin.answering(answer);
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().writeStall(SHORT)));
        RawClient client = gateway.connect(transport)) {
      client.send(Requests.get("/").repeat(asked));
      Await.until("a connection was open", () -> !origin.requests().isEmpty());
      Await.until("no connection is open", () -> gateway.gateway().openConnections() == 0);
      assertThat(origin.requests().size()).isLessThan(asked / 2);
    }
  }

  @Test
  void aClientThatTakesItsAnswerSlowlyIsNot() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
              while (true) c.send(new byte[1 << 16]);
            });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .settings(new TestSettings().writeStall(Duration.ofSeconds(2))));
        RawClient client = RawClient.plain(gateway.httpPort(), 8192)) {
      client.send(Requests.get("/"));
      client.readHead();
      // fast enough that the kernel says in time that its buffer went down: it does so by thirds
      assertThat(client.drainAtRate(2_000_000, Duration.ofSeconds(6))).isGreaterThan(6_000_000);
    }
  }

  @Test
  void aClientThatTakesLessThanTheKernelTellsIsNotEither() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("x".repeat(1 << 20)));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .settings(new TestSettings().writeStall(Duration.ofSeconds(2))));
        RawClient client = RawClient.plain(gateway.httpPort(), 4096)) {
      assumeThat(gateway.gateway().host().transport()).isNotEqualTo(TransportChoice.NIO);
      client.send(Requests.get("/"));
      client.readHead();
      client.drainAtRate(4_000, Duration.ofSeconds(6));
      assertThat(gateway.gateway().openConnections()).isOne();
    }
  }

  @Test
  void aBackendThatDoesNotConnectInTimeIs504() throws IOException {
    try (Blackhole blackhole = Blackhole.open();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.toPorts(blackhole.port())
                    .policy(new TestPolicy().connectTimeout(SHORT)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(504);
      gateway.awaitLog("504");
    }
  }

  @Test
  void aBackendThatDoesNotConnectInTimeIsPassedOver() throws IOException {
    try (Blackhole blackhole = Blackhole.open();
        Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.toPorts(blackhole.port(), origin.port())
                    .policy(new TestPolicy().connectTimeout(SHORT)));
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.exchange(Requests.post("/", "x")).text()).isEqualTo("good");
      }
    }
  }

  @Test
  void aBackendThatDoesNotTakeTheUploadIs504() throws IOException {
    try (Origin origin =
            Origin.start(
                0,
                1 << 20,
                4096,
                c -> {
                  c.readHead();
                  c.hold();
                });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().sendTimeout(SHORT)));
        RawClient client = gateway.plain()) {
      client.send(Requests.head("POST", "/") + "Content-Length: 100000000\r\n\r\n");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.send(new byte[32 << 20]);
                } catch (IOException refused) {
                  // the gateway ends the upload
                }
              });
      assertThat(client.readFinal("POST").status()).isEqualTo(504);
      gateway.awaitLog("\"UT\"", "504");
      client.reset();
      assertThat(sender.isDaemon()).isTrue();
    }
  }

  @Test
  void anAnswerThatStandsStillIsCut() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart");
              c.drain();
            });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().readTimeout(SHORT)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).isComplete()).isFalse();
      gateway.awaitLog("\"UT\"");
      Recording seen = origin.awaitConnection(0).recording();
      Await.until("the backend is let go", () -> seen.end() != Recording.End.OPEN);
    }
  }

  @Test
  void theReadTimeoutDoesNotRunWhileTheClientHoldsUpItsAnswer() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: 33554432\r\n\r\n");
              c.send(new byte[32 << 20]);
              c.drain();
            });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().readTimeout(SHORT)));
        RawClient client = RawClient.plain(gateway.httpPort(), 8192)) {
      client.send(Requests.get("/"));
      client.readHead();
      Await.quietTime(SHORT.multipliedBy(4));
      assertThat(client.readBytes(32 << 20)).hasSize(32 << 20);
    }
  }

  @Test
  void aTunnelWithoutAByteIsClosedBothWays() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.acceptWebSocket(c.readHead());
              c.echo();
            });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().tunnelIdle(SHORT)));
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/"));
      assertThat(client.readFinal("GET").status()).isEqualTo(101);
      for (int i = 0; i < 10; i++) {
        client.send("x");
        assertThat(client.readBytes(1)).containsExactly('x');
        Await.quietTime(SHORT.dividedBy(4));
      }
      client.awaitClose();
      OriginConnection connection = origin.awaitConnection(0);
      Await.until("its end", () -> connection.recording().end() != Recording.End.OPEN);
    }
  }

  @Test
  void aTlsHandshakeThatStandsStillIsCutOff() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().tlsHandshake(SHORT)));
        RawClient silent = RawClient.plain(gateway.httpsPort());
        RawClient begun = RawClient.plain(gateway.httpsPort())) {
      begun.send(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00});
      ByteArrayOutputStream alert = new ByteArrayOutputStream();
      begun.readToEnd(alert);
      silent.readToEnd(alert);
      assertThat(gateway.gateway().openConnections()).isZero();
    }
  }
}

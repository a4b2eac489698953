package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.penstock.core.host.TransportChoice;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.OriginConnection;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.Recording;
import dev.penstock.testkit.SeenRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tunnel of a WebSocket: opened by a matching 101 only, raw and with back-pressure then. */
@ExtendWith(LeakExtension.class)
class WebSocketTest {
  /** What the kernel's four socket buffers and the gateway's own may hold of a stopped stream. */
  private static final long IN_FLIGHT_BYTES_MAX = 48L << 20;

  private static Origin echoing() {
    return Origin.playing(c -> {
      c.acceptWebSocket(c.readHead());
      c.echo();
    });
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void bytesPassBothWays(Transport transport) throws IOException {
    try (Origin origin = echoing();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.connect(transport)) {
      client.send(Requests.webSocket("/chat"));
      RawResponse response = client.readFinal("GET");
      assertThat(response.status()).isEqualTo(101);
      assertThat(response.value("upgrade")).isEqualTo("websocket");
      assertThat(response.value("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      byte[] block = new byte[100_000];
      for (int i = 0; i < 20; i++) {
        Arrays.fill(block, (byte) i);
        client.send(block);
        assertThat(client.readBytes(block.length)).isEqualTo(block);
      }
    }
  }

  @Test
  void theHandshakeIsRewrittenAndItsFieldsArePassedOn() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              SeenRequest request = c.readRequest();
              c.acceptWebSocket(request);
              c.echo();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(
          Requests.webSocket("/chat")
              .replace("Connection: Upgrade", "Connection: keep-alive, Upgrade")
              .replace("Upgrade: websocket", "Upgrade: WebSocket"));
      assertThat(client.readFinal("GET").status()).isEqualTo(101);
      SeenRequest seen = origin.awaitRequests(1);
      assertThat(seen.value("upgrade")).isEqualToIgnoringCase("websocket");
      assertThat(seen.value("connection")).isEqualToIgnoringCase("upgrade");
      assertThat(seen.value("sec-websocket-version")).isEqualTo("13");
      assertThat(seen.value("sec-websocket-key")).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
    }
  }

  @Test
  void bytesBehindTheBackends101AreTheTunnels() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              SeenRequest request = c.readHead();
              c.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                      + "Upgrade: websocket\r\nSec-WebSocket-Accept: "
                      + OriginConnection.acceptKey(request.value("sec-websocket-key"))
                      + "\r\n\r\nhello");
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/"));
      assertThat(client.readFinal("GET").status()).isEqualTo(101);
      assertThat(client.readBytes(5)).asString().isEqualTo("hello");
    }
  }

  /** So little that its backend goes on being read, and more than the kernel takes. */
  @Test
  void aClientThatTakesNothingOfALittleIsCutOff() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.acceptWebSocket(c.readRequest());
              c.send(new byte[100 << 10]);
              c.drain();
            });
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .settings(new TestSettings().writeStall(Duration.ofSeconds(1))));
        RawClient client = RawClient.plain(gateway.httpPort(), 8192)) {
      assumeThat(gateway.gateway().host().transport()).isNotEqualTo(TransportChoice.NIO);
      client.send(Requests.webSocket("/"));
      client.readHead();
      Await.until("it is gone", () -> gateway.gateway().openConnections() == 0);
      gateway.awaitLog("\"RT\"");
    }
  }

  @Test
  void bytesBeforeThe101WaitForIt() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              SeenRequest request = c.readHead();
              c.pause(Duration.ofMillis(200));
              assertThat(c.recording().text()).endsWith("\r\n\r\n");
              c.acceptWebSocket(request);
              c.echo();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/") + "early");
      assertThat(client.readFinal("GET").status()).isEqualTo(101);
      assertThat(client.readBytes(5)).asString().isEqualTo("early");
    }
  }

  @Test
  void aRefusedUpgradeLeavesTheNextRequestARequestOfItsOwn() throws IOException {
    try (Origin origin =
            Origin.replying((request, c) ->
                c.send(
                    request.has("upgrade")
                        ? Answers.withStatus(426, "Upgrade Required", "no")
                        : Answers.ok(request.target())));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(
          Requests.webSocket("/ws").replace("Version: 13", "Version: 777")
              + Requests.get("/second", "X-Forwarded-For: 6.6.6.6"));
      assertThat(client.readFinal("GET").status()).isEqualTo(426);
      assertThat(client.readFinal("GET").text()).isEqualTo("/second");
      assertThat(origin.requests().get(1).value("x-forwarded-for")).isEqualTo("127.0.0.1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: foo",
        "Upgrade: h2c",
        "Upgrade: websocket, foo",
        "Upgrade: foo, websocket",
      })
  void anotherProtocolIsNotAskedFor(String upgrade) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("plain"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/", "Connection: Upgrade", upgrade));
      assertThat(response.status()).isIn(200, 400);
      if (response.status() == 400) return;
      assertThat(origin.awaitRequests(1).has("upgrade")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
      })
  void aSwitchThatDoesNotMatchIs502(String answer) throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readHead();
              c.send(answer);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/"));
      assertThat(client.readFinal("GET").status()).isEqualTo(502);
    }
  }

  @Test
  void anOldClientGetsNoTunnel() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("plain"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/").replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(client.readFinal("GET").text()).isEqualTo("plain");
      assertThat(origin.awaitRequests(1).has("upgrade")).isFalse();
    }
  }

  @Test
  void theEndOfOneSideIsTheEndOfTheOther() throws IOException {
    try (Origin origin = echoing();
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = gateway.plain()) {
        client.send(Requests.webSocket("/"));
        assertThat(client.readFinal("GET").status()).isEqualTo(101);
      }
      Recording recording = origin.awaitConnection(0).recording();
      Await.until("the backend's end", () -> recording.end() != Recording.End.OPEN);
    }
    try (Origin origin =
            Origin.playing(c -> {
              c.acceptWebSocket(c.readHead());
              c.send("bye");
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/"));
      assertThat(client.readFinal("GET").status()).isEqualTo(101);
      assertThat(client.readBytes(3)).asString().isEqualTo("bye");
      client.awaitClose();
    }
  }

  @Test
  void aBackendThatDoesNotReadStopsItsClient() throws IOException {
    try (Origin origin =
            Origin.start(
                0,
                0,
                4096,
                c -> {
                  c.acceptWebSocket(c.readHead());
                  c.hold();
                });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.webSocket("/"));
      assertThat(client.readFinal("GET").status()).isEqualTo(101);
      AtomicLong sent = new AtomicLong();
      Thread sender = Thread.ofVirtual().start(() -> pour(client, sent));
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(IN_FLIGHT_BYTES_MAX);
      client.reset();
      Await.until("the sender ends", () -> !sender.isAlive());
    }
  }

  private static void pour(RawClient client, AtomicLong sent) {
    byte[] block = new byte[1 << 16];
    try {
      while (true) {
        client.send(block);
        sent.addAndGet(block.length);
      }
    } catch (IOException stopped) {
      // by the test's end
    }
  }

  @Test
  void aClientThatDoesNotReadStopsItsBackend() throws IOException {
    AtomicLong sent = new AtomicLong();
    try (Origin origin =
            Origin.playing(c -> {
              c.acceptWebSocket(c.readHead());
              byte[] block = new byte[1 << 16];
              while (true) {
                c.send(block);
                sent.addAndGet(block.length);
              }
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = RawClient.plain(gateway.httpPort(), 4096)) {
      client.send(Requests.webSocket("/"));
      assertThat(client.readHead().status()).isEqualTo(101);
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(IN_FLIGHT_BYTES_MAX);
      long before = sent.get();
      client.readBytes(16 << 20);
      Await.until("it goes on", () -> sent.get() > before);
    }
  }

  private static void awaitStandstill(AtomicLong count) {
    long[] last = {-1};
    Await.until(
        () -> "still going on at " + count,
        Await.PATIENCE,
        () -> {
          if (count.get() > 0 && count.get() == last[0]) return true;
          last[0] = count.get();
          Await.quietTime(Duration.ofMillis(300));
          return false;
        });
  }
}

package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.model.Settings.FrontProxies.Belief;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.TlsClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A load balancer in front that passes on bytes and says before them whose they are. */
@ExtendWith(LeakExtension.class)
class ProxyProtocolTest {
  private static final String LINE = "PROXY TCP4 192.0.2.7 10.0.0.1 4711 8443\r\n";

  private static TestSettings expecting(Belief belief, String network) {
    return new TestSettings().frontProxies(belief, true, network);
  }

  private static GatewayFixture gateway(Origin origin, Belief belief, String network)
      throws IOException {
    return GatewayFixture.serving(TestWorld.to(origin).settings(expecting(belief, network)));
  }

  private static RawClient connect(GatewayFixture gateway, Transport transport, String header)
      throws IOException {
    int port = transport == Transport.TLS ? gateway.httpsPort() : gateway.httpPort();
    RawClient client = RawClient.plain(port).send(header);
    return transport == Transport.TLS ? client.secured(TlsClient.to("a.test")) : client;
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theClientThatTheHeaderNamesReachesBackendAndLog(Transport transport) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = gateway(origin, Belief.NOTHING, "127.0.0.1");
        RawClient client = connect(gateway, transport, LINE)) {
      for (int i = 1; i <= 2; i++) {
        client.exchange(Requests.get("/" + i, "X-Forwarded-For: 6.6.6.6"));
        SeenRequest seen = origin.awaitRequests(i);
        assertThat(seen.value("x-forwarded-for")).isEqualTo("192.0.2.7");
        assertThat(seen.value("x-forwarded-port")).isEqualTo("8443");
        assertThat(seen.value("x-forwarded-proto"))
            .isEqualTo(transport == Transport.TLS ? "https" : "http");
        gateway.awaitLog("/" + i, "\"192.0.2.7\"");
      }
    }
  }

  @Test
  void headerAndRequestMayComeInOnePieceOrByteByByte() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = gateway(origin, Belief.NOTHING, "127.0.0.1")) {
      byte[] all = (LINE + Requests.get("/")).getBytes(StandardCharsets.US_ASCII);
      try (RawClient whole = gateway.plain().send(all);
          RawClient pieces = gateway.plain().sendByteByByte(all)) {
        assertThat(whole.readFinal("GET").text()).isEqualTo("ok");
        assertThat(pieces.readFinal("GET").text()).isEqualTo("ok");
      }
      assertThat(origin.requests())
          .allMatch(seen -> seen.value("x-real-ip").equals("192.0.2.7"))
          .hasSize(2);
    }
  }

  @Test
  void ofAnUntrustedPeerTheHeaderIsReadAndNotBelieved() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = gateway(origin, Belief.ALL, "10.0.0.0/8");
        RawClient client = connect(gateway, Transport.PLAIN, LINE)) {
      client.exchange(Requests.get("/", "X-Forwarded-For: 6.6.6.6"));
      assertThat(origin.awaitRequests(1).value("x-forwarded-for")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void aLoadBalancersOwnChecksAreServedAsItsOwn() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = gateway(origin, Belief.NOTHING, "127.0.0.1");
        RawClient client = connect(gateway, Transport.PLAIN, "PROXY UNKNOWN\r\n")) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(200);
      assertThat(origin.awaitRequests(1).value("x-real-ip")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void behindItHeadersOfAnHttpProxyAreBelievedOfATrustedOneOnly() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = gateway(origin, Belief.ALL, "127.0.0.1")) {
      gateway.publish(TestWorld.to(origin).settings(expecting(Belief.ALL, "0.0.0.0/0")));
      try (RawClient client = connect(gateway, Transport.PLAIN, LINE)) {
        client.exchange(Requests.get("/", "X-Forwarded-For: 198.51.100.9"));
        assertThat(origin.awaitRequests(1).value("x-real-ip")).isEqualTo("198.51.100.9");
      }
      gateway.publish(TestWorld.to(origin).settings(expecting(Belief.ALL, "127.0.0.1")));
      try (RawClient client = connect(gateway, Transport.PLAIN, LINE)) {
        client.exchange(Requests.get("/", "X-Forwarded-For: 198.51.100.9"));
        assertThat(origin.awaitRequests(2).value("x-real-ip")).isEqualTo("192.0.2.7");
      }
    }
  }

  @Test
  void whatWentToPort443OfALoadBalancerThatTakesTlsIsHttps() throws IOException {
    TestPolicy policy = new TestPolicy().httpsRedirect(HttpsRedirect.KEEP_TRAILING_SLASH);
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .policy(policy)
                    .settings(expecting(Belief.NOTHING, "127.0.0.1")))) {
      try (RawClient https = connect(gateway, Transport.PLAIN, LINE.replace("8443", "443"))) {
        assertThat(https.exchange(Requests.get("/")).text()).isEqualTo("served");
      }
      try (RawClient http = connect(gateway, Transport.PLAIN, LINE.replace("8443", "80"))) {
        assertThat(http.exchange(Requests.get("/")).status()).isEqualTo(308);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "PROXY TCP4 x\r\n", "\0"})
  void withoutAGoodHeaderTheConnectionIsClosedAndCounted(String begin) throws IOException {
    TestSettings patient =
        expecting(Belief.NOTHING, "127.0.0.1").proxyHeader(Duration.ofMinutes(1));
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin).settings(patient))) {
      for (int port : new int[] {gateway.httpPort(), gateway.httpsPort()}) {
        try (RawClient client = RawClient.plain(port).send(begin)) {
          client.awaitClose();
        }
      }
      awaitClosed(gateway, "proxy_header", 2);
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void aHeaderThatDoesNotComeInTimeIsNotWaitedFor() throws IOException {
    TestSettings settings =
        expecting(Belief.NOTHING, "127.0.0.1").proxyHeader(Duration.ofMillis(200));
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty().settings(settings));
        RawClient client = gateway.plain().send("PROXY TCP4 192.0.2.7")) {
      client.awaitClose();
      awaitClosed(gateway, "proxy_header", 1);
      gateway.plain().send("PROXY").close();
      awaitClosed(gateway, "client", 1);
    }
  }

  private static void awaitClosed(GatewayFixture gateway, String reason, long count) {
    Await.until(
        "it is counted",
        () ->
            gateway.gateway().figures().listeners().stream()
                    .mapToLong(listener -> listener.closed().get(reason))
                    .sum()
                == count);
  }

  @Test
  void aChangeIsInForceForNewConnectionsAndOldOnesStay() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient old = gateway.plain()) {
      assertThat(old.exchange(Requests.get("/")).status()).isEqualTo(200);
      gateway.publish(TestWorld.to(origin).settings(expecting(Belief.NOTHING, "127.0.0.1")));
      assertThat(old.exchange(Requests.get("/")).status()).isEqualTo(200);
      try (RawClient client = connect(gateway, Transport.PLAIN, LINE)) {
        client.exchange(Requests.get("/"));
        assertThat(origin.awaitRequests(3).value("x-real-ip")).isEqualTo("192.0.2.7");
        gateway.publish(TestWorld.to(origin));
        client.exchange(Requests.get("/"));
        assertThat(origin.awaitRequests(4).value("x-real-ip")).isEqualTo("192.0.2.7");
      }
      try (RawClient client = gateway.plain()) {
        assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(200);
      }
    }
  }
}

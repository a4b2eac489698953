package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.model.Settings.FrontProxies.Belief;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.SeenRequest;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A load balancer in front, on real sockets: who the client is, and what it asked for. */
@ExtendWith(LeakExtension.class)
class FrontProxiesTest {
  private static final String[] FORWARDED = {
    "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.test"
  };

  private static TestSettings believing(Belief belief, String network) {
    return new TestSettings().frontProxies(belief, false, network);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theClientOfATrustedProxyReachesBackendAndLog(Transport transport) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(believing(Belief.ALL, "127.0.0.0/8")));
        RawClient client = gateway.connect(transport)) {
      client.exchange(Requests.get("/1", FORWARDED));
      SeenRequest seen = origin.awaitRequests(1);
      assertThat(seen.value("x-forwarded-for")).isEqualTo("192.0.2.7");
      assertThat(seen.value("x-forwarded-proto")).isEqualTo("https");
      assertThat(seen.value("host")).isEqualTo("shop.test");
      gateway.awaitLog("/1", "\"192.0.2.7\"");
      client.exchange(Requests.get("/2"));
      assertThat(origin.awaitRequests(2).value("x-forwarded-for")).isEqualTo("127.0.0.1");
      gateway.awaitLog("/2", "\"127.0.0.1\"");
      client.send("GET /3 HTTP/1.1\r\nHost: a\r\nHost: b\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n");
      assertThat(client.readFinal("GET").status()).isEqualTo(400);
      gateway.awaitLog("/3", "\"127.0.0.1\"");
    }
  }

  @Test
  void aWebSocketsHandshakeNamesItsClientToo() throws IOException {
    try (Origin origin = Origin.playing(c -> c.acceptWebSocket(c.readRequest()));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(believing(Belief.ALL, "127.0.0.1")));
        RawClient client = gateway.plain()) {
      client.send(
          Requests.webSocket("/chat").replaceFirst("\r\n\r\n", "\r\n" + FORWARDED[0] + "\r\n\r\n"));
      assertThat(client.readFinal("GET").status()).isEqualTo(101);
      assertThat(origin.awaitRequests(1).value("x-real-ip")).isEqualTo("192.0.2.7");
    }
  }

  @Test
  void httpsOfATrustedProxyIsNotRedirectedAgain() throws IOException {
    TestPolicy policy = new TestPolicy().httpsRedirect(HttpsRedirect.KEEP_TRAILING_SLASH);
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(policy).settings(believing(Belief.ALL, "127.0.0.1")));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/x", FORWARDED)).text()).isEqualTo("served");
      RawResponse http =
          client.exchange(Requests.get("/x", FORWARDED[2] + ":8000", "X-Forwarded-Proto: http"));
      assertThat(http.status()).isEqualTo(308);
      assertThat(http.value("location")).isEqualTo("https://shop.test/x");
      gateway.publish(
          TestWorld.to(origin).policy(policy).settings(believing(Belief.ALL, "10.0.0.0/8")));
      RawResponse untrusted = client.exchange(Requests.get("/x", FORWARDED));
      assertThat(untrusted.status()).isEqualTo(308);
      assertThat(untrusted.value("location")).isEqualTo("https://a.test/x");
    }
  }

  @Test
  void aChangeIsInForceForTheNextRequestOfAnOpenConnection() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      int requests = 0;
      for (Belief belief :
          new Belief[] {Belief.NOTHING, Belief.ADDRESS, Belief.ALL, Belief.NOTHING}) {
        gateway.publish(TestWorld.to(origin).settings(believing(belief, "127.0.0.1")));
        client.exchange(Requests.get("/", FORWARDED));
        SeenRequest seen = origin.awaitRequests(++requests);
        assertThat(seen.value("x-real-ip"))
            .isEqualTo(belief == Belief.NOTHING ? "127.0.0.1" : "192.0.2.7");
        assertThat(seen.value("host")).isEqualTo(belief == Belief.ALL ? "shop.test" : "a.test");
      }
    }
  }
}

package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.OriginConnection;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.Recording;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a client's connection goes on, and that answers come in the order of their requests. */
@ExtendWith(LeakExtension.class)
class KeepAliveTest {
  private static Origin naming() {
    return Origin.replying((request, c) -> c.send(Answers.ok(request.target())));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void manyPipelinedRequestsAreAnsweredInTheirOrder(Transport transport) throws IOException {
    try (Origin origin = naming();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.connect(transport)) {
      StringBuilder sent = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        sent.append(i % 3 == 0 ? Requests.post("/" + i, "body") : Requests.get("/" + i));
      }
      client.send(sent.toString());
      for (int i = 0; i < 500; i++) assertThat(client.readFinal("GET").text()).isEqualTo("/" + i);
      assertThat(client.isQuietFor(Duration.ofMillis(50))).isTrue();
    }
  }

  @Test
  void aRequestThatSaysCloseIsTheLast() throws IOException {
    try (Origin origin = naming();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/1", "Connection: close") + Requests.get("/2"));
      RawResponse response = client.readFinal("GET");
      assertThat(response.text()).isEqualTo("/1");
      assertThat(response.values("connection")).containsExactly("close");
      client.awaitClose();
      assertThat(origin.requests()).hasSize(1);
      assertThat(origin.requests().getFirst().values("connection")).doesNotContain("close");
    }
  }

  @Test
  void anOldClientsConnectionEndsWithItsAnswer() throws IOException {
    try (Origin origin = naming();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/1").replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(client.readFinal("GET").text()).isEqualTo("/1");
      assertThat(client.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
    }
  }

  @Test
  void anOldClientMayAskForMore() throws IOException {
    try (Origin origin = naming();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      String request = Requests.get("/1", "Connection: keep-alive").replace("HTTP/1.1", "HTTP/1.0");
      RawResponse response = client.exchange(request);
      assertThat(response.text()).isEqualTo("/1");
      if (response.values("connection").contains("keep-alive")) {
        assertThat(client.exchange(request).text()).isEqualTo("/1");
      } else {
        assertThat(client.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
      }
    }
  }

  /** As nginx: who ends its side is taken for gone, so that nobody works for it in vain. */
  @Test
  void aClientThatHalfClosesBeforeItsAnswerHasGoneAway() throws IOException {
    try (Origin origin = Origin.playing(OriginConnection::drain);
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/"));
      Recording seen = origin.awaitConnection(0).recording();
      client.halfClose();
      client.awaitClose();
      Await.until("it is cancelled", () -> seen.end() != Recording.End.OPEN);
      gateway.awaitLog("\"DC\"", "499");
    }
  }

  @Test
  void hopByHopFieldsOfTheBackendStayBehind() throws IOException {
    String answer =
        Answers.withStatus(
            200,
            "OK",
            "x",
            "Connection: close, X-Hop",
            "X-Hop: 1",
            "Keep-Alive: timeout=5",
            "Proxy-Connection: keep-alive",
            "X-Kept: 2");
    try (Origin origin = Origin.answering(answer);
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/"));
      assertThat(response.has("x-hop")).isFalse();
      assertThat(response.has("keep-alive")).isFalse();
      assertThat(response.has("proxy-connection")).isFalse();
      assertThat(response.value("x-kept")).isEqualTo("2");
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("x");
    }
  }

  @Test
  void anEmptyLineBeforeTheRequestLineDoesNoHarm() throws IOException {
    try (Origin origin = naming();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/1")).text()).isEqualTo("/1");
      client.send("\r\n" + Requests.get("/2"));
      assertThat(client.readFinal("GET").status()).isIn(200, 400);
    }
  }
}

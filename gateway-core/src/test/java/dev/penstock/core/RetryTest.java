package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request is asked again only where that cannot do harm: nothing was sent, or its method is
 * idempotent, no byte of its body was read and no byte of an answer came.
 */
@ExtendWith(LeakExtension.class)
class RetryTest {
  private static Origin good() {
    return Origin.answering(Answers.ok("good"));
  }

  /** Reads a request's head, then tears the connection down. */
  private static Origin resetting() {
    return Origin.playing(c -> {
      c.readHead();
      c.reset();
    });
  }

  @Test
  void whereNothingWasSentEveryMethodGoesToAnotherEndpoint() throws IOException {
    try (Origin origin = good();
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.toPorts(Ports.closed(), origin.port()));
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.exchange(Requests.post("/", "once")).text()).isEqualTo("good");
        assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("good");
      }
      assertThat(origin.requests()).hasSize(8);
      assertThat(origin.requests().getFirst().text()).isEqualTo("once");
    }
  }

  @Test
  void withoutAnotherEndpointARefusedConnectionIs502() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(Ports.closed()));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
      gateway.awaitLog("\"UF\"", "502");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
  void anIdempotentRequestThatWasCutOffGoesToAnotherEndpoint(String method) throws IOException {
    try (Origin bad = resetting();
        Origin origin = good();
        GatewayFixture gateway = GatewayFixture.to(bad, origin)) {
      for (int i = 0; i < 4; i++) {
        try (RawClient client = gateway.plain()) {
          client.send(Requests.head(method, "/") + "\r\n");
          assertThat(client.readFinal(method).status()).isEqualTo(200);
        }
      }
      assertThat(bad.connections()).as("the bad one was asked too").isNotEmpty();
      assertThat(origin.requests()).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH"})
  void anotherRequestThatWasCutOffIsNotAskedAgain(String method) throws IOException {
    try (Origin bad = resetting();
        Origin alsoBad = resetting();
        GatewayFixture gateway = GatewayFixture.to(bad, alsoBad);
        RawClient client = gateway.plain()) {
      client.send(Requests.head(method, "/") + "\r\n");
      assertThat(client.readFinal(method).status()).isEqualTo(502);
      assertThat(bad.connections().size() + alsoBad.connections().size()).isEqualTo(1);
    }
  }

  @Test
  void aRequestWhoseBodyWasReadIsNotAskedAgain() throws IOException {
    Origin.Script afterBody =
        c -> {
          c.readRequest();
          c.reset();
        };
    try (Origin bad = Origin.playing(afterBody);
        Origin alsoBad = Origin.playing(afterBody);
        GatewayFixture gateway = GatewayFixture.to(bad, alsoBad);
        RawClient client = gateway.plain()) {
      client.send(Requests.head("PUT", "/") + "Content-Length: 4\r\n\r\nbody");
      assertThat(client.readFinal("PUT").status()).isEqualTo(502);
      assertThat(bad.requests().size() + alsoBad.requests().size()).isEqualTo(1);
    }
  }

  @Test
  void aRequestWhoseAnswerStalledWithinItsHeadIsNotAskedAgain() throws IOException {
    Origin.Script halfAHead =
        c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nX-Half: ");
          c.hold();
        };
    try (Origin bad = Origin.playing(halfAHead);
        Origin alsoBad = Origin.playing(halfAHead);
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(bad, alsoBad)
                    .policy(new TestPolicy().readTimeout(Duration.ofMillis(300))));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(504);
      assertThat(bad.requests().size() + alsoBad.requests().size()).isEqualTo(1);
    }
  }

  @Test
  void aRequestThatWasAnsweredInPartIsNotAskedAgain() throws IOException {
    Origin.Script part =
        c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\npart");
        };
    try (Origin bad = Origin.playing(part);
        Origin alsoBad = Origin.playing(part);
        GatewayFixture gateway = GatewayFixture.to(bad, alsoBad);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).isComplete()).isFalse();
      assertThat(bad.requests().size() + alsoBad.requests().size()).isEqualTo(1);
    }
  }

  @Test
  void noMoreEndpointsAreAskedThanTheRouteHasTries() throws IOException {
    try (Origin a = resetting();
        Origin b = resetting();
        Origin c = resetting();
        Origin d = resetting();
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(a, b, c, d).policy(new TestPolicy().tries(3)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
      int asked = 0;
      for (Origin origin : new Origin[] {a, b, c, d}) asked += origin.connections().size();
      assertThat(asked).isEqualTo(3);
    }
  }

  /** Answers the first request of a connection and closes it at the second one's head. */
  private static Origin staleAfterOne() {
    return Origin.playing(c -> {
      c.readRequest();
      c.send(Answers.ok("good"));
      c.readHead();
    });
  }

  @Test
  void aGetOverAConnectionThatProvedStaleIsAskedAgainOverAFreshOne() throws IOException {
    try (Origin origin = staleAfterOne();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("good");
      }
      assertThat(origin.requests()).hasSize(4);
    }
  }

  @Test
  void aPostOverAConnectionThatProvedStaleIsNot() throws IOException {
    try (Origin origin = staleAfterOne();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("good");
      assertThat(client.exchange(Requests.post("/", "once")).status()).isEqualTo(502);
      assertThat(origin.connections()).hasSize(1);
    }
  }

  @Test
  void withoutAnEndpointTheAnswerIs503() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts());
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(503);
      gateway.awaitLog("\"UH\"", "503");
    }
  }
}

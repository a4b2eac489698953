package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that asks before it sends its body (RFC 9110 §10.1.1). */
@ExtendWith(LeakExtension.class)
class ExpectContinueTest {
  private static final String HEAD =
      Requests.head("POST", "/", "Expect: 100-continue") + "Content-Length: 4\r\n\r\n";

  @Test
  void theBodyIsAskedForAndArrives() throws IOException {
    try (Origin origin = Origin.replying((r, c) -> c.send(Answers.ok(r.text())));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 3; i++) {
        client.send(HEAD);
        assertThat(client.read("POST").status()).isEqualTo(100);
        client.send("body");
        RawResponse response = client.read("POST");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("body");
      }
    }
  }

  @Test
  void aBodyThatCameUnaskedIsTakenToo() throws IOException {
    try (Origin origin = Origin.replying((r, c) -> c.send(Answers.ok(r.text())));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(HEAD + "body" + Requests.get("/next"));
      assertThat(client.readFinal("POST").text()).isEqualTo("body");
      assertThat(client.readFinal("GET").status()).isEqualTo(200);
      assertThat(origin.requests()).hasSize(2);
    }
  }

  @Test
  void aBodyThatNobodyWillTakeIsNotAskedFor() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().requestBodyBytesMax(3)));
        RawClient client = gateway.plain()) {
      client.send(HEAD);
      assertThat(client.read("POST").status()).isEqualTo(413);
    }
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(Ports.closed()));
        RawClient client = gateway.plain()) {
      client.send(HEAD);
      assertThat(client.read("POST").status()).isEqualTo(502);
    }
  }

  @Test
  void aClientThatWasRefusedAndGoesOnWithAnotherRequestIsNotMisread() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().requestBodyBytesMax(3)));
        RawClient client = gateway.plain()) {
      client.send(HEAD);
      RawResponse refused = client.read("POST");
      assertThat(refused.status()).isEqualTo(413);
      // whether the next bytes are the body or a request nobody can know: the connection must end
      assertThat(refused.values("connection")).containsExactly("close");
      client.awaitClose();
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void anotherExpectationIs417() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(HEAD.replace("100-continue", "200-ok"));
      assertThat(client.read("POST").status()).isEqualTo(417);
      client.awaitClose();
      assertThat(origin.connections()).isEmpty();
    }
  }

  @Test
  void anOldClientIsToldNothing() throws IOException {
    try (Origin origin = Origin.replying((r, c) -> c.send(Answers.ok(r.text())));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(HEAD.replace("HTTP/1.1", "HTTP/1.0") + "body");
      assertThat(client.read("POST").text()).isEqualTo("body");
    }
  }
}

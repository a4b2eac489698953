package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.PathMatch;
import dev.penstock.model.RouteAction;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The gateway's own answers: short, in the form that the client asked for, and silent. */
@ExtendWith(LeakExtension.class)
class ErrorPagesTest {
  @Test
  void aPersonGetsText() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty());
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/", "Accept: text/html, */*"));
      assertThat(response.status()).isEqualTo(404);
      assertThat(response.value("content-type")).startsWith("text/plain");
      assertThat(response.text()).isEqualTo("404 Not Found\n");
      assertThat(response.has("date")).isTrue();
      gateway.awaitLog("\"NR\"", "404");
    }
  }

  @Test
  void aProgramGetsJson() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(Ports.closed()));
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/", "Accept: application/json"));
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.value("content-type")).isEqualTo("application/json");
      assertThat(response.text()).isEqualTo("{\"status\":502,\"message\":\"Bad Gateway\"}\n");
    }
  }

  @Test
  void headGetsTheHeadAlone() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty());
        RawClient client = gateway.plain()) {
      client.send(Requests.head("HEAD", "/") + "\r\n" + Requests.get("/"));
      assertThat(client.readFinal("HEAD").value("content-length")).isEqualTo("14");
      assertThat(client.readFinal("GET").text()).isEqualTo("404 Not Found\n");
    }
  }

  @Test
  void aRouteThatMustNotOpenSaysItsStatusAndNotWhy() throws IOException {
    try (GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.empty()
                    .route(
                        "",
                        new PathMatch.Prefix("/"),
                        new RouteAction.Respond(503, "the secret of the route")));
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/"));
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.text()).isEqualTo("503 Service Unavailable\n");
      gateway.awaitLog("\"DR\"", "503");
    }
  }

  @Test
  void nothingOfTheRequestIsRepeated() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty());
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/<script>", "X: <script>"));
      assertThat(response.toString() + response.text()).doesNotContain("script");
    }
  }
}

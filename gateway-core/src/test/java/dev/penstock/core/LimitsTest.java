package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.PathMatch;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.Recording;
import dev.penstock.testkit.StrictReparse;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every size and count has its bound, its status, and an end of the connection. */
@ExtendWith(LeakExtension.class)
class LimitsTest {
  private static void assertRefused(String request, int status) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(request);
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.values("connection")).containsExactly("close");
      client.awaitClose();
      assertThat(origin.connections()).isEmpty();
    }
  }

  private static void assertServed(String request) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(request).text()).isEqualTo("good");
    }
  }

  @Test
  void aRequestLineMayHave8KiB() throws IOException {
    int around = "GET / HTTP/1.1\r\n".length();
    assertServed(Requests.get("/" + "x".repeat(8192 - around)));
    assertRefused(Requests.get("/" + "x".repeat(8193)), 414);
  }

  @Test
  void aHeadMayHave32KiB() throws IOException {
    assertServed(Requests.get("/", "X: " + "x".repeat(32_000)));
    assertRefused(Requests.get("/", "X: " + "x".repeat(33_000)), 431);
  }

  @Test
  void aHeadMayHave100Fields() throws IOException {
    String[] fields = new String[99];
    Arrays.fill(fields, "X: y");
    assertServed(Requests.get("/", fields));
    String[] more = new String[100];
    Arrays.fill(more, "X: y");
    assertRefused(Requests.get("/", more), 431);
  }

  @Test
  void aBodyThatIsDeclaredTooLargeIs413BeforeTheBackendHearsOfIt() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().requestBodyBytesMax(1_000)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.post("/", "x".repeat(1_000))).text()).isEqualTo("good");
      RawResponse refused = client.exchange(Requests.post("/", "x".repeat(1_001)));
      assertThat(refused.status()).isEqualTo(413);
      gateway.awaitLog("\"BL\"", "413");
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void aBodyThatGrowsTooLargeIs413AndNeverCompleteAtTheBackend() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().requestBodyBytesMax(1_000)));
        RawClient client = gateway.plain()) {
      client.send(Requests.chunkedPost("/") + Answers.chunk("x".repeat(900)));
      Await.until(
          "the first chunk at the backend",
          () -> origin.awaitConnection(0).recording().count() > 900);
      client.send(Answers.chunk("x".repeat(101)) + "0\r\n\r\n");
      assertThat(client.readFinal("POST").status()).isEqualTo(413);
      Recording seen = origin.awaitConnection(0).recording();
      Await.until("its end", () -> seen.end() != Recording.End.OPEN);
      assertThat(StrictReparse.parse(seen.bytes()).ending())
          .isEqualTo(StrictReparse.Ending.ABORTED);
    }
  }

  @Test
  void aLimitOfZeroIsNone() throws IOException {
    try (Origin origin = Origin.replying((r, c) -> c.send(Answers.ok("" + r.body().length)));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(new TestPolicy().requestBodyBytesMax(0)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.post("/", "x".repeat(5_000))).text()).isEqualTo("5000");
      client.send(Requests.chunkedPost("/") + Answers.chunk("xyz") + "0\r\n\r\n");
      assertThat(client.readFinal("POST").text()).isEqualTo("3");
    }
  }

  @Test
  void aChunkExtensionMayHave256BytesAndIsDropped() throws IOException {
    try (Origin origin = Origin.replying((r, c) -> c.send(Answers.ok(r.text())));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      String extension = ";n=" + "x".repeat(200);
      client.send(Requests.chunkedPost("/") + "3" + extension + "\r\nabc\r\n0\r\n\r\n");
      assertThat(client.readFinal("POST").text()).isEqualTo("abc");
      assertThat(origin.awaitConnection(0).recording().text()).doesNotContain(";n=");
      client.send(Requests.chunkedPost("/") + "3;n=" + "x".repeat(300) + "\r\nabc\r\n0\r\n\r\n");
      RawResponse answer = client.readFinal("POST");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.value("connection")).isEqualTo("close");
    }
  }

  @Test
  void trailersBeyond8KiBAreRefusedAndNeverCompleteAtTheBackend() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.chunkedPost("/") + Answers.chunk("abc"));
      origin.awaitConnection(0);
      client.send("0\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
      RawResponse answer = client.readFinal("POST");
      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.value("connection")).isEqualTo("close");
      Recording seen = origin.awaitConnection(0).recording();
      Await.until("its end", () -> seen.end() != Recording.End.OPEN);
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void aConnectionThatHasHadItsRequestsSaysSoAndEnds() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().keepAliveRequestsMax(3)));
        RawClient client = gateway.plain()) {
      for (int i = 1; i <= 3; i++) {
        RawResponse response = client.exchange(Requests.get("/"));
        assertThat(response.values("connection").contains("close")).isEqualTo(i == 3);
      }
      assertThat(client.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
    }
  }

  @Test
  void aSmallBodyOfARequestThatTheGatewayAnswersItselfIsReadAway() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.empty()
                    .upstream("app", origin.port())
                    .route("", new PathMatch.Prefix("/here"), "app"));
        RawClient client = gateway.plain()) {
      client.send(
          Requests.post("/none", Requests.get("/here/smuggled")) + Requests.get("/here/honest"));
      assertThat(client.readFinal("POST").status()).isEqualTo(404);
      assertThat(client.readFinal("GET").text()).isEqualTo("good");
      assertThat(origin.requests()).extracting(r -> r.target()).containsExactly("/here/honest");
    }
  }

  @Test
  void aLargeBodyOfARequestThatTheGatewayAnswersItselfEndsTheConnection() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty());
        RawClient client = gateway.plain()) {
      client.send(Requests.head("POST", "/none") + "Content-Length: 100000000\r\n\r\n");
      assertThat(client.readFinal("POST").status()).isEqualTo(404);
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) client.send(new byte[1 << 16]);
            } catch (IOException closed) {
              // as it must be
            }
          });
      client.awaitClose();
      Await.until("the connection is gone", () -> gateway.gateway().openConnections() == 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"TRACE, 405", "CONNECT, 405", "'', 400"})
  void otherMethodsAreRefused(String method, int status) throws IOException {
    String target = method.equals("CONNECT") ? "a.test:443" : "/";
    try (Origin origin = Origin.answering(Answers.ok("good"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(method + " " + target + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
      assertThat(client.readFinal("GET").status()).isEqualTo(status);
      client.awaitClose();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.2", "HTTP/2.0", "HTTP/0.9"})
  void otherVersionsAreRefused(String version) throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty());
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/").replace("HTTP/1.1", version));
      assertThat(client.readFinal("GET").status()).isIn(400, 505);
      client.awaitClose();
    }
  }
}

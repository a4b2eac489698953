package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Field;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.SeenRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies arrive as they were sent, however they are framed. */
@ExtendWith(LeakExtension.class)
class BodiesTest {
  private static final int[] SIZES = {0, 1, 1_000, 65_536, 3_000_000};

  @ParameterizedTest
  @EnumSource(Transport.class)
  void bodiesOfEverySizeArriveBothWays(Transport transport) throws IOException {
    try (Origin origin = Origin.replying((request, c) -> c.send(Answers.ok(request.text())));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.connect(transport)) {
      for (int size : SIZES) {
        String body = numbers(size);
        assertThat(client.exchange(Requests.post("/", body)).text()).isEqualTo(body);
        client.send(Requests.chunkedPost("/"));
        if (size > 0) client.send(Answers.chunk(body));
        client.send("0\r\n\r\n");
        assertThat(client.readFinal("POST").text()).isEqualTo(body);
      }
      assertThat(origin.connections()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void chunkedAnswersOfEverySizeArrive(Transport transport) throws IOException {
    try (Origin origin =
            Origin.replying((request, c) -> {
              String body = numbers(Integer.parseInt(request.target().substring(1)));
              c.send(body.isEmpty() ? Answers.chunked() : Answers.chunked(body, "."));
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.connect(transport)) {
      for (int size : SIZES) {
        RawResponse response = client.exchange(Requests.get("/" + size));
        assertThat(response.isComplete()).isTrue();
        assertThat(response.text()).isEqualTo(size == 0 ? "" : numbers(size) + ".");
      }
      assertThat(origin.connections()).hasSize(1);
    }
  }

  @Test
  void anAnswerThatEndsWithItsConnectionIsChunkedForANewClient() throws IOException {
    try (Origin origin = untilClose();
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = gateway.plain()) {
        for (int i = 0; i < 2; i++) {
          RawResponse response = client.exchange(Requests.get("/"));
          assertThat(response.value("transfer-encoding")).isEqualTo("chunked");
          assertThat(response.isComplete()).isTrue();
          assertThat(response.text()).isEqualTo("until the end");
        }
      }
    }
  }

  @Test
  void anAnswerThatEndsWithItsConnectionEndsSoForAnOldClient() throws IOException {
    try (Origin origin = untilClose();
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      RawResponse response =
          client.exchange(
              Requests.get("/", "Connection: keep-alive").replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(response.has("transfer-encoding")).isFalse();
      assertThat(response.has("content-length")).isFalse();
      assertThat(response.isComplete()).isTrue();
      assertThat(response.text()).isEqualTo("until the end");
    }
  }

  private static Origin untilClose() {
    return Origin.playing(c -> {
      c.readRequest();
      c.send("HTTP/1.1 200 OK\r\nX-Kept: yes\r\n\r\nuntil the end");
    });
  }

  @Test
  void aChunkedAnswerIsUnwrappedForAnOldClient() throws IOException {
    try (Origin origin = Origin.answering(Answers.chunked("a", "b"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/").replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(response.has("transfer-encoding")).isFalse();
      assertThat(response.text()).isEqualTo("ab");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
      })
  void theAnswerToHeadHasNoBody(String head) throws IOException {
    try (Origin origin =
            Origin.replying((request, c) ->
                c.send(request.method().equals("HEAD") ? head : Answers.ok("next")));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.head("HEAD", "/") + "\r\n" + Requests.get("/"));
      assertThat(client.readFinal("HEAD").status()).isEqualTo(200);
      assertThat(client.readFinal("GET").text()).isEqualTo("next");
    }
  }

  @Test
  void theLengthInAnAnswerToHeadIsKept() throws IOException {
    try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.head("HEAD", "/") + "\r\n");
      assertThat(client.readFinal("HEAD").value("content-length")).isEqualTo("5");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n",
      })
  void statusesWithoutABodyHaveNone(String head) throws IOException {
    try (Origin origin =
            Origin.replying(
                (request, c) -> c.send(request.target().equals("/n") ? Answers.ok("next") : head));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/") + Requests.get("/n"));
      assertThat(client.readFinal("GET").status()).isIn(204, 304);
      assertThat(client.readFinal("GET").text()).isEqualTo("next");
    }
  }

  @Test
  void aRequestWithoutABodyIsForwardedWithoutOne() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok(""));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.exchange(Requests.get("/"));
      SeenRequest seen = origin.awaitRequests(1);
      assertThat(seen.has("content-length")).isFalse();
      assertThat(seen.has("transfer-encoding")).isFalse();
      client.exchange(Requests.post("/", ""));
      assertThat(origin.awaitRequests(2).value("content-length")).isEqualTo("0");
    }
  }

  @Test
  void trailersPassOnlyToWhoSaidItTakesThem() throws IOException {
    String answer =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            + Answers.chunk("x")
            + "0\r\nX-Sum: 1\r\nContent-Length: 3\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n";
    try (Origin origin = Origin.answering(answer);
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      RawResponse with = client.exchange(Requests.get("/", "TE: trailers", "Connection: TE"));
      assertThat(with.trailers()).containsExactly(new Field("X-Sum", "1"));
      assertThat(client.exchange(Requests.get("/")).trailers()).isEmpty();
    }
  }

  @Test
  void whatWasSentAtOnceInManySmallChunksArrivesWhole() throws IOException {
    try (Origin origin = Origin.replying((request, c) -> c.send(Answers.ok(request.text())));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      StringBuilder sent = new StringBuilder(Requests.chunkedPost("/"));
      for (int i = 0; i < 20_000; i++) sent.append(Answers.chunk("ab"));
      assertThat(client.exchange(sent.append("0\r\n\r\n").toString()).text())
          .isEqualTo("ab".repeat(20_000));
    }
  }

  private static String numbers(int length) {
    StringBuilder text = new StringBuilder(length + 8);
    for (int i = 0; text.length() < length; i++) text.append(i).append(' ');
    return text.substring(0, length);
  }

  /**
   * Whoever sends FIN is gone for us; but the end of the connection must not pass for the body's.
   */
  @Test
  void anAnswerWithoutLengthToAClientThatClosesItsSideEndsByReset() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
              c.send(Answers.chunk("a part"));
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/").replace("HTTP/1.1", "HTTP/1.0"));
      client.readHead();
      client.halfClose();
      assertThat(client.readToEnd(new ByteArrayOutputStream())).isEqualTo(RawClient.Close.CUT);
    }
  }
}

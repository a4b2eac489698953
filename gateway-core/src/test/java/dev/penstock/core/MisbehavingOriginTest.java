package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.Recording;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A backend that breaks the protocol costs its own request, never another one: the right status, or
 * an end that cannot be taken for the whole, and a fresh connection for whoever comes next. One
 * event loop, so that the next request would get the spoiled connection if it were kept.
 */
@ExtendWith(LeakExtension.class)
class MisbehavingOriginTest {
  private static final String OK_HEAD = "HTTP/1.1 200 OK\r\n";
  private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

  /** The first connection does the wrong thing, every later one is an honest backend. */
  private static Origin firstThen(Origin.Script first) {
    Origin.Script honest =
        Origin.forEachRequest((request, connection) -> connection.send(Answers.ok("clean")));
    return Origin.playing(
        connection -> (connection.index() == 0 ? first : honest).play(connection));
  }

  private static void assertTheNextClientIsServed(GatewayFixture gateway) throws IOException {
    try (RawClient other = gateway.plain()) {
      assertThat(other.exchange(Requests.get("/other")).text()).isEqualTo("clean");
      assertThat(other.exchange(Requests.get("/again")).text()).isEqualTo("clean");
    }
  }

  @Test
  void aBackendThatDoesNotAnswerInTimeIs504() throws IOException {
    try (Origin origin = firstThen(c -> c.drain());
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .policy(new TestPolicy().readTimeout(Duration.ofMillis(300)).tries(1)));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(504);
      gateway.awaitLog("\"UT\"", "504");
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("clean");
      Recording first = origin.awaitConnection(0).recording();
      Await.until("the connection is dropped", () -> first.end() != Recording.End.OPEN);
    }
  }

  @Test
  void anAnswerThatComesByteByByteComesThroughWhole() throws IOException {
    try (Origin origin =
            Origin.replying((request, c) ->
                c.sendByteByByte(Answers.chunked("slow", "answer"), Duration.ofMillis(1)));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("slowanswer");
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("slowanswer");
      assertThat(origin.connections()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "H", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"})
  void anAnswerThatIsCutBeforeItsBodyIs502(String begun) throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(begun);
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.post("/", "x")).status()).isEqualTo(502);
      gateway.awaitLog("\"UR\"", "502");
      assertTheNextClientIsServed(gateway);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 9\r\n\r\npart",
        "Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
        "Transfer-Encoding: chunked\r\n\r\n9\r\npart",
        "Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n0\r\n",
      })
  void anAnswerThatIsCutInItsBodyIsCutForTheClientToo(String begun) throws IOException {
    for (boolean reset : new boolean[] {false, true}) {
      try (Origin origin =
              firstThen(c -> {
                c.readRequest();
                c.send(OK_HEAD + begun);
                c.pause(Duration.ofMillis(50)); // so that a reset does not overtake the bytes
                if (reset) c.reset();
              });
          GatewayFixture gateway = GatewayFixture.to(origin);
          RawClient client = gateway.plain()) {
        RawResponse response = client.exchange(Requests.get("/"));
        assertThat(response.isComplete()).isFalse();
        assertThat("part").startsWith(response.text());
        assertTheNextClientIsServed(gateway);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
  void anAnswerWithoutFramingThatIsResetIsCutForTheClientToo(String version) throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(OK_HEAD + "\r\npart");
              c.pause(Duration.ofMillis(50));
              c.reset();
            });
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = gateway.plain()) {
        client.send(Requests.get("/").replace("HTTP/1.1", version));
        assertThat(client.readFinal("GET").isComplete()).isFalse();
      }
      assertTheNextClientIsServed(gateway);
    }
  }

  @Test
  void surplusBytesInTheSameSegmentReachNobody() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(Answers.ok("first") + POISON);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("first");
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("clean");
      assertTheNextClientIsServed(gateway);
    }
  }

  @Test
  void surplusBytesReachNoPipelinedRequest() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(Answers.chunked("first") + POISON + POISON);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/1") + Requests.get("/2") + Requests.get("/3"));
      assertThat(client.readFinal("GET").text()).isEqualTo("first");
      assertThat(client.readFinal("GET").text()).isEqualTo("clean");
      assertThat(client.readFinal("GET").text()).isEqualTo("clean");
      assertTheNextClientIsServed(gateway);
    }
  }

  @Test
  void unaskedBytesOnAnIdleConnectionReachNobody() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(Answers.ok("first"));
              c.pause(Duration.ofMillis(100));
              c.send(POISON);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("first");
      Recording first = origin.awaitConnection(0).recording();
      Await.until("the connection is dropped", () -> first.end() != Recording.End.OPEN);
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("clean");
      assertTheNextClientIsServed(gateway);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\nX: y\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\n Content-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 2000 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 099 OK\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "ICY 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        "hello\r\n\r\n",
        "\u0000\u0001\u0002\u0003",
      })
  void anAnswerOutsideTheGrammarIs502(String bytes) throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(bytes);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
      gateway.awaitLog("\"UP\"", "502");
      assertTheNextClientIsServed(gateway);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4\r\npart\r\nx\r\n\r\n",
        "4\r\npartXX0\r\n\r\n",
        "4\r\npart\r\n0x1\r\na\r\n0\r\n\r\n",
        "4\r\npart\r\n10000000000000005\r\nAAAAA\r\n0\r\n\r\n",
        "4\r\npart\r\n1\na\r\n0\r\n\r\n",
        "4\r\npart\r\n0\r\nbad trailer\r\n\r\n",
      })
  void aMalformedChunkCutsTheAnswer(String body) throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(OK_HEAD + "Transfer-Encoding: chunked\r\n\r\n");
              c.pause(Duration.ofMillis(30)); // the head is on its way to the client
              c.send(body);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      RawResponse response = client.exchange(Requests.get("/"));
      assertThat(response.isComplete()).isFalse();
      assertThat("part").startsWith(response.text());
      assertTheNextClientIsServed(gateway);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x\r\n\r\n", "10000000000000005\r\nAAAAA", "-1\r\n", "0\r\nbad trailer\r\n\r\n"})
  void aMalformedChunkThatComesWithTheHeadIs502(String body) throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(OK_HEAD + "Transfer-Encoding: chunked\r\n\r\n" + body);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
      gateway.awaitLog("\"UP\"", "502");
      assertTheNextClientIsServed(gateway);
    }
  }

  @Test
  void aHeadThatIsTooLargeIs502() throws IOException {
    for (String fields :
        new String[] {"X: " + "y".repeat(40_000), "X: y\r\n".repeat(101) + "Z: z"}) {
      try (Origin origin =
              firstThen(c -> {
                c.readRequest();
                c.send(OK_HEAD + fields + "\r\nContent-Length: 0\r\n\r\n");
                c.drain();
              });
          GatewayFixture gateway = GatewayFixture.to(origin);
          RawClient client = gateway.plain()) {
        assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
        assertTheNextClientIsServed(gateway);
      }
    }
  }

  @Test
  void aHeadWithoutAnEndIs502LongBeforeItFillsTheMemory() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(OK_HEAD + "X: ");
              while (true) c.send("y".repeat(10_000));
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
      assertTheNextClientIsServed(gateway);
    }
  }

  @Test
  void anAnswerThatOvertakesTheUploadIsPassedOnAndItsConnectionIsNotUsedAgain() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readHead();
              c.send(Answers.withStatus(403, "Forbidden", "early"));
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.chunkedPost("/upload") + Answers.chunk("begun"));
      RawResponse response = client.readFinal("POST");
      assertThat(response.status()).isEqualTo(403);
      assertThat(response.text()).isEqualTo("early");
      assertTheNextClientIsServed(gateway);
      Recording first = origin.awaitConnection(0).recording();
      Await.until("the connection is dropped", () -> first.end() != Recording.End.OPEN);
      assertThat(first.text()).doesNotContain("0\r\n\r\n").doesNotContain("/other");
    }
  }

  @Test
  void aClientMayFinishItsUploadAfterAnEarlyAnswerAndAskAgain() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readHead();
              c.send(Answers.ok("early"));
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.chunkedPost("/upload") + Answers.chunk("begun"));
      RawResponse early = client.readFinal("POST");
      assertThat(early.text()).isEqualTo("early");
      if (early.values("connection").contains("close")) return; // as good: it says so
      client.send(Answers.chunk("ended") + "0\r\n\r\n");
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("clean");
    }
  }

  @Test
  void earlyHintsReachAClientThatKnowsThem() throws IOException {
    String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
    try (Origin origin = Origin.replying((request, c) -> c.send(hints + Answers.ok("final")));
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = gateway.plain()) {
        client.send(Requests.get("/"));
        RawResponse interim = client.read("GET");
        assertThat(interim.status()).isEqualTo(103);
        assertThat(interim.value("link")).isEqualTo("</a.css>; rel=preload");
        assertThat(client.read("GET").text()).isEqualTo("final");
        assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("final");
      }
      try (RawClient old = gateway.plain()) {
        old.send(Requests.get("/").replace("HTTP/1.1", "HTTP/1.0"));
        assertThat(old.read("GET").text()).isEqualTo("final");
      }
    }
  }

  @Test
  void aContinueThatNobodyWaitedForIsDropped() throws IOException {
    try (Origin origin =
            Origin.replying(
                (request, c) -> c.send("HTTP/1.1 100 Continue\r\n\r\n" + Answers.ok("final")));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/"));
      assertThat(client.read("GET").status()).isEqualTo(200);
    }
  }

  @Test
  void interimAnswersWithoutEndAre502() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              while (true) c.send("HTTP/1.1 102 Processing\r\n\r\n");
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/"));
      assertThat(client.readFinal("GET").status()).isEqualTo(502);
      assertTheNextClientIsServed(gateway);
    }
  }

  @Test
  void aSwitchOfProtocolsThatNobodyAskedForIs502() throws IOException {
    try (Origin origin =
            firstThen(c -> {
              c.readRequest();
              c.send(
                  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                      + "Upgrade: websocket\r\n\r\n"
                      + POISON);
              c.drain();
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
      assertTheNextClientIsServed(gateway);
    }
  }
}

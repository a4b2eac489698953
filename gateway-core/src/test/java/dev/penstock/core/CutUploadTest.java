package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.Recording;
import dev.penstock.testkit.StrictReparse;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An upload of 10 MiB that is cut in the middle must never reach the backend as a complete request,
 * however it is framed and however it ends.
 */
@ExtendWith(LeakExtension.class)
class CutUploadTest {
  private static final int BODY_BYTES = 10 << 20;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final long SEEN_BYTES_MIN = 1 << 20;

  enum Framing {
    LENGTH,
    CHUNKED
  }

  /** How the client ends in the middle of its body. */
  enum Cut {
    /** RST. */
    RESET,
    /** FIN; over TLS close_notify and FIN. The client still reads. */
    HALF_CLOSE,
    /** FIN both ways; over TLS without close_notify. */
    NO_CLOSE_NOTIFY,
    /** A chunk-size line that is none; the connection stays open. */
    MALFORMED_CHUNK
  }

  record Way(Transport transport, Framing framing, Cut cut) {}

  static Stream<Way> ways() {
    return Stream.of(Transport.values())
        .flatMap(transport ->
            Stream.of(Framing.values())
                .flatMap(framing ->
                    Stream.of(Cut.values()).map(cut -> new Way(transport, framing, cut))))
        .filter(way -> way.cut != Cut.MALFORMED_CHUNK || way.framing == Framing.CHUNKED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aCutUploadNeverReachesTheBackendAsACompleteRequest(Way way) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("complete"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.connect(way.transport)) {
      sendHalf(client, way.framing);
      Recording seen = origin.awaitConnection(0).recording();
      Await.until("1 MiB at the backend", () -> seen.count() >= SEEN_BYTES_MIN);

      cut(client, way.cut);

      Await.until("the end at the backend", () -> seen.end() != Recording.End.OPEN);
      StrictReparse.Result result = StrictReparse.parse(seen.bytes());
      assertThat(result.requests()).isEmpty();
      assertThat(result.ending()).as(result.fault()).isEqualTo(StrictReparse.Ending.ABORTED);
      assertThat(origin.requests()).isEmpty();
      assertThat(origin.connections()).as("a cut upload is not sent again").hasSize(1);
      Await.until("no request goes on", () -> gateway.gateway().activeRequests() == 0);
    }
  }

  static Stream<Way> wholeWays() {
    return ways().filter(way -> way.cut == Cut.RESET); // one of each transport and framing
  }

  @ParameterizedTest
  @MethodSource("wholeWays")
  void aWholeUploadReachesTheBackendAsItWasSent(Way way) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("complete"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.connect(way.transport)) {
      sendHalf(client, way.framing);
      sendHalfBody(client, way.framing);
      if (way.framing == Framing.CHUNKED) client.send("0\r\n\r\n");
      assertThat(client.readFinal("POST").text()).isEqualTo("complete");
      assertThat(origin.awaitRequests(1).body()).hasSize(BODY_BYTES).containsOnly('u');
    }
  }

  private static void sendHalf(RawClient client, Framing framing) throws IOException {
    client.send(
        switch (framing) {
          case LENGTH ->
              Requests.head("POST", "/upload") + "Content-Length: " + BODY_BYTES + "\r\n\r\n";
          case CHUNKED -> Requests.chunkedPost("/upload");
        });
    sendHalfBody(client, framing);
  }

  private static void sendHalfBody(RawClient client, Framing framing) throws IOException {
    String data = "u".repeat(CHUNK_BYTES);
    String piece = framing == Framing.CHUNKED ? Answers.chunk(data) : data;
    for (int sent = 0; sent < BODY_BYTES / 2; sent += CHUNK_BYTES) client.send(piece);
  }

  private static void cut(RawClient client, Cut how) throws IOException {
    switch (how) {
      case RESET -> client.reset();
      case HALF_CLOSE -> client.halfClose();
      case NO_CLOSE_NOTIFY -> client.closeWithoutTlsNotify();
      case MALFORMED_CHUNK -> {
        client.send("5x\r\nAAAAA\r\n0\r\n\r\n");
        assertThat(client.readFinal("POST").status()).isEqualTo(400);
        client.awaitClose();
      }
    }
  }
}

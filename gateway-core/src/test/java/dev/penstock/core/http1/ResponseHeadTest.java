package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // text blocks end lines in LF, the wire in CRLF
class ResponseHeadTest {
  private static String get(String head) {
    return Cuts.response(head + "\r\n", Method.GET);
  }

  private static String ok(String lines) {
    return get("HTTP/1.1 200 OK\r\n" + lines);
  }

  @Test
  void aResponseIsTakenApart() {
    assertThat(Cuts.response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nA: b\r\n\r\nok", Method.GET))
        .isEqualTo("200 'OK' LENGTH:2 fields=[Content-Length=2, A=b] rest=2");
  }

  @Test
  void theReasonMayBeEmptyOrHoldAnyText() {
    assertThat(get("HTTP/1.1 404 Not  F\u00F6und\t!\r\n")).startsWith("404 'Not  F\u00F6und\t!'");
    assertThat(get("HTTP/1.1 200 \r\n")).startsWith("200 ''");
    assertThat(get("HTTP/1.1 200\r\n")).startsWith("200 ''");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " HTTP/1.1 200 OK\r\n",
        "\r\nHTTP/1.1 200 OK\r\n",
        "\nHTTP/1.1 200 OK\r\n",
        "HTTP/1.1  200 OK\r\n",
        "HTTP/1.1 99 OK\r\n",
        "HTTP/1.1 099 OK\r\n",
        "HTTP/1.1 600 OK\r\n",
        "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1\t200 OK\r\n",
        "HTTP/1.2 200 OK\r\n",
        "HTTP/2.0 200 OK\r\n",
        "http/1.1 200 OK\r\n",
        "ICY 200 OK\r\n",
        "HTTP/1.1 200 OK\n",
        "HTTP/1.1 200\n",
        "HTTP/1.1\r\n",
        "HTTP/1.1 200 O\0K\r\n",
        "HTTP/1.1 200 OK\rX\r\n",
        "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n",
        "HTTP/1.1 200 OK\r\nA b\r\n",
        "HTTP/1.1 200 OK\r\nA: b\0c\r\n",
      })
  void aMalformedHeadIsRefused(String head) {
    assertThat(get(head)).matches("[A-Z_]+");
  }

  @Test
  void ambiguousFramingIsRefused() {
    assertThat(ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"))
        .isEqualTo("FRAMING_AMBIGUOUS");
    assertThat(ok("Content-Length: 5\r\nContent-Length: 5\r\n"))
        .isEqualTo("CONTENT_LENGTH_REPEATED");
    assertThat(ok("Content-Length: 5, 5\r\n")).isEqualTo("CONTENT_LENGTH");
    assertThat(ok("Content-Length: -1\r\n")).isEqualTo("CONTENT_LENGTH");
    assertThat(ok("Transfer-Encoding: gzip\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(ok("Transfer-Encoding: gzip, chunked\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"))
        .isEqualTo("TRANSFER_ENCODING_REPEATED");
    assertThat(get("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n"))
        .isEqualTo("TRANSFER_ENCODING_OLD");
    assertThat(Cuts.response("HTTP/1.1 304 N\r\nContent-Length: x\r\n\r\n", Method.HEAD))
        .isEqualTo("CONTENT_LENGTH");
    assertThat(ok("Connection: a b\r\n")).isEqualTo("CONNECTION");
  }

  @Test
  void framingFollowsTheRequestAndTheStatus() {
    assertThat(ok("Transfer-Encoding: Chunked\r\n")).contains(" CHUNKED:-1 fields");
    assertThat(ok("Content-Length: 0\r\n")).contains(" LENGTH:0 fields");
    assertThat(ok("")).contains(" UNTIL_CLOSE:-1 close fields");
    assertThat(Cuts.response("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", Method.HEAD))
        .contains(" NONE:7 fields");
    assertThat(Cuts.response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Method.HEAD))
        .contains(" NONE:-1 fields");
    assertThat(Cuts.response("HTTP/1.1 200 OK\r\n\r\n", Method.HEAD)).contains(" NONE:-1 fields");
    assertThat(get("HTTP/1.1 304 N\r\nContent-Length: 7\r\n")).contains(" NONE:7 fields");
    assertThat(get("HTTP/1.1 204 N\r\n")).contains(" NONE:-1 fields");
    assertThat(get("HTTP/1.1 204 N\r\nContent-Length: 0\r\n")).contains(" NONE:0 fields");
    assertThat(get("HTTP/1.1 103 Early Hints\r\nLink: x\r\n")).contains(" NONE:-1 fields");
  }

  @Test
  void aStatusWithoutBodyThatAnnouncesOneEndsTheConnection() {
    assertThat(get("HTTP/1.1 204 N\r\nContent-Length: 7\r\n")).contains(" NONE:7 close");
    assertThat(get("HTTP/1.1 204 N\r\nTransfer-Encoding: chunked\r\n")).contains(" close");
    assertThat(get("HTTP/1.1 100 C\r\nContent-Length: 7\r\n")).contains(" close");
  }

  @Test
  void persistenceFollowsConnectionAndVersion() {
    assertThat(ok("Content-Length: 0\r\nConnection: close\r\n")).contains(" close ");
    assertThat(get("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n")).contains(" 1.0 close ");
    assertThat(get("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n"))
        .doesNotContain(" close ");
    assertThat(get("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n")).contains(" close ");
  }

  @Test
  void aWebSocketOpensOnlyByAMatching101() {
    String upgrade = "Connection: upgrade\r\nUpgrade: WebSocket\r\n";
    assertThat(get("HTTP/1.1 101 S\r\n" + upgrade)).contains(" websocket ");
    assertThat(get("HTTP/1.1 101 S\r\nUpgrade: websocket\r\n")).doesNotContain(" websocket ");
    assertThat(get("HTTP/1.1 101 S\r\nConnection: upgrade\r\n")).doesNotContain(" websocket ");
    assertThat(get("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: h2c\r\n"))
        .doesNotContain(" websocket ");
    assertThat(get("HTTP/1.1 101 S\r\n" + upgrade + "Upgrade: websocket\r\n"))
        .doesNotContain(" websocket ");
    assertThat(ok(upgrade)).doesNotContain(" websocket ");
  }

  @Test
  void theLimitsHoldToTheByte() {
    String head = "HTTP/1.1 200 OK\r\nX: \r\n\r\n";
    String room = "x".repeat(32 * 1024 - head.length());
    assertThat(whole(head.replace("X: ", "X: " + room))).startsWith("200");
    assertThat(whole(head.replace("X: ", "X: x" + room))).isEqualTo("HEAD_TOO_LARGE");
    assertThat(whole(head.replace("OK", "OK" + room + "x"))).isEqualTo("HEAD_TOO_LARGE");
    assertThat(whole("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(100) + "\r\n")).startsWith("200");
    assertThat(whole("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(101))).isEqualTo("TOO_MANY_FIELDS");
  }

  private static String whole(String message) {
    byte[] bytes = Cuts.bytes(message);
    String verdict = Cuts.readResponse(List.of(bytes), Method.GET);
    assertThat(Cuts.readResponse(Cuts.parts(bytes, 1, bytes.length - 1), Method.GET))
        .isEqualTo(verdict);
    return verdict;
  }

  @Test
  void oneObjectReadsAnInformationalAndTheFinalResponse() {
    ByteBuf in =
        Unpooled.wrappedBuffer(
            Cuts.bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 Done\r\nA: b\r\n\r\n"));
    ResponseHead head = new ResponseHead(Settings.Limits.DEFAULT);
    assertThat(head.isEmpty()).isTrue();
    assertThat(head.feed(in)).isEqualTo(Progress.DONE);
    assertThat(head.isInformational()).isTrue();
    head.reset();
    assertThat(head.feed(in)).isEqualTo(Progress.DONE);
    assertThat(head.isInformational()).isFalse();
    assertThat(head.status()).isEqualTo(204);
    assertThat(in.isReadable()).isFalse();
    assertThat(in.refCnt()).isEqualTo(1);
  }
}

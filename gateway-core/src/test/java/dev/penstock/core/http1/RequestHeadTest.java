package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // text blocks end lines in LF, the wire in CRLF
class RequestHeadTest {
  private static final String H = "Host: a.test\r\n";

  private static String get(String target) {
    return Cuts.request("GET " + target + " HTTP/1.1\r\n" + H + "\r\n");
  }

  private static String with(String lines) {
    return Cuts.request("GET /x HTTP/1.1\r\n" + H + lines + "\r\n");
  }

  private static String post(String lines) {
    return Cuts.request("POST /x HTTP/1.1\r\n" + H + lines + "\r\n");
  }

  private static String old(String lines) {
    return Cuts.request("GET /x HTTP/1.0\r\n" + lines + "\r\n");
  }

  private static String host(String value) {
    return Cuts.request("GET /x HTTP/1.1\r\nHost: " + value + "\r\n\r\n");
  }

  @Test
  void aSimpleRequestIsTakenApart() {
    assertThat(
            Cuts.request("GET /x?q=1 HTTP/1.1\r\nHost: a.test:8080\r\nAccept:  */* \r\n\r\nGET /"))
        .isEqualTo(
            "GET /x?q=1 host=a.test:8080 name=a.test NONE:-1"
                + " fields=[Host=a.test:8080, Accept=*/*] rest=5");
  }

  @Test
  void theRawRequestLineIsKeptForTheLog() {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    head.feed(Unpooled.wrappedBuffer(Cuts.bytes("GET /a/%2e/b?c HTTP/1.1\r\n" + H + "\r\n")));

    assertThat(Ascii.text(head.bytes(), head.targetStart(), head.targetEnd()))
        .isEqualTo("/a/%2e/b?c");
    assertThat(Ascii.text(head.bytes(), 0, head.lineEnd())).isEqualTo("GET /a/%2e/b?c HTTP/1.1");
    assertThat(Ascii.text(head.bytes(), head.pathStart(), head.pathEnd())).isEqualTo("/a/b");
  }

  @Test
  void aRequestRefusedInItsFirstLineHasEmptyRanges() {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);

    assertThat(head.feed(Unpooled.wrappedBuffer(Cuts.bytes("GE\0T")))).isEqualTo(Progress.REFUSED);
    assertThat(head.targetStart()).isEqualTo(head.targetEnd());
    assertThat(head.lineEnd()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\x00GET / HTTP/1.1 | START",
        "\\x16\\x03\\x01 | START",
        "\\x20GET / HTTP/1.1 | START",
        "\\nGET / HTTP/1.1 | START",
        "\\r\\n\\r\\nGET / HTTP/1.1 | START",
        "\\r\\rGET | START",
        "GET\\t/ HTTP/1.1 | METHOD",
        "GE(T / HTTP/1.1 | METHOD",
        "GET\\r\\n | METHOD",
        "GET\\n | BARE_LF",
        "GET  / HTTP/1.1 | TARGET",
        "GET /\\r\\n | TARGET",
        "GET /\\n | BARE_LF",
        "GET /a\\tb HTTP/1.1 | TARGET",
        "GET /a#b HTTP/1.1 | TARGET",
        "GET /a?b#c HTTP/1.1 | TARGET",
        "GET /\\xE4 HTTP/1.1 | TARGET",
        "GET /?\\xE4 HTTP/1.1 | TARGET",
        "GET /\\x7F HTTP/1.1 | TARGET",
        "GET /  HTTP/1.1 | PROTOCOL",
        "GET / b HTTP/1.1 | PROTOCOL",
        "GET / http/1.1 | PROTOCOL",
        "GET / HTTP/1.1 \\r\\n | PROTOCOL",
        "GET / HTTP/1.10\\r\\n | PROTOCOL",
        "GET / HTTP/1,1\\r\\n | PROTOCOL",
        "GET / HTTP/1.1\\n | BARE_LF",
        "GET / HTTP/1.1\\rX | BARE_CR",
        "GET / HTTP/1.2\\r\\n | VERSION",
        "GET / HTTP/2.0\\r\\n | VERSION",
        "PRI * HTTP/2.0\\r\\n | VERSION",
        "GET / HTTP/0.9\\r\\n | VERSION",
        "CONNECT a.test:443 HTTP/1.1\\r\\n | METHOD_NOT_ALLOWED",
        "TRACE / HTTP/1.1\\r\\n | METHOD_NOT_ALLOWED",
      })
  void aBadRequestLineIsRefusedAtTheFirstBadByte(String line, String refusal) {
    String bytes = unescape(line);
    assertThat(Cuts.request(bytes)).isEqualTo(refusal);
    assertThat(Cuts.request(bytes + "\r\n" + H + "\r\n")).isEqualTo(refusal);
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        out.append(text.charAt(i));
      } else if (text.charAt(i + 1) == 'x') {
        out.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        i++;
        out.append(
            switch (text.charAt(i)) {
              case 'r' -> '\r';
              case 'n' -> '\n';
              default -> '\t';
            });
      }
    }
    return out.toString();
  }

  @Test
  void oneEmptyLineBeforeTheRequestLineIsIgnored() {
    assertThat(Cuts.request("\r\nGET /x HTTP/1.1\r\n" + H + "\r\n")).startsWith("GET /x host=a");
  }

  @Test
  void aHeadIsEmptyUntilAByteOfTheRequestLine() {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    assertThat(head.isEmpty()).isTrue();
    head.feed(Unpooled.wrappedBuffer(Cuts.bytes("\r\n")));
    assertThat(head.isEmpty()).isTrue();
    head.feed(Unpooled.wrappedBuffer(Cuts.bytes("G")));
    assertThat(head.isEmpty()).isFalse();
    head.reset();
    assertThat(head.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X : y\\r\\n | FIELD_NAME",
        "X Y: z\\r\\n | FIELD_NAME",
        "X\\t: y\\r\\n | FIELD_NAME",
        ": y\\r\\n | FIELD_NAME",
        "X\\r\\n | FIELD_NAME",
        "X\\x00: y\\r\\n | FIELD_NAME",
        "\\xE4: y\\r\\n | FIELD_NAME",
        "X: y\\r\\n z\\r\\n | FOLDED_LINE",
        "X: y\\r\\n\\tz\\r\\n | FOLDED_LINE",
        "X: y\\n | BARE_LF",
        "X\\n | BARE_LF",
        "X:\\n | BARE_LF",
        "\\n | BARE_LF",
        "X: y\\rz\\r\\n | BARE_CR",
        "X: y\\r\\r\\n | BARE_CR",
        "\\rX: y\\r\\n | BARE_CR",
        "X: a\\x00b\\r\\n | FIELD_VALUE",
        "X: a\\x1Bb\\r\\n | FIELD_VALUE",
        "X: a\\x7Fb\\r\\n | FIELD_VALUE",
        "X: aaaaaaaaaaaaaaaaa\\x01bbbbbbbbbbbbbbbb\\r\\n | FIELD_VALUE",
        "X: aaaaaaaa\\x09aaaa\\x7F\\r\\n | FIELD_VALUE",
      })
  void aBadFieldLineIsRefusedAtTheFirstBadByte(String lines, String refusal) {
    assertThat(with(unescape(lines))).isEqualTo(refusal);
    assertThat(Cuts.request(unescape("GET /x HTTP/1.1\r\n" + lines))).isEqualTo(refusal);
  }

  @Test
  void aSpaceBeforeTheFirstFieldIsRefused() {
    assertThat(Cuts.request("GET / HTTP/1.1\r\n Host: a.test\r\n\r\n")).isEqualTo("FOLDED_LINE");
  }

  @Test
  void valuesMayHoldTabsAndObsTextAndBeEmpty() {
    assertThat(with("A:\r\nB: \t \r\nC:\tx\ty \r\nD: \u00E4\u00FF\r\n"))
        .contains("[Host=a.test, A=, B=, C=x\ty, D=\u00E4\u00FF]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.test",
        "A.Test",
        "a.test:80",
        "a.test.",
        "a-b_c.test:65535",
        "127.0.0.1:8080",
        "[::1]",
        "[fe80::1:2]:443",
        "[::ffff:1.2.3.4]",
        "localhost"
      })
  void aHostIsANameOrAnAddressWithAPort(String value) {
    String name = value.replaceFirst(":[0-9]+$", "");
    name = value.startsWith("[") ? value.substring(0, value.indexOf(']') + 1) : name;
    assertThat(host(value)).contains("host=" + value + " name=" + name + " ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.test/evil",
        "a.test, b.test",
        "a.test b.test",
        "user@a.test",
        "a.test:",
        "a.test:80a",
        "a.test:65536",
        "a.test:000080",
        "a.test:80:80",
        ":80",
        "a%2etest",
        "a;b",
        "[::1",
        "[]",
        "[1]",
        "[:1]",
        "[::1]x",
        "[::g]",
        "[fe80::1%25eth0]",
        "::1",
        "a.t\u00E4st",
        "\"a.test\"",
        "a.test?x",
        "a.test\\b"
      })
  void aMalformedHostIsRefused(String value) {
    assertThat(host(value)).isEqualTo("HOST");
  }

  @Test
  void exactlyOneHostStandsInARequest() {
    assertThat(Cuts.request("GET /x HTTP/1.1\r\nX: y\r\n\r\n")).isEqualTo("HOST_MISSING");
    assertThat(Cuts.request("GET http://a.test/x HTTP/1.1\r\nX: y\r\n\r\n"))
        .isEqualTo("HOST_MISSING");
    assertThat(with("host: b.test\r\n")).isEqualTo("HOST_REPEATED");
    assertThat(with("hOST: a.test\r\n")).isEqualTo("HOST_REPEATED");
    assertThat(old("Host: a\r\nHost: a\r\n")).isEqualTo("HOST_REPEATED");
    assertThat(old("")).startsWith("GET /x host= name= NONE:-1 1.0 close");
    assertThat(Cuts.request("GET http://b.test/x HTTP/1.0\r\n\r\n")).contains("host=b.test ");
  }

  @Test
  void anAbsoluteTargetMustNameTheHost() {
    assertThat(get("http://a.test/y?z")).startsWith("GET /y?z host=a.test ");
    assertThat(get("HTTPS://A.TEST/y")).startsWith("GET /y host=a.test ");
    assertThat(get("http://a.test")).startsWith("GET / host=a.test ");
    assertThat(get("http://a.test?q")).startsWith("GET /?q host=a.test ");
    assertThat(get("http://a.test/../x")).isEqualTo("PATH_DOT_SEGMENT");
    assertThat(get("http://b.test/y")).isEqualTo("HOST_MISMATCH");
    assertThat(get("http://a.test:80/y")).isEqualTo("HOST_MISMATCH");
    assertThat(get("http://u@a.test/y")).isEqualTo("HOST_MISMATCH");
    assertThat(get("http:///y")).isEqualTo("TARGET");
    assertThat(get("ftp://a.test/y")).isEqualTo("TARGET");
    assertThat(get("a.test/y")).isEqualTo("TARGET");
    assertThat(get("?q")).isEqualTo("TARGET");
  }

  @Test
  void anAsteriskIsForOptionsOnly() {
    assertThat(get("*")).isEqualTo("TARGET");
    assertThat(Cuts.request("OPTIONS * HTTP/1.1\r\n" + H + "\r\n")).startsWith("OPTIONS * host=");
    assertThat(Cuts.request("OPTIONS ** HTTP/1.1\r\n" + H + "\r\n")).isEqualTo("TARGET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+5",
        "-5",
        "5,5",
        "5, 5",
        "0x5",
        "5 5",
        "",
        "5a",
        "12345678901234567890",
        "9223372036854775808",
        "9999999999999999999",
        "\u00B2"
      })
  void anOddContentLengthIsRefused(String value) {
    assertThat(post("Content-Length: " + value + "\r\n")).isEqualTo("CONTENT_LENGTH");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "5", "0000000000000000005", "9223372036854775807"})
  void aPlainContentLengthIsRead(String value) {
    assertThat(post("Content-Length: " + value + "\r\n"))
        .contains(" LENGTH:" + Long.parseLong(value) + " ");
  }

  @Test
  void framingIsNeverGuessed() {
    assertThat(post("Transfer-Encoding: chunked\r\n")).contains(" CHUNKED:-1 ");
    assertThat(post("transfer-encoding: Chunked\r\n")).contains(" CHUNKED:-1 ");
    assertThat(post("Content-Length: 5\r\nContent-Length: 5\r\n"))
        .isEqualTo("CONTENT_LENGTH_REPEATED");
    assertThat(post("Content-Length: 5\r\nContent-Length: 6\r\n"))
        .isEqualTo("CONTENT_LENGTH_REPEATED");
    assertThat(post("Content-Length: x\r\nContent-Length: 6\r\n"))
        .isEqualTo("CONTENT_LENGTH_REPEATED");
    assertThat(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"))
        .isEqualTo("FRAMING_AMBIGUOUS");
    assertThat(post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"))
        .isEqualTo("FRAMING_AMBIGUOUS");
    assertThat(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"))
        .isEqualTo("TRANSFER_ENCODING_REPEATED");
    assertThat(post("Transfer-Encoding: xchunked\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(post("Transfer-Encoding: gzip, chunked\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(post("Transfer-Encoding: chunked, chunked\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(post("Transfer-Encoding: chunked,\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(post("Transfer-Encoding: \"chunked\"\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(post("Transfer-Encoding:\r\n")).isEqualTo("TRANSFER_CODING");
    assertThat(post("Transfer-Encoding: chunked\u000B\r\n")).isEqualTo("FIELD_VALUE");
    assertThat(old("Transfer-Encoding: chunked\r\n")).isEqualTo("TRANSFER_ENCODING_OLD");
    assertThat(old("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"))
        .isEqualTo("TRANSFER_ENCODING_OLD");
  }

  @Test
  void anExpectationOtherThanContinueFails() {
    assertThat(post("Content-Length: 5\r\nExpect: 100-Continue\r\n")).contains(" expect ");
    assertThat(post("Content-Length: 0\r\nExpect: 100-continue\r\n")).doesNotContain("expect ");
    assertThat(with("Expect: 100-continue\r\n")).doesNotContain("expect ");
    assertThat(post("Expect: 100-continue, x\r\n")).isEqualTo("EXPECTATION");
    assertThat(post("Expect: y 100-continue\r\n")).isEqualTo("EXPECTATION");
    assertThat(post("Expect:\r\n")).isEqualTo("EXPECTATION");
    assertThat(post("Expect: 100-continue\r\nExpect: 100-continue\r\n")).isEqualTo("EXPECTATION");
    assertThat(old("Expect: x\r\n")).startsWith("GET /x");
    assertThat(old("Content-Length: 1\r\nExpect: 100-continue\r\n")).doesNotContain(" expect");
  }

  @Test
  void persistenceFollowsConnectionAndVersion() {
    assertThat(with("")).doesNotContain("close");
    assertThat(with("Connection: Close\r\n")).contains(" close ");
    assertThat(with("Connection: x\r\nConnection: ,, keep-alive ,close ,\r\n")).contains(" close ");
    assertThat(with("Connection: closed\r\n")).doesNotContain(" close ");
    assertThat(old("Connection: keep-alive\r\n")).doesNotContain(" close ");
    assertThat(old("Connection: keep-alive, close\r\n")).contains(" close ");
  }

  @Test
  void connectionNamesTheFieldsThatEndHere() {
    assertThat(with("X-a: 1\r\nConnection: x-A,\tX-B ,, close\r\nX-b: 2\r\nX-c: 3\r\n"))
        .contains("*X-a=1")
        .contains("*X-b=2")
        .contains(", X-c=3");
    assertThat(with("Connection: a b\r\n")).isEqualTo("CONNECTION");
    assertThat(with("Connection: close;x\r\n")).isEqualTo("CONNECTION");
    assertThat(with("Connection: " + "a,".repeat(32) + "\r\n")).startsWith("GET");
    assertThat(with("Connection: " + "a,".repeat(33) + "\r\n")).isEqualTo("CONNECTION");
  }

  @Test
  void onlyAPlainWebSocketUpgradeCounts() {
    String upgrade = "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n";
    assertThat(with(upgrade)).contains(" websocket ");
    assertThat(with("Upgrade: websocket\r\n")).doesNotContain(" websocket ");
    assertThat(with("Connection: upgrade\r\nUpgrade: h2c\r\n")).doesNotContain(" websocket ");
    assertThat(with("Connection: upgrade\r\nUpgrade: websocket, foo\r\n"))
        .doesNotContain(" websocket ");
    assertThat(with(upgrade + "Upgrade: websocket\r\n")).doesNotContain(" websocket ");
    assertThat(with(upgrade + "Upgrade: h2c\r\n")).doesNotContain(" websocket ");
    assertThat(with(upgrade + "Content-Length: 3\r\n")).doesNotContain(" websocket ");
    assertThat(with(upgrade + "Transfer-Encoding: chunked\r\n")).doesNotContain(" websocket ");
    assertThat(post(upgrade)).doesNotContain(" websocket ");
    assertThat(old(upgrade)).doesNotContain(" websocket ");
  }

  @Test
  void trailersAreAcceptedByTe() {
    assertThat(with("TE: trailers\r\n")).contains(" trailers ");
    assertThat(with("TE: gzip;q=0.5 , Trailers\r\n")).contains(" trailers ");
    assertThat(with("TE: trailers;q=0\r\n")).doesNotContain(" trailers ");
    assertThat(with("TE: xtrailers\r\n")).doesNotContain(" trailers ");
    assertThat(old("TE: trailers\r\n")).doesNotContain(" trailers ");
  }

  @Test
  void aRequestIdIsKeptOnlyWhenItIsHarmless() {
    assertThat(requestId("X-Request-ID: 9f.A_~+/=:@-z\r\n")).isEqualTo("9f.A_~+/=:@-z");
    assertThat(requestId("X-Request-ID: " + "a".repeat(128) + "\r\n")).hasSize(128);
    assertThat(requestId("X-Request-ID: " + "a".repeat(129) + "\r\n")).isEmpty();
    assertThat(requestId("X-Request-ID: a b\r\n")).isEmpty();
    assertThat(requestId("X-Request-ID: a\"b\r\n")).isEmpty();
    assertThat(requestId("X-Request-ID: \u00E4\r\n")).isEmpty();
    assertThat(requestId("X-Request-ID: a\r\nX-Request-Id: b\r\n")).isEmpty();
  }

  private static String requestId(String lines) {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    head.feed(Unpooled.wrappedBuffer(Cuts.bytes("GET / HTTP/1.1\r\n" + H + lines + "\r\n")));
    return Ascii.text(head.bytes(), head.requestIdStart(), head.requestIdEnd());
  }

  @Test
  void theLimitsHoldToTheByte() {
    String line = "GET / HTTP/1.1";
    String full = "GET /" + "a".repeat(8192 - line.length()) + " HTTP/1.1";
    assertThat(whole(full + "\r\n" + H + "\r\n")).startsWith("GET /aa");
    assertThat(whole(full.replace("/a", "/aa") + "\r\n" + H + "\r\n")).isEqualTo("LINE_TOO_LONG");
    assertThat(whole("GET /" + "a".repeat(8190))).isEqualTo("LINE_TOO_LONG");

    String head = "GET / HTTP/1.1\r\n" + H + "X: \r\n\r\n";
    String room = "x".repeat(32 * 1024 - head.length());
    assertThat(whole(head.replace("X: ", "X: " + room))).startsWith("GET /");
    assertThat(whole(head.replace("X: ", "X: x" + room))).isEqualTo("HEAD_TOO_LARGE");

    assertThat(whole("GET / HTTP/1.1\r\n" + H + "a: b\r\n".repeat(99) + "\r\n")).startsWith("GET");
    assertThat(whole("GET / HTTP/1.1\r\n" + H + "a: b\r\n".repeat(99) + "a"))
        .isEqualTo("TOO_MANY_FIELDS");
    assertThat(whole("GET / HTTP/1.1\r\n" + H + "a_b: c\r\n".repeat(100) + "\r\n"))
        .isEqualTo("TOO_MANY_FIELDS");
  }

  /** Whole and in three odd ways; every cut of 32 KiB would take minutes. */
  private static String whole(String message) {
    byte[] bytes = Cuts.bytes(message);
    String verdict = Cuts.readRequest(List.of(bytes));
    int end = bytes.length;
    assertThat(Cuts.readRequest(Cuts.parts(bytes, 1, end / 2, end - 1))).isEqualTo(verdict);
    assertThat(Cuts.readRequest(Cuts.parts(bytes, end - 2, end - 1))).isEqualTo(verdict);
    return verdict;
  }

  @Test
  void aLongHeadDoesNotOutliveItsRequest() {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    head.feed(
        Unpooled.wrappedBuffer(
            Cuts.bytes("GET / HTTP/1.1\r\n" + H + "X: " + "y".repeat(9000) + "\r\n\r\n")));
    assertThat(head.bytes()).hasSizeGreaterThan(8192);
    head.reset();
    assertThat(head.bytes()).hasSizeLessThanOrEqualTo(4096);
    head.trim();
    assertThat(head.bytes()).isEmpty();
  }

  @Test
  void oneObjectReadsRequestAfterRequestFromOneBuffer() {
    String first =
        "POST /a HTTP/1.1\r\n" + H + "Content-Length: 0\r\nConnection: x\r\nX: 1\r\n\r\n";
    String second = "GET /b HTTP/1.0\r\nA: 1\r\nB: 2\r\nC: 3\r\nX: 4\r\n\r\n";
    ByteBuf in = Unpooled.wrappedBuffer(Cuts.bytes(first + second));
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);

    assertThat(head.feed(in)).isEqualTo(Progress.DONE);
    assertThat(in.readerIndex()).isEqualTo(first.length()).isEqualTo(head.headBytes());
    assertThat(head.feed(in)).isEqualTo(Progress.DONE);
    assertThat(in.readerIndex()).isEqualTo(first.length());
    head.reset();
    assertThat(Cuts.describe(head, head.feed(in), in.readableBytes()))
        .isEqualTo("GET /b host= name= NONE:-1 1.0 close fields=[A=1, B=2, C=3, X=4] rest=0");
    assertThat(in.refCnt()).isEqualTo(1);
  }

  @Test
  void methodsKnowWhatTheyMayDo() {
    assertThat(Cuts.request("get /x HTTP/1.1\r\n" + H + "\r\n")).startsWith("get /x");
    assertThat(Method.of(Cuts.bytes("get"), 0, 3)).isEqualTo(Method.OTHER);
    assertThat(Method.of(Cuts.bytes("PATCH"), 0, 5)).isEqualTo(Method.PATCH);
    assertThat(Method.OTHER.isIdempotent()).isFalse();
    assertThat(Method.POST.isIdempotent()).isFalse();
    assertThat(Method.DELETE.isIdempotent()).isTrue();
    assertThat(Method.DELETE.isSafe()).isFalse();
    assertThat(Method.HEAD.isSafe()).isTrue();
  }
}

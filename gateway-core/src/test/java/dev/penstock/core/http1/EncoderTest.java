package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.model.Settings;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.StrictReparse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // text blocks end lines in LF, the wire in CRLF
class EncoderTest {
  private static final byte[] DATE = Cuts.bytes("Sun, 06 Nov 1994 08:49:37 GMT");

  private static RequestHead request(String text) {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    assertThat(head.feed(Unpooled.wrappedBuffer(Cuts.bytes(text)))).isEqualTo(Progress.DONE);
    return head;
  }

  private static String toBackend(String text) {
    Identity identity =
        new Identity(Cuts.bytes("192.0.2.7"), Cuts.bytes("https"), Cuts.bytes("8443"));
    identity.newRequestId(0x0123456789abcdefL, 0xfedcba9876543210L);
    ByteBuf out = Unpooled.buffer();
    RequestEncoder.encode(out, request(text), identity);
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static SeenRequest seen(String lines) {
    String head = toBackend("GET /x HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\n");
    var result = StrictReparse.parse(Cuts.bytes(head));
    assertThat(result.ending()).as(head).isEqualTo(StrictReparse.Ending.COMPLETE);
    return result.requests().getFirst();
  }

  @Test
  void theHeadToABackendIsWrittenAnew() {
    assertThat(
            toBackend(
                "POST http://A.test:80/b/../c?d=%2e HTTP/1.0\r\n"
                    + "content-length:5\r\nHOST:a.test:80 \r\nAccept: x\r\nA:b\r\n\r\n"))
        .isEqualTo(
            """
            POST /c?d=%2e HTTP/1.1
            Host: a.test:80
            X-Forwarded-Host: a.test:80
            X-Request-ID: 0123456789abcdeffedcba9876543210
            CDN-Loop: penstock
            X-Forwarded-For: 192.0.2.7
            X-Real-IP: 192.0.2.7
            X-Forwarded-Proto: https
            X-Forwarded-Scheme: https
            X-Scheme: https
            X-Forwarded-Port: 8443
            Content-Length: 5
            Accept: x
            A:b

            """
                .replace("\n", "\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "x-forwarded-host",
        "X-FORWARDED-PROTO",
        "X-Forwarded-Port",
        "X-Forwarded-Scheme",
        "X-Forwarded-Prefix",
        "X-Forwarded-",
        "X-Real-IP",
        "X-Scheme",
        "Forwarded",
        "X-Original-URI",
        "X-Original-Forwarded-For",
        "Proxy",
        "Proxy-Connection",
        "Proxy-Authorization",
        "Keep-Alive",
        "HTTP2-Settings",
        "Trailer",
        "X_Forwarded_For",
        "X-Forwarded_For",
        "X.Forwarded.For",
        "Content_Length",
        "a_b",
        "Upgrade",
        "TE"
      })
  void whatTheClientSentUnderTheseNamesNeverPasses(String name) {
    for (String connection : new String[] {"close", name, "x, " + name + ", upgrade"}) {
      SeenRequest seen =
          seen(name + ": evil\r\nConnection: " + connection + "\r\n" + name + ": evil2\r\n");
      assertThat(seen.toString().toLowerCase(Locale.ROOT)).doesNotContain("evil", "_", "upgrade");
      assertThat(seen.value("X-Forwarded-For")).isEqualTo("192.0.2.7");
      assertThat(seen.value("X-Real-IP")).isEqualTo("192.0.2.7");
      assertThat(seen.value("X-Forwarded-Host")).isEqualTo("a.test");
      assertThat(seen.value("X-Forwarded-Proto")).isEqualTo("https");
      assertThat(seen.has("Connection")).isFalse();
    }
  }

  @Test
  void aHeaderNamedByConnectionIsNotForwarded() {
    SeenRequest seen = seen("A: 1\r\nB: 2\r\nConnection: b, C\r\nc: 3\r\nD: 4\r\n");
    assertThat(seen.value("A")).isEqualTo("1");
    assertThat(seen.value("D")).isEqualTo("4");
    assertThat(seen.has("B")).isFalse();
    assertThat(seen.has("C")).isFalse();
  }

  @Test
  void connectionCannotRemoveHostOrFraming() {
    String head =
        toBackend(
            "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n"
                + "Connection: host, content-length, transfer-encoding, x-request-id\r\n\r\n");
    SeenRequest seen = StrictReparse.parse(Cuts.bytes(head + "abc")).requests().getFirst();
    assertThat(seen.value("Host")).isEqualTo("a.test");
    assertThat(seen.value("Content-Length")).isEqualTo("3");
    assertThat(seen.value("X-Request-ID")).hasSize(32);
  }

  @Test
  void aWellFormedRequestIdIsKept() {
    assertThat(seen("X-Request-ID: abc-1\r\n").value("X-Request-ID")).isEqualTo("abc-1");
    assertThat(seen("X-Request-ID: a b\r\n").value("X-Request-ID"))
        .isEqualTo("0123456789abcdeffedcba9876543210");
  }

  @Test
  void chunkedStaysChunkedAndExpectIsAnsweredHere() {
    String head =
        toBackend(
            "PUT / HTTP/1.1\r\nTransfer-Encoding: CHUNKED\r\nExpect: 100-continue\r\n"
                + "Host: a.test\r\n\r\n");
    SeenRequest seen = StrictReparse.parse(Cuts.bytes(head + "0\r\n\r\n")).requests().getFirst();
    assertThat(seen.value("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(seen.has("Expect")).isFalse();
    assertThat(seen.has("Content-Length")).isFalse();
  }

  @Test
  void onlyAWebSocketUpgradeIsPassedOn() {
    SeenRequest seen =
        seen("Connection: Upgrade, keep-alive\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n");
    assertThat(seen.value("Connection")).isEqualTo("Upgrade");
    assertThat(seen.value("Upgrade")).isEqualTo("websocket");
    assertThat(seen.value("Sec-WebSocket-Key")).isEqualTo("k");
    assertThat(seen("Connection: Upgrade\r\nUpgrade: h2c\r\n").has("Upgrade")).isFalse();
  }

  @Test
  void trailersAreAskedForWhenTheClientTakesThem() {
    SeenRequest seen = seen("Connection: TE\r\nTE: gzip, trailers\r\n");
    assertThat(seen.value("TE")).isEqualTo("trailers");
    assertThat(seen.value("Connection")).isEqualTo("TE");
  }

  @Test
  void anOldClientWithoutHostGivesAnEmptyHost() {
    String head = toBackend("GET / HTTP/1.0\r\n\r\n");
    assertThat(head).contains("\r\nHost: \r\n").doesNotContain("X-Forwarded-Host");
    assertThat(StrictReparse.parse(Cuts.bytes(head)).ending())
        .isEqualTo(StrictReparse.Ending.COMPLETE);
  }

  @Test
  void anIdentityHoldsNoLineEnds() {
    assertThatThrownBy(
            () -> new Identity(Cuts.bytes("1\r\nX: y"), Cuts.bytes("http"), Cuts.bytes("80")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ResponseHead response(String text, Method method) {
    ResponseHead head = new ResponseHead(Settings.Limits.DEFAULT);
    assertThat(head.feed(Unpooled.wrappedBuffer(Cuts.bytes(text)))).isEqualTo(Progress.DONE);
    head.frameFor(method);
    return head;
  }

  private static String toClient(String requestLine, String responseText, @Nullable String hsts) {
    RequestHead request = request(requestLine + "\r\nHost: a.test\r\n\r\n");
    ResponseHead response = response(responseText + "\r\n", request.method());
    ResponseEncoder.Options options = new ResponseEncoder.Options();
    options.passOn(request, response, true);
    options.date(DATE);
    options.hsts(hsts == null ? null : Cuts.bytes(hsts));
    ByteBuf out = Unpooled.buffer();
    ResponseEncoder.encode(out, response, options);
    return out.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "|");
  }

  private static String toClient(String responseText) {
    return toClient("GET / HTTP/1.1", responseText, null);
  }

  @Test
  void theHeadToAClientIsWrittenAnew() {
    assertThat(
            toClient(
                "HTTP/1.0 200 Fine\r\nServer: x\r\nConnection: keep-alive, b\r\nA: 1\r\nB: 2\r\n"
                    + "Keep-Alive: 5\r\nSet-Cookie: c\r\nSet-Cookie: d\r\nDate: now\r\n"
                    + "x_y: z\r\nUpgrade: h2\r\nContent-Length: 007\r\nTrailer: t\r\n"))
        .isEqualTo(
            "HTTP/1.1 200 Fine|A: 1|Set-Cookie: c|Set-Cookie: d|Date: now|x_y: z|"
                + "Content-Length: 7||");
    assertThat(toClient("HTTP/1.1 200\r\nContent-Length: 0\r\n"))
        .isEqualTo("HTTP/1.1 200 |Date: Sun, 06 Nov 1994 08:49:37 GMT|Content-Length: 0||");
  }

  @Test
  void framingToTheClientFollowsItsVersion() {
    String head = "HTTP/1.1 200 OK\r\nDate: d\r\n";
    String chunked = head + "Transfer-Encoding: chunked\r\n";
    assertThat(toClient(chunked)).endsWith("|Transfer-Encoding: chunked||");
    assertThat(toClient(head)).endsWith("|Transfer-Encoding: chunked||");
    String old = "GET / HTTP/1.0\r\nConnection: keep-alive";
    assertThat(toClient(old, chunked, null)).endsWith("Date: d|Connection: close||");
    assertThat(toClient(old, head, null)).endsWith("Date: d|Connection: close||");
    assertThat(toClient(old, head + "Content-Length: 3\r\n", null))
        .endsWith("|Content-Length: 3|Connection: keep-alive||");
    assertThat(toClient("GET / HTTP/1.0", head + "Content-Length: 3\r\n", null))
        .endsWith("|Content-Length: 3|Connection: close||");
  }

  @Test
  void aResponseWithoutBodyKeepsWhatItSaysAboutOne() {
    String length = "Date: d\r\nContent-Length: 3\r\n";
    assertThat(toClient("HEAD / HTTP/1.1", "HTTP/1.1 200 OK\r\n" + length, null))
        .endsWith("Date: d|Content-Length: 3||");
    assertThat(toClient("HTTP/1.1 304 N\r\n" + length)).endsWith("Date: d|Content-Length: 3||");
    assertThat(toClient("HTTP/1.1 304 N\r\nDate: d\r\n")).endsWith("Date: d||");
    assertThat(toClient("HTTP/1.1 204 N\r\n" + length)).endsWith("Date: d||");
    assertThat(
            toClient(
                "HEAD / HTTP/1.1",
                "HTTP/1.1 200 OK\r\nDate: d\r\nTransfer-Encoding: chunked\r\n",
                null))
        .endsWith("Date: d||");
  }

  @Test
  void transportSecurityIsReplacedWhenItIsOurs() {
    String backend =
        "HTTP/1.1 204 N\r\nDate: d\r\nStrict-Transport-Security: max-age=0\r\nA: b\r\n";
    assertThat(toClient("GET / HTTP/1.1", backend, "max-age=9"))
        .isEqualTo("HTTP/1.1 204 N|Date: d|A: b|Strict-Transport-Security: max-age=9||");
    assertThat(toClient(backend)).contains("|Strict-Transport-Security: max-age=0|");
  }

  @Test
  void theServerIsTheGatewaysOrNone() {
    RequestHead request = request("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ResponseHead response =
        response("HTTP/1.1 204 N\r\nDate: d\r\nServer: backend\r\n\r\n", Method.GET);
    ResponseEncoder.Options options = new ResponseEncoder.Options();
    options.passOn(request, response, true);
    options.server(Cuts.bytes("penstock"));
    ByteBuf out = Unpooled.buffer();
    ResponseEncoder.encode(out, response, options);
    assertThat(out.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("HTTP/1.1 204 N\r\nServer: penstock\r\nDate: d\r\n\r\n");
  }

  @Test
  void closingIsSaid() {
    RequestHead request = request("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    ResponseHead response = response("HTTP/1.1 204 N\r\nDate: d\r\n\r\n", Method.GET);
    ResponseEncoder.Options options = new ResponseEncoder.Options();
    options.passOn(request, response, true);
    assertThat(options.keepAlive()).isFalse();
    ByteBuf out = Unpooled.buffer();
    ResponseEncoder.encode(out, response, options);
    assertThat(out.toString(StandardCharsets.ISO_8859_1)).endsWith("\r\nConnection: close\r\n\r\n");
  }

  @Test
  void informationalAndUpgradeHeadsCarryNoFraming() {
    ByteBuf out = Unpooled.buffer();
    String lines = "Link: x\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\nContent-Length: 0\r\n";
    ResponseEncoder.encodeInformational(
        out, response("HTTP/1.1 103 Early Hints\r\n" + lines + "\r\n", Method.GET));
    ResponseEncoder.encodeUpgrade(
        out, response("HTTP/1.1 101 Switch\r\n" + lines + "Server: s\r\n\r\n", Method.GET));
    assertThat(out.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "|"))
        .isEqualTo(
            "HTTP/1.1 103 Early Hints|Link: x||"
                + "HTTP/1.1 101 Switch|Connection: Upgrade|Upgrade: websocket|Link: x||");
  }

  @Test
  void chunksHoldWhatTheDecoderReads() {
    ByteBuf out = Unpooled.buffer();
    boolean first = true;
    int total = 0;
    for (int size : new int[] {1, 15, 16, 17, 255, 256, 4095, 4096, 65_535, 65_536, 1_000_000}) {
      int before = out.readableBytes();
      Chunks.header(out, size, first);
      assertThat(out.readableBytes() - before).isLessThanOrEqualTo(Chunks.HEADER_BYTES_MAX);
      out.writeZero(size);
      first = false;
      total += size;
    }
    Chunks.last(out, first, null);
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    body.start(Framing.CHUNKED, 0);
    assertThat(body.decode(out, ByteBuf::release)).isEqualTo(Progress.DONE);
    assertThat(body.received()).isEqualTo(total);

    ByteBuf empty = Unpooled.buffer();
    Chunks.last(empty, true, null);
    assertThat(ByteBufUtil.getBytes(empty)).isEqualTo(Cuts.bytes("0\r\n\r\n"));
  }

  @Test
  void trailersThatCouldChangeTheMessageAreDropped() {
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    body.start(Framing.CHUNKED, 0);
    String trailers =
        "X-Sum: 1\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\nHost: h\r\nTrailer: t\r\n"
            + "Authorization: a\r\nX-Forwarded-For: f\r\nX_Y: z\r\nSet-Cookie: c\r\nB: 2\r\n"
            + "Content-Type: t\r\nConnection: B\r\nProxy: p\r\n";
    body.decode(Unpooled.wrappedBuffer(Cuts.bytes("0\r\n" + trailers + "\r\n")), ByteBuf::release);
    ByteBuf out = Unpooled.buffer();
    Chunks.last(out, false, body.trailers());
    assertThat(out.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("\r\n0\r\nX-Sum: 1\r\nB: 2\r\n\r\n");
  }
}

package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import dev.penstock.testkit.StrictReparse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Valid messages with a few bytes changed: the parsers say the same as {@link Naive}, however the
 * bytes are cut, and what the encoder makes of an accepted one is clean. A failure names its seed;
 * {@code -Dpenstock.fuzz.seed=} repeats it, {@code -Dpenstock.fuzz.rounds=} goes on for longer.
 */
@SuppressWarnings("StringConcatToTextBlock") // text blocks end lines in LF, the wire in CRLF
class FuzzTest {
  private static final long SEED = Long.getLong("penstock.fuzz.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("penstock.fuzz.rounds", 60_000);

  private static final List<String> REQUESTS =
      List.of(
          "GET /a/b?c=d HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n\r\n",
          "POST /x/./y/%2e%2e/%41 HTTP/1.1\r\nHost: a.test:80\r\nContent-Length: 5\r\n\r\nhello",
          "PUT //a HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue"
              + "\r\n\r\n0\r\n\r\n",
          "GET http://a.test/x HTTP/1.1\r\nhost:A.test\r\nX-Forwarded-For: 1\r\nA_b: c\r\n\r\n",
          "OPTIONS * HTTP/1.0\r\nConnection: keep-alive, x\r\nX: y\tz\u00E4\r\n\r\n",
          "\r\nGET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nHost: a\r\n\r\nGET");

  private static final List<String> RESPONSES =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: x\r\n\r\nhello",
          "HTTP/1.0 404 \r\nConnection: keep-alive\r\n\r\n",
          "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nxx",
          "HTTP/1.1 204\r\nTransfer-Encoding: chunked\r\nX: \u00FF\r\n\r\n");

  private static final List<String> CHUNKS =
      List.of(
          "5\r\nhello\r\n0\r\n\r\nGET",
          "A;a=\"b;\\\"c\";d\r\n0123456789\r\n1\r\nx\r\n000\r\nX: y\r\n\r\n",
          "1 ; a = b\r\nx\r\n0;q\r\n\r\n",
          "0\r\nA: b\r\nC: d\r\n\r\n");

  private static final String[] PIECES = {
    "\r\n",
    "\r",
    "\n",
    "\0",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "%",
    "%2e",
    "%2f",
    "..",
    ".",
    "/",
    "//",
    "\\",
    "#",
    "?",
    "\"",
    "chunked",
    "Transfer-Encoding: chunked\r\n",
    "Content-Length: 1\r\n",
    "Content-Length",
    "Host: b\r\n",
    "Connection: host, close\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "0",
    "5",
    "+",
    "-",
    "_",
    "\u0080",
    "\u00FF",
    "\u007F",
    "\u001B",
    "Expect: x\r\n",
    "=",
    "@",
    "[",
    "]",
    "*",
    "GET ",
    "x",
    "9999999999999999999",
    "\r\n\r\n",
    "Upgrade: h2c\r\n",
    "{",
    "~",
    "'"
  };

  private static String mutate(Random random, List<String> seeds) {
    StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
    for (int n = random.nextInt(4); n >= 0; n--) {
      int at = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), at + 1 + random.nextInt(3));
      String piece =
          random.nextInt(6) == 0
              ? "" + (char) random.nextInt(256)
              : PIECES[random.nextInt(PIECES.length)];
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, piece);
        case 1 -> text.replace(at, to, piece);
        case 2 -> text.delete(at, to);
        default -> text.insert(random.nextInt(text.length() + 1), text.substring(at, to));
      }
    }
    return text.toString();
  }

  /** The parser's words for whole and randomly cut input, which must be equal. */
  private static String read(Random random, String text, Function<List<byte[]>, String> reader) {
    byte[] bytes = Cuts.bytes(text);
    String whole = reader.apply(List.of(bytes));
    int[] cuts = random.ints(3, 0, bytes.length + 1).sorted().toArray();
    assertThat(reader.apply(Cuts.parts(bytes, cuts))).as(Arrays.toString(cuts)).isEqualTo(whole);
    return whole;
  }

  /** A parser refuses at the first bad byte, the naive reader only what is complete. */
  private static void compare(String seen, String naive, String what) {
    if (naive.equals(Naive.MORE) && seen.equals(Naive.REFUSED)) {
      return;
    }
    assertThat(seen).as(what).isEqualTo(naive);
  }

  private static String what(int round, String text) {
    return "seed "
        + SEED
        + " round "
        + round
        + ": "
        + text.replace("\r", "\\r").replace("\n", "\\n");
  }

  @Test
  void requestsAreReadAsTheNaiveReaderReadsThem() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String text = mutate(random, REQUESTS);
      String seen = read(random, text, FuzzTest::request);
      compare(seen, Naive.request(text), what(round, text));
    }
  }

  @Test
  void responsesAreReadAsTheNaiveReaderReadsThem() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String text = mutate(random, RESPONSES);
      String seen = read(random, text, FuzzTest::response);
      compare(seen, Naive.response(text), what(round, text));
    }
  }

  @Test
  void chunksAreReadAsTheNaiveReaderReadsThem() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String text = mutate(random, CHUNKS);
      String seen = read(random, text, FuzzTest::chunked);
      compare(seen, Naive.chunked(text), what(round, text));
    }
  }

  private static String request(List<byte[]> parts) {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    int rest = 0;
    for (byte[] part : parts) {
      ByteBuf in = Unpooled.wrappedBuffer(part);
      head.feed(in);
      rest += in.readableBytes();
    }
    return switch (head.feed(Unpooled.EMPTY_BUFFER)) {
      case MORE -> Naive.MORE;
      case REFUSED -> Naive.REFUSED;
      case DONE -> {
        requireClean(head);
        byte[] a = head.bytes();
        yield Ascii.text(a, 0, head.methodEnd())
            + " "
            + Ascii.text(a, head.pathStart(), head.pathEnd())
            + Ascii.text(a, head.queryStart(), head.queryEnd())
            + " "
            + Ascii.text(a, head.hostStart(), head.hostEnd())
            + " "
            + framing(head.framing(), head.contentLength())
            + " "
            + head.fields().count()
            + " "
            + rest;
      }
    };
  }

  private static String framing(Framing framing, long length) {
    return switch (framing) {
      case NONE, UNTIL_CLOSE -> "-";
      case LENGTH -> "LENGTH:" + length;
      case CHUNKED -> "CHUNKED";
    };
  }

  /** What a backend would get is one strictly well-formed request. */
  private static void requireClean(RequestHead head) {
    ByteBuf out = Unpooled.buffer();
    RequestEncoder.encode(
        out, head, new Identity(Cuts.bytes("::1"), Cuts.bytes("http"), Cuts.bytes("80")));
    if (head.framing() == Framing.CHUNKED) {
      Chunks.last(out, true, null);
    }
    byte[] sent = ByteBufUtil.getBytes(out);
    if (head.framing() == Framing.LENGTH && head.contentLength() < 100) {
      sent = Arrays.copyOf(sent, sent.length + (int) head.contentLength());
    }
    var result = StrictReparse.parse(sent);
    boolean aborted = head.contentLength() >= 100;
    assertThat(result.ending())
        .as(result.fault() + new String(sent, StandardCharsets.ISO_8859_1))
        .isEqualTo(aborted ? StrictReparse.Ending.ABORTED : StrictReparse.Ending.COMPLETE);
    assertThat(result.requests()).hasSize(aborted ? 0 : 1);
  }

  private static String response(List<byte[]> parts) {
    ResponseHead head = new ResponseHead(Settings.Limits.DEFAULT);
    int rest = 0;
    for (byte[] part : parts) {
      ByteBuf in = Unpooled.wrappedBuffer(part);
      head.feed(in);
      rest += in.readableBytes();
    }
    Progress progress = head.feed(Unpooled.EMPTY_BUFFER);
    if (progress != Progress.DONE) {
      return progress == Progress.MORE ? Naive.MORE : Naive.REFUSED;
    }
    return head.status() + " " + declared(head) + " " + head.fields().count() + " " + rest;
  }

  private static String declared(ResponseHead head) {
    if (head.fields().find(FieldName.TRANSFER_ENCODING) >= 0) {
      return "CHUNKED";
    }
    return head.contentLength() < 0 ? "-" : "LENGTH:" + head.contentLength();
  }

  private static String chunked(List<byte[]> parts) {
    String seen = Cuts.readBody(parts, Framing.CHUNKED, 0);
    if (seen.startsWith("more ")) {
      return Naive.MORE;
    }
    if (!seen.startsWith("'")) {
      return Naive.REFUSED;
    }
    String payload = seen.substring(1, seen.lastIndexOf("' trailers="));
    int rest = Integer.parseInt(seen.substring(seen.lastIndexOf("rest=") + 5));
    byte[] all = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts.toArray(byte[][]::new)));
    return payload + "|" + Ascii.text(all, all.length - rest, all.length);
  }
}

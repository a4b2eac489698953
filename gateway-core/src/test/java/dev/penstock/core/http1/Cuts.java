package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Feeds a message whole, in two parts at every cut, and byte by byte, and tells what a parser made
 * of it in one line of text; all ways must give the same line.
 */
final class Cuts {
  private Cuts() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static String request(String message) {
    return everyWay(bytes(message), Cuts::readRequest);
  }

  static String response(String message, Method method) {
    return everyWay(bytes(message), parts -> readResponse(parts, method));
  }

  static String chunked(String message) {
    return everyWay(bytes(message), parts -> readBody(parts, Framing.CHUNKED, 0));
  }

  static String body(String message, Framing framing, long length) {
    return everyWay(bytes(message), parts -> readBody(parts, framing, length));
  }

  private static String everyWay(byte[] message, Function<List<byte[]>, String> reader) {
    String whole = reader.apply(List.of(message));
    for (int cut = 1; cut < message.length; cut++) {
      assertThat(reader.apply(parts(message, cut))).as("cut at " + cut).isEqualTo(whole);
    }
    assertThat(reader.apply(everywhere(message))).as("byte by byte").isEqualTo(whole);
    return whole;
  }

  /** Byte by byte. */
  static List<byte[]> everywhere(byte[] message) {
    int[] cuts = new int[Math.max(0, message.length - 1)];
    Arrays.setAll(cuts, i -> i + 1);
    return parts(message, cuts);
  }

  /** Cut at random places, twice; the places are a function of the message. */
  static List<List<byte[]>> random(byte[] message) {
    Random random = new Random(Arrays.hashCode(message));
    List<List<byte[]>> ways = new ArrayList<>();
    for (int count : new int[] {1, 4}) {
      ways.add(parts(message, random.ints(count, 0, message.length + 1).sorted().toArray()));
    }
    return ways;
  }

  static List<byte[]> parts(byte[] message, int... cuts) {
    List<byte[]> parts = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      parts.add(Arrays.copyOfRange(message, from, cut));
      from = cut;
    }
    parts.add(Arrays.copyOfRange(message, from, message.length));
    return parts;
  }

  static String readRequest(List<byte[]> parts) {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    int rest = 0;
    for (byte[] part : parts) {
      ByteBuf in = Unpooled.wrappedBuffer(part);
      head.feed(in);
      rest += in.readableBytes();
    }
    return describe(head, head.feed(Unpooled.EMPTY_BUFFER), rest);
  }

  static String describe(RequestHead head, Progress progress, int rest) {
    return switch (progress) {
      case MORE -> "more";
      case REFUSED -> head.refusal().name();
      case DONE -> {
        byte[] a = head.bytes();
        yield "%s %s%s host=%s name=%s %s:%d%s%s%s%s%s fields=%s rest=%d"
            .formatted(
                Ascii.text(a, head.methodStart(), head.methodEnd()),
                Ascii.text(a, head.pathStart(), head.pathEnd()),
                Ascii.text(a, head.queryStart(), head.queryEnd()),
                Ascii.text(a, head.hostStart(), head.hostEnd()),
                Ascii.text(a, head.hostStart(), head.hostNameEnd()),
                head.framing(),
                head.contentLength(),
                head.http10() ? " 1.0" : "",
                head.keepAlive() ? "" : " close",
                head.expectsContinue() ? " expect" : "",
                head.upgradesToWebSocket() ? " websocket" : "",
                head.acceptsTrailers() ? " trailers" : "",
                fields(head.fields()),
                rest);
      }
    };
  }

  static String readResponse(List<byte[]> parts, Method method) {
    ResponseHead head = new ResponseHead(Settings.Limits.DEFAULT);
    int rest = 0;
    for (byte[] part : parts) {
      ByteBuf in = Unpooled.wrappedBuffer(part);
      head.feed(in);
      rest += in.readableBytes();
    }
    return describe(head, head.feed(Unpooled.EMPTY_BUFFER), method, rest);
  }

  static String describe(ResponseHead head, Progress progress, Method method, int rest) {
    return switch (progress) {
      case MORE -> "more";
      case REFUSED -> head.refusal().name();
      case DONE -> {
        head.frameFor(method);
        yield "%d '%s' %s:%d%s%s%s fields=%s rest=%d"
            .formatted(
                head.status(),
                Ascii.text(head.bytes(), head.reasonStart(), head.reasonEnd()),
                head.framing(),
                head.contentLength(),
                head.http10() ? " 1.0" : "",
                head.keepAlive() ? "" : " close",
                head.upgradesToWebSocket() ? " websocket" : "",
                fields(head.fields()),
                rest);
      }
    };
  }

  static String readBody(List<byte[]> parts, Framing framing, long length) {
    BodyDecoder body = new BodyDecoder(Settings.Limits.DEFAULT);
    body.start(framing, length);
    StringBuilder data = new StringBuilder();
    int rest = 0;
    for (byte[] part : parts) {
      ByteBuf in = Unpooled.wrappedBuffer(part);
      body.decode(in, piece -> append(data, piece));
      rest += in.readableBytes();
      in.release();
    }
    assertThat(body.received()).isEqualTo(data.length());
    return switch (body.decode(Unpooled.EMPTY_BUFFER, piece -> append(data, piece))) {
      case MORE -> "more '" + data + "'";
      case REFUSED -> body.refusal() + " '" + data + "'";
      case DONE -> "'" + data + "' trailers=" + fields(body.trailers()) + " rest=" + rest;
    };
  }

  private static void append(StringBuilder data, ByteBuf piece) {
    data.append(piece.toString(StandardCharsets.ISO_8859_1));
    piece.release();
  }

  static String fields(Fields fields) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.count(); i++) {
      String hop = fields.isHopByHop(i) ? "*" : "";
      lines.add(hop + fields.nameText(i) + "=" + fields.valueText(i));
    }
    return lines.toString();
  }
}

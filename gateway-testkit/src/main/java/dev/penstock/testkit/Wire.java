package dev.penstock.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The little of HTTP/1.1 that both ends of a test need. Texts are bytes as ISO-8859-1. */
final class Wire {
  /** A peer that sends a longer head is not one that a test wants to understand. */
  private static final int HEAD_BYTES_MAX = 1 << 20;

  private Wire() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Everything up to and with the first empty line.
   *
   * @throws EOFException when the stream ends before; the message is empty when it ended before the
   *     first byte
   */
  static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) throw new EOFException(head.toString(StandardCharsets.ISO_8859_1));
      head.write(b);
      if (b == (matched % 2 == 0 ? '\r' : '\n')) matched++;
      else matched = b == '\r' ? 1 : 0;
      if (head.size() > HEAD_BYTES_MAX) throw new ProtocolException("head without an end");
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /** The field lines of a head or trailer section; lines without a colon are skipped. */
  static List<Field> fields(List<String> lines) {
    List<Field> fields = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0)
        fields.add(new Field(line.substring(0, colon), line.substring(colon + 1).trim()));
    }
    return fields;
  }

  static boolean isChunked(List<Field> fields) {
    return fields.stream()
        .anyMatch(field ->
            field.is("transfer-encoding")
                && field.value().toLowerCase(Locale.ROOT).contains("chunked"));
  }

  /** The first Content-Length, or -1 when there is none that can be read. */
  static long contentLength(List<Field> fields) {
    for (Field field : fields) {
      if (!field.is("content-length")) continue;
      try {
        return Long.parseLong(field.value());
      } catch (NumberFormatException unreadable) {
        return -1;
      }
    }
    return -1;
  }

  /** A chunked body without its framing; trailers are added to the list. */
  static void readChunked(InputStream in, ByteArrayOutputStream body, List<Field> trailers)
      throws IOException {
    while (true) {
      String line = readLine(in);
      int extension = line.indexOf(';');
      String size = (extension < 0 ? line : line.substring(0, extension)).trim();
      long count;
      try {
        count = Long.parseLong(size, 16);
      } catch (NumberFormatException unreadable) {
        throw new ProtocolException("chunk-size line '" + line + "'");
      }
      if (count == 0) break;
      readExactly(in, count, body);
      if (!readLine(in).isEmpty()) throw new ProtocolException("chunk data without CRLF");
    }
    List<String> lines = new ArrayList<>();
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) lines.add(line);
    trailers.addAll(fields(lines));
  }

  static void readExactly(InputStream in, long count, ByteArrayOutputStream into)
      throws IOException {
    byte[] buffer = new byte[64 * 1024];
    for (long left = count; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) throw new EOFException(left + " bytes of the body are missing");
      into.write(buffer, 0, n);
      left -= n;
    }
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new EOFException("a line is cut");
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    if (!text.endsWith("\r")) throw new ProtocolException("bare LF behind '" + text + "'");
    return text.substring(0, text.length() - 1);
  }
}

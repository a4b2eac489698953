package dev.penstock.scenarios.http;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One whole answer.
 *
 * @param body as ISO 8859-1
 * @param closes whether the server says that it ends the connection after it
 */
public record Answer(int status, String body, boolean closes) {
  private static final String VERSION = "HTTP/1.1 ";
  private static final String LENGTH = "\r\ncontent-length: ";
  private static final int STATUS_DIGITS = 3;

  /** Beyond it an answer is not one of ours. */
  private static final int BODY_BYTES_MAX = 1 << 20;

  /**
   * The answer that these bytes begin with; null while it is not whole. Nothing may follow it,
   * because nothing further was asked.
   *
   * @throws ProtocolException when these bytes are no answer, or more than one
   */
  static @Nullable Answer in(byte[] bytes, int length) throws ProtocolException {
    int headEnd = headEnd(bytes, length);
    if (headEnd < 0) return null;
    String head = new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1);
    if (!head.startsWith(VERSION)) throw new ProtocolException("no answer: " + firstLine(head));
    String fields = head.toLowerCase(Locale.ROOT);
    int status =
        Integer.parseInt(head.substring(VERSION.length(), VERSION.length() + STATUS_DIGITS));
    int bodyLength = bodyLength(status, fields);
    int end = headEnd + bodyLength;
    if (length < end) return null;
    if (length > end) {
      throw new ProtocolException(length - end + " bytes after the answer " + firstLine(head));
    }
    return new Answer(
        status,
        new String(bytes, headEnd, bodyLength, StandardCharsets.ISO_8859_1),
        fields.contains("\r\nconnection: close\r\n"));
  }

  private static int bodyLength(int status, String fields) throws ProtocolException {
    if (status == 101) return 0;
    int at = fields.indexOf(LENGTH);
    if (at < 0) throw new ProtocolException("no Content-Length: " + firstLine(fields));
    int start = at + LENGTH.length();
    int length = Integer.parseInt(fields.substring(start, fields.indexOf("\r\n", start)).strip());
    if (length > BODY_BYTES_MAX) throw new ProtocolException("body of " + length + " bytes");
    return length;
  }

  private static String firstLine(String head) {
    return head.lines().findFirst().orElse("");
  }

  /** Just behind the empty line; negative when there is none yet. */
  static int headEnd(byte[] bytes, int length) {
    for (int i = 3; i < length; i++) {
      boolean found =
          bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r';
      if (found) return i + 1;
    }
    return -1;
  }

  /** Short enough for a count of reasons. */
  String brief() {
    String text = body.length() > 60 ? body.substring(0, 60) + "…" : body;
    return status + " '" + text.replaceAll("\\s+", " ") + "'";
  }
}

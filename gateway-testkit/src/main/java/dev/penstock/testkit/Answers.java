package dev.penstock.testkit;

import java.util.Locale;

/** Responses as they stand on the wire. */
public final class Answers {
  private Answers() {}

  /** 200 with a Content-Length. */
  public static String ok(String body) {
    return withStatus(200, "OK", body);
  }

  /** Any status, with a Content-Length and further field lines (without line ends). */
  public static String withStatus(int status, String reason, String body, String... fieldLines) {
    StringBuilder text = new StringBuilder();
    text.append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
    for (String line : fieldLines) text.append(line).append("\r\n");
    text.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
    return text.toString();
  }

  /** 200 with a chunked body, one chunk for each text. */
  public static String chunked(String... chunks) {
    StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (String chunk : chunks) text.append(chunk(chunk));
    return text.append("0\r\n\r\n").toString();
  }

  /** One chunk with its framing. */
  public static String chunk(String data) {
    return Integer.toHexString(data.length()).toLowerCase(Locale.ROOT) + "\r\n" + data + "\r\n";
  }
}

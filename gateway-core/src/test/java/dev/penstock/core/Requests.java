package dev.penstock.core;

/** Requests of a plain kind, as they stand on the wire. */
final class Requests {
  private Requests() {}

  static String get(String path, String... fieldLines) {
    return head("GET", path, fieldLines) + "\r\n";
  }

  static String post(String path, String body, String... fieldLines) {
    return head("POST", path, fieldLines) + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** The head of a chunked POST; chunks follow. */
  static String chunkedPost(String path, String... fieldLines) {
    return head("POST", path, fieldLines) + "Transfer-Encoding: chunked\r\n\r\n";
  }

  /** Without the empty line. */
  static String head(String method, String path, String... fieldLines) {
    StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: a.test\r\n");
    for (String line : fieldLines) text.append(line).append("\r\n");
    return text.toString();
  }

  static String webSocket(String path) {
    return get(
        path,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
  }
}

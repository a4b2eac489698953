package dev.penstock.core.observe;

/**
 * The three words of a request line, found when a log format wants them. Of a line that has no
 * three words, all is the target.
 */
final class RequestLine {
  private RequestLine() {}

  static void method(ByteSpan line, ByteSpan target) {
    int space = firstSpace(line);
    if (space < lastSpace(line)) target.set(line.bytes(), line.start(), space);
  }

  static void uri(ByteSpan line, ByteSpan target) {
    int first = firstSpace(line);
    int last = lastSpace(line);
    if (first < last) target.set(line.bytes(), first + 1, last);
    else target.set(line);
  }

  static void protocol(ByteSpan line, ByteSpan target) {
    int last = lastSpace(line);
    if (firstSpace(line) < last) target.set(line.bytes(), last + 1, line.end());
  }

  private static int firstSpace(ByteSpan line) {
    int at = line.start();
    while (at < line.end() && line.bytes()[at] != ' ') at++;
    return at;
  }

  private static int lastSpace(ByteSpan line) {
    int at = line.end() - 1;
    while (at >= line.start() && line.bytes()[at] != ' ') at--;
    return at;
  }
}

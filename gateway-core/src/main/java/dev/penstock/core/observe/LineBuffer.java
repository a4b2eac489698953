package dev.penstock.core.observe;

/**
 * Where a log line is written: numbers and escaped bytes into an array, without making a String. A
 * line that would be longer than {@link #LINE_MAX} is cut.
 */
final class LineBuffer {
  /** A field of a line: longer ones are cut, so that nobody fills the log with one request. */
  static final int FIELD_MAX = 2 * 1024;

  /** A text of ours, such as an endpoint: 253 characters of a DNS name and a port fit. */
  private static final int ASCII_MAX = 300;

  /** A line, its end included: all fields of the default format or of JSON at their longest. */
  static final int LINE_MAX = 40 * 1024;

  private final LogClock clock;
  private byte[] bytes = new byte[0];
  private int position;
  private int limit;

  LineBuffer(LogClock clock) {
    this.clock = clock;
  }

  /** Goes on in another array, which has {@link #LINE_MAX} bytes from there. */
  void beginLine(byte[] newBytes, int newPosition) {
    bytes = newBytes;
    position = newPosition;
    limit = newPosition + LINE_MAX - 1;
  }

  /** Ends the line; returns the index behind it. */
  int endLine() {
    bytes[position++] = '\n';
    return position;
  }

  /** Whether a piece of the line had no place. */
  boolean isFull() {
    return position >= limit;
  }

  LogClock clock() {
    return clock;
  }

  /** As it is. */
  void raw(byte[] text) {
    int length = Math.min(text.length, limit - position);
    System.arraycopy(text, 0, bytes, position, length);
    position += length;
  }

  void raw(char ascii) {
    if (position < limit) bytes[position++] = (byte) ascii;
  }

  /** Escaped, and cut at {@link #FIELD_MAX}. */
  void field(byte[] from, int start, int end, Escape escape) {
    int fieldLimit = Math.min(limit, position + FIELD_MAX);
    int at = position;
    for (int i = start; i < end; i++) {
      byte value = from[i];
      if (Escape.isPlain(value)) {
        if (at >= fieldLimit) break;
        bytes[at++] = value;
      } else {
        if (at + Escape.LONGEST > fieldLimit) break;
        at = escape.write(value, bytes, at);
      }
    }
    position = at;
  }

  /** A text of ours in ASCII, such as an endpoint. */
  void ascii(String text) {
    int length = Math.min(text.length(), Math.min(ASCII_MAX, limit - position));
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      bytes[position++] = c < 0x80 && Escape.isPlain((byte) c) ? (byte) c : (byte) '?';
    }
  }

  /** In decimal. */
  void number(long value) {
    if (value < 0) {
      raw('-');
      number(value == Long.MIN_VALUE ? Long.MAX_VALUE : -value);
      return;
    }
    digits(value, decimals(value));
  }

  /** At least so many digits, with zeros in front. */
  void padded(long value, int digits) {
    digits(value, Math.max(digits, decimals(value)));
  }

  /** Seconds with three decimals, as nginx writes times. */
  void seconds(long millis) {
    number(millis / 1000);
    raw('.');
    padded(Math.abs(millis % 1000), 3);
  }

  private void digits(long value, int count) {
    if (count > limit - position) {
      position = limit;
      return;
    }
    long rest = value;
    for (int at = position + count - 1; at >= position; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    position += count;
  }

  private static int decimals(long value) {
    int count = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) count++;
    return count;
  }
}

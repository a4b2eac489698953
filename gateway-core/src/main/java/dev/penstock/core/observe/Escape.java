package dev.penstock.core.observe;

/**
 * How bytes that would break a log line are written. Both make every line printable ASCII, whatever
 * a client sends, so that no terminal and no parser can be fooled (line ends, escape sequences).
 */
enum Escape {
  /** As nginx's {@code escape=default}: {@code "}, {@code \}, controls and non-ASCII as \xXX. */
  NGINX,
  /** As JSON wants it; a byte beyond ASCII is written as the code point of its value. */
  JSON;

  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  /** The longest form of one byte. */
  static final int LONGEST = 6;

  private static final boolean[] PLAIN = new boolean[256];

  static {
    for (int i = 0x20; i < 0x7F; i++) PLAIN[i] = i != '"' && i != '\\';
  }

  static boolean isPlain(byte value) {
    return PLAIN[value & 0xFF];
  }

  /** Writes a byte that is not plain; returns the index behind. */
  int write(byte value, byte[] out, int at) {
    int next = at;
    out[next++] = '\\';
    if (this == NGINX) {
      out[next++] = 'x';
    } else if (value == '"' || value == '\\') {
      out[next++] = value;
      return next;
    } else {
      out[next++] = 'u';
      out[next++] = '0';
      out[next++] = '0';
    }
    out[next++] = HEX[(value >> 4) & 15];
    out[next++] = HEX[value & 15];
    return next;
  }
}

package dev.penstock.core.http1;

/**
 * The syntax of {@code uri-host [ ":" port ]} (RFC 9110 §7.2), narrowed to what names a host:
 * letters, digits, {@code - . _}, or an IP literal in brackets; a port is one to five digits up to
 * 65535. Escapes and sub-delimiters, which the URI grammar would allow, are refused: no
 * certificate, rule or name server knows such a host, but parsers differ about them.
 */
final class Authority {
  private static final int PORT_MAX = 65_535;
  private static final int PORT_DIGITS_MAX = 5;

  private Authority() {}

  /** The index after the host's name, where the port's colon or the end is; -1 when malformed. */
  static int nameEnd(byte[] a, int from, int to) {
    if (from == to) {
      return -1;
    }
    int nameEnd = a[from] == '[' ? literalEnd(a, from + 1, to) : registeredNameEnd(a, from, to);
    if (nameEnd <= from || (nameEnd < to && !(a[nameEnd] == ':' && isPort(a, nameEnd + 1, to)))) {
      return -1;
    }
    return nameEnd;
  }

  private static int registeredNameEnd(byte[] a, int from, int to) {
    int p = from;
    while (p < to && isNameByte(a[p])) {
      p++;
    }
    return p;
  }

  private static boolean isNameByte(byte b) {
    return Ascii.isLetter(b) || Ascii.isDigit(b) || b == '-' || b == '.' || b == '_';
  }

  /** After the closing bracket, or -1; {@code from} is after the opening one. */
  private static int literalEnd(byte[] a, int from, int to) {
    int p = from;
    int colons = 0;
    while (p < to && (Ascii.hex(a[p]) >= 0 || a[p] == ':' || a[p] == '.')) {
      colons += a[p] == ':' ? 1 : 0;
      p++;
    }
    return p < to && a[p] == ']' && colons >= 2 ? p + 1 : -1;
  }

  /** One to five digits, at most 65535. */
  static boolean isPort(byte[] a, int from, int to) {
    if (from == to || to - from > PORT_DIGITS_MAX) {
      return false;
    }
    int port = 0;
    for (int p = from; p < to; p++) {
      if (!Ascii.isDigit(a[p])) {
        return false;
      }
      port = port * 10 + a[p] - '0';
    }
    return port <= PORT_MAX;
  }
}

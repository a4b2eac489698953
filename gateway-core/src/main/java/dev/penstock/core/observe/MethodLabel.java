package dev.penstock.core.observe;

/**
 * The method as a metric label: the methods of RFC 9110 and PATCH (RFC 5789); any other is {@link
 * #OTHER}, so that clients cannot make series.
 */
enum MethodLabel {
  GET,
  HEAD,
  POST,
  PUT,
  DELETE,
  CONNECT,
  OPTIONS,
  TRACE,
  PATCH,
  OTHER;

  /** Place in a packed number; never stored. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** The first word of a request line. */
  static MethodLabel ofRequestLine(ByteSpan line) {
    byte[] bytes = line.bytes();
    int start = line.start();
    int end = line.end();
    if (end - start < 4) return OTHER;
    return switch (bytes[start]) {
      case 'G' -> match(GET, bytes, start, end);
      case 'H' -> match(HEAD, bytes, start, end);
      case 'D' -> match(DELETE, bytes, start, end);
      case 'C' -> match(CONNECT, bytes, start, end);
      case 'O' -> match(OPTIONS, bytes, start, end);
      case 'T' -> match(TRACE, bytes, start, end);
      case 'P' ->
          switch (bytes[start + 1]) {
            case 'O' -> match(POST, bytes, start, end);
            case 'U' -> match(PUT, bytes, start, end);
            case 'A' -> match(PATCH, bytes, start, end);
            default -> OTHER;
          };
      default -> OTHER;
    };
  }

  private static MethodLabel match(MethodLabel method, byte[] bytes, int start, int end) {
    String name = method.name();
    int length = name.length();
    if (end - start <= length || bytes[start + length] != ' ') return OTHER;
    for (int i = 0; i < length; i++) {
      if (bytes[start + i] != name.charAt(i)) return OTHER;
    }
    return method;
  }
}

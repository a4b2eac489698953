package dev.penstock.core.http1;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a request-target (RFC 9112 §3.2): origin-form, absolute-form of http and https, and
 * {@code *} of OPTIONS. The path is made canonical; where that changes it, the canonical one is
 * written after the head in the same array.
 */
final class RequestTarget {
  private static final byte[] HTTP = Ascii.bytes("http://");
  private static final byte[] HTTPS = Ascii.bytes("https://");

  private int authorityStart;
  private int authorityEnd;
  private int pathStart;
  private int pathEnd;
  private int queryStart;
  private int queryEnd;

  /** Of absolute-form; empty otherwise. */
  int authorityStart() {
    return authorityStart;
  }

  int authorityEnd() {
    return authorityEnd;
  }

  int pathStart() {
    return pathStart;
  }

  int pathEnd() {
    return pathEnd;
  }

  /** With its question mark; empty when there is none. */
  int queryStart() {
    return queryStart;
  }

  int queryEnd() {
    return queryEnd;
  }

  void reset() {
    authorityStart = 0;
    authorityEnd = 0;
    pathStart = 0;
    pathEnd = 0;
    queryStart = 0;
    queryEnd = 0;
  }

  /**
   * Takes the target apart.
   *
   * @param bytes the whole head
   * @return why it is refused, or null
   */
  @Nullable Refusal read(HeadBytes bytes, RequestLine line) {
    byte[] a = bytes.array();
    int from = line.targetStart();
    int to = line.targetEnd();
    if (a[from] == '*' && to - from == 1) {
      pathStart = from;
      pathEnd = to;
      queryStart = to;
      queryEnd = to;
      return line.method() == Method.OPTIONS ? null : Refusal.TARGET;
    }
    int path = a[from] == '/' ? from : authority(a, from, to);
    if (path < 0) {
      return Refusal.TARGET;
    }
    queryStart = indexOf(a, path, to, '?');
    queryEnd = to;
    return canonicalise(bytes, path, queryStart);
  }

  /** Where the path of an absolute-form begins; -1 when it is none. */
  private int authority(byte[] a, int from, int to) {
    int start = afterScheme(a, from, to);
    if (start < 0) {
      return -1;
    }
    int end = start;
    while (end < to && a[end] != '/' && a[end] != '?') {
      end++;
    }
    authorityStart = start;
    authorityEnd = end;
    return end > start ? end : -1;
  }

  private static int afterScheme(byte[] a, int from, int to) {
    int end = afterPrefix(a, from, to, HTTP);
    return end < 0 ? afterPrefix(a, from, to, HTTPS) : end;
  }

  private static int afterPrefix(byte[] a, int from, int to, byte[] prefix) {
    int end = from + prefix.length;
    return end <= to && Ascii.equalsIgnoreCase(a, from, end, prefix) ? end : -1;
  }

  private @Nullable Refusal canonicalise(HeadBytes bytes, int from, int to) {
    byte[] a = bytes.array();
    if (from < to && CanonicalPath.isCanonical(a, from, to)) {
      pathStart = from;
      pathEnd = to;
      return null;
    }
    if (!bytes.reserve((to - from) * CanonicalPath.GROWTH_MAX + 1)) {
      return Refusal.NO_MEMORY;
    }
    a = bytes.array();
    pathStart = bytes.length();
    if (from == to) {
      a[pathStart] = '/'; // http://host?query
      pathEnd = pathStart + 1;
      return null;
    }
    int end = CanonicalPath.write(a, from, to, a, pathStart);
    if (end < 0) {
      return CanonicalPath.refusal(end);
    }
    pathEnd = end;
    return null;
  }

  private static int indexOf(byte[] a, int from, int to, char wanted) {
    int p = from;
    while (p < to && a[p] != wanted) {
      p++;
    }
    return p;
  }
}

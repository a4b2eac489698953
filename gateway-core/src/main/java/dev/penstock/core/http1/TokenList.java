package dev.penstock.core.http1;

/** Comma-separated lists of tokens (RFC 9110 §5.6.1); empty elements are skipped. */
final class TokenList {
  private TokenList() {}

  /**
   * After a comma and the white space around it, or {@code end} when only white space is left; -1
   * when something else stands at {@code p}.
   */
  static int afterSeparator(byte[] a, int p, int end) {
    int q = afterBlanks(a, p, end);
    if (q == end) {
      return end;
    }
    return a[q] == ',' ? afterBlanks(a, q + 1, end) : -1;
  }

  static int afterBlanks(byte[] a, int p, int end) {
    int q = p;
    while (q < end && Ascii.isBlank(a[q])) {
      q++;
    }
    return q;
  }

  /**
   * Whether the list has that token; elements that are not plain tokens, such as those with
   * parameters, don't match.
   */
  static boolean contains(Fields fields, int index, byte[] lowerCaseToken) {
    return count(fields, index, lowerCaseToken) > 0;
  }

  /** How often the list has that token; elements that are not plain tokens don't match. */
  static int count(Fields fields, int index, byte[] lowerCaseToken) {
    int count = 0;
    byte[] a = fields.bytes();
    int end = fields.valueEnd(index);
    int from = fields.valueStart(index);
    while (from < end) {
      int to = from;
      while (to < end && a[to] != ',') {
        to++;
      }
      int first = afterBlanks(a, from, to);
      int last = to;
      while (last > first && Ascii.isBlank(a[last - 1])) {
        last--;
      }
      if (Ascii.equalsIgnoreCase(a, first, last, lowerCaseToken)) {
        count++;
      }
      from = to + 1;
    }
    return count;
  }
}

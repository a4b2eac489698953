package dev.penstock.core.http1;

/**
 * What the Connection fields of a message say (RFC 9110 §7.6.1): whether the connection persists,
 * whether it is to be upgraded, and which fields end at this hop.
 */
final class ConnectionOptions {
  /** More options than that are an attack: each is compared with every field. */
  private static final int OPTIONS_MAX = 32;

  private static final byte[] CLOSE = Ascii.bytes("close");
  private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
  private static final byte[] UPGRADE = Ascii.bytes("upgrade");

  private boolean close;
  private boolean keepAlive;
  private boolean upgrade;
  private int count;

  boolean keepsAlive(boolean http10) {
    return !close && (keepAlive || !http10);
  }

  boolean isUpgrade() {
    return upgrade;
  }

  void reset() {
    close = false;
    keepAlive = false;
    upgrade = false;
    count = 0;
  }

  /**
   * Reads one Connection field, after all fields of the section are known.
   *
   * @return false when it is no list of tokens, or all together name too many
   */
  boolean read(Fields fields, int index) {
    byte[] a = fields.bytes();
    int end = fields.valueEnd(index);
    int p = fields.valueStart(index);
    while (p < end) {
      int from = p;
      while (p < end && Ascii.isToken(a[p])) {
        p++;
      }
      if (p > from && !option(fields, from, p)) {
        return false;
      }
      p = TokenList.afterSeparator(a, p, end);
      if (p < 0) {
        return false;
      }
    }
    return true;
  }

  private boolean option(Fields fields, int from, int to) {
    byte[] a = fields.bytes();
    if (Ascii.equalsIgnoreCase(a, from, to, CLOSE)) {
      close = true;
    } else if (Ascii.equalsIgnoreCase(a, from, to, KEEP_ALIVE)) {
      keepAlive = true;
    } else if (Ascii.equalsIgnoreCase(a, from, to, UPGRADE)) {
      upgrade = true;
    } else {
      fields.markHopByHop(from, to);
    }
    return ++count <= OPTIONS_MAX;
  }
}

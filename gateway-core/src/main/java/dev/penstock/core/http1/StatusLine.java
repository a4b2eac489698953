package dev.penstock.core.http1;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code HTTP/1.x SP 3DIGIT [ SP reason ] CRLF} (RFC 9112 §4), resumable at every byte. The
 * space after the status may be missing when there is no reason, as some servers send it; nothing
 * else is lenient.
 */
final class StatusLine {
  private enum State {
    VERSION_AND_STATUS,
    REASON_OR_END,
    REASON,
    LAST_LF,
    ENDED
  }

  /** {@code d} is any digit. */
  private static final byte[] PATTERN = Ascii.bytes("HTTP/1.d ddd");

  private static final int MINOR_VERSION_AT = 7;
  private static final int STATUS_AT = 9;
  private static final int STATUS_MIN = 100;
  private static final int STATUS_MAX = 599;

  private State state = State.VERSION_AND_STATUS;
  private @Nullable Refusal refusal;
  private boolean http10;
  private int status;
  private int reasonStart;
  private int reasonEnd;

  @Nullable Refusal refusal() {
    return refusal;
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  boolean http10() {
    return http10;
  }

  int status() {
    return status;
  }

  int reasonStart() {
    return reasonStart;
  }

  int reasonEnd() {
    return reasonEnd;
  }

  void reset() {
    state = State.VERSION_AND_STATUS;
    refusal = null;
    http10 = false;
    status = 0;
    reasonStart = 0;
    reasonEnd = 0;
  }

  /** Reads on; the same contract as {@link FieldLines#scan}. */
  int scan(byte[] a, int from, int to) {
    int p = from;
    while (p < to && state != State.ENDED && refusal == null) {
      p =
          switch (state) {
            case VERSION_AND_STATUS -> versionAndStatus(a, p);
            case REASON_OR_END -> reasonOrEnd(a, p);
            case REASON -> reason(a, p, to);
            case LAST_LF -> lastLf(a, p);
            case ENDED -> p;
          };
    }
    return p;
  }

  private int versionAndStatus(byte[] a, int p) {
    byte b = a[p];
    boolean good = PATTERN[p] == 'd' ? Ascii.isDigit(b) : b == PATTERN[p];
    if (!good) {
      return refuse(b == Ascii.LF ? Refusal.BARE_LF : Refusal.STATUS_LINE, p);
    }
    if (p == MINOR_VERSION_AT) {
      http10 = b == '0';
      if (b > '1') {
        return refuse(Refusal.VERSION, p);
      }
    }
    if (p >= STATUS_AT) {
      status = status * 10 + b - '0';
    }
    if (p == PATTERN.length - 1) {
      state = State.REASON_OR_END;
      if (status < STATUS_MIN || status > STATUS_MAX) {
        return refuse(Refusal.STATUS_LINE, p);
      }
    }
    return p + 1;
  }

  private int reasonOrEnd(byte[] a, int p) {
    if (a[p] == Ascii.SP) {
      reasonStart = p + 1;
      state = State.REASON;
      return p + 1;
    }
    if (a[p] == Ascii.CR) {
      reasonStart = p;
      reasonEnd = p;
      state = State.LAST_LF;
      return p + 1;
    }
    return refuse(a[p] == Ascii.LF ? Refusal.BARE_LF : Refusal.STATUS_LINE, p);
  }

  private int reason(byte[] a, int from, int to) {
    int p = Ascii.skipFieldValue(a, from, to);
    if (p == to) {
      return p;
    }
    if (a[p] != Ascii.CR) {
      return refuse(a[p] == Ascii.LF ? Refusal.BARE_LF : Refusal.STATUS_LINE, p);
    }
    reasonEnd = p;
    state = State.LAST_LF;
    return p + 1;
  }

  private int lastLf(byte[] a, int p) {
    if (a[p] != Ascii.LF) {
      return refuse(Refusal.BARE_CR, p);
    }
    state = State.ENDED;
    return p + 1;
  }

  private int refuse(Refusal why, int p) {
    refusal = why;
    return p;
  }
}

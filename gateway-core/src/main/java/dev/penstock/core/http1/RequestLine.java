package dev.penstock.core.http1;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code method SP request-target SP HTTP/1.x CRLF} (RFC 9112 §3), resumable at every byte:
 * single spaces, CRLF, and a target of visible ASCII without {@code #}. The forms of the target are
 * {@link RequestTarget}'s.
 */
final class RequestLine {
  private enum State {
    METHOD,
    TARGET,
    VERSION,
    LAST_LF,
    ENDED
  }

  private static final byte[] PROTOCOL = Ascii.bytes("HTTP/");

  /** {@code HTTP/1.1} */
  private static final int VERSION_BYTES = 8;

  private State state = State.METHOD;
  private @Nullable Refusal refusal;
  private Method method = Method.OTHER;
  private int methodEnd;
  private int targetEnd;
  private int end;
  private boolean http10;

  @Nullable Refusal refusal() {
    return refusal;
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  Method method() {
    return method;
  }

  /** The method begins at 0. */
  int methodEnd() {
    return methodEnd;
  }

  int targetStart() {
    return methodEnd + 1;
  }

  int targetEnd() {
    return targetEnd;
  }

  /** After the version, at the CRLF. */
  int end() {
    return end;
  }

  boolean http10() {
    return http10;
  }

  void reset() {
    state = State.METHOD;
    refusal = null;
    method = Method.OTHER;
    methodEnd = 0;
    targetEnd = 0;
    end = 0;
    http10 = false;
  }

  /** Reads on; the same contract as {@link FieldLines#scan}. */
  int scan(byte[] a, int from, int to) {
    int p = from;
    while (p < to && state != State.ENDED && refusal == null) {
      p =
          switch (state) {
            case METHOD -> method(a, p, to);
            case TARGET -> target(a, p, to);
            case VERSION -> version(a, p);
            case LAST_LF -> lastLf(a, p);
            case ENDED -> p;
          };
    }
    return p;
  }

  private int method(byte[] a, int from, int to) {
    int p = from;
    while (p < to && Ascii.isToken(a[p])) {
      p++;
    }
    if (p == to) {
      return p;
    }
    if (a[p] != Ascii.SP || p == 0) {
      return refuse(a[p] == Ascii.LF ? Refusal.BARE_LF : Refusal.METHOD, p);
    }
    methodEnd = p;
    method = Method.of(a, 0, p);
    state = State.TARGET;
    return p + 1;
  }

  private int target(byte[] a, int from, int to) {
    int p = from;
    while (p < to && a[p] > Ascii.SP && a[p] != '#' && a[p] != 0x7F) {
      p++;
    }
    if (p == to) {
      return p;
    }
    if (a[p] != Ascii.SP || p == methodEnd + 1) {
      return refuse(a[p] == Ascii.LF ? Refusal.BARE_LF : Refusal.TARGET, p);
    }
    targetEnd = p;
    state = State.VERSION;
    return p + 1;
  }

  private int version(byte[] a, int p) {
    int at = p - targetEnd - 1;
    byte b = a[p];
    boolean good =
        switch (at) {
          case 5, 7 -> Ascii.isDigit(b);
          case 6 -> b == '.';
          case VERSION_BYTES -> b == Ascii.CR;
          default -> b == PROTOCOL[at];
        };
    if (!good) {
      return refuse(b == Ascii.LF ? Refusal.BARE_LF : Refusal.PROTOCOL, p);
    }
    if (at == VERSION_BYTES - 1) {
      http10 = b == '0';
      if (a[p - 2] != '1' || b > '1') {
        return refuse(Refusal.VERSION, p);
      }
    }
    if (at == VERSION_BYTES) {
      end = p;
      state = State.LAST_LF;
    }
    return p + 1;
  }

  private int lastLf(byte[] a, int p) {
    if (a[p] != Ascii.LF) {
      return refuse(Refusal.BARE_CR, p);
    }
    if (method == Method.CONNECT || method == Method.TRACE) {
      return refuse(Refusal.METHOD_NOT_ALLOWED, p);
    }
    state = State.ENDED;
    return p + 1;
  }

  private int refuse(Refusal why, int p) {
    refusal = why;
    return p;
  }
}

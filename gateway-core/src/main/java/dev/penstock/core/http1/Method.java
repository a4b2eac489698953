package dev.penstock.core.http1;

/** Request methods that the gateway tells apart; case-sensitive (RFC 9110 §9.1). */
public enum Method {
  GET(true, true),
  HEAD(true, true),
  POST(false, false),
  PUT(false, true),
  DELETE(false, true),
  OPTIONS(true, true),
  PATCH(false, false),
  /** Refused with 405: the gateway is no tunnel. */
  CONNECT(false, false),
  /** Refused with 405: it would echo credentials. */
  TRACE(true, true),
  /** Any other token; passed on as received, never repeated. */
  OTHER(false, false);

  private static final Method[] KNOWN = {
    GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH, CONNECT, TRACE
  };

  private final boolean safe;
  private final boolean idempotent;

  @SuppressWarnings("ImmutableEnumChecker") // never written, never handed out
  private final byte[] bytes;

  Method(boolean safe, boolean idempotent) {
    this.safe = safe;
    this.idempotent = idempotent;
    this.bytes = Ascii.bytes(name());
  }

  /** Read-only for the backend's state (RFC 9110 §9.2.1). */
  public boolean isSafe() {
    return safe;
  }

  /** May be sent twice with the effect of once (RFC 9110 §9.2.2). */
  public boolean isIdempotent() {
    return idempotent;
  }

  static Method of(byte[] a, int from, int to) {
    for (Method method : KNOWN) {
      if (method.is(a, from, to)) {
        return method;
      }
    }
    return OTHER;
  }

  private boolean is(byte[] a, int from, int to) {
    if (to - from != bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (a[from + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}

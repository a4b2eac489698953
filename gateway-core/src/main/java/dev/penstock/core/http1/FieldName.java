package dev.penstock.core.http1;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Field names that mean something to the gateway, and what becomes of a field of that name when a
 * message is written anew.
 *
 * <p>Recognised while parsing, without a String: length, first, middle and last byte choose a slot
 * of a table, the bytes there decide. The table is twice as large as it has to be and fixed, so
 * that no choice of names by a peer makes a lookup long.
 */
public enum FieldName {
  /** Any name that is not listed here and has only letters, digits and {@code -}. */
  OTHER(Use.PASSED),
  /**
   * A name with another byte than letters, digits and {@code -}, such as {@code X_Forwarded_For}:
   * many backends take it for the name with {@code -}. Dropped from requests, as nginx does by
   * default ({@code underscores_in_headers off}, {@code ignore_invalid_headers on}).
   */
  UNUSUAL(Use.TO_CLIENT_ONLY),

  HOST(Use.OURS),
  CONTENT_LENGTH(Use.OURS),
  TRANSFER_ENCODING(Use.OURS),
  CONNECTION(Use.OURS),
  KEEP_ALIVE(Use.OURS),
  PROXY_CONNECTION(Use.OURS),
  PROXY_AUTHENTICATE(Use.OURS),
  PROXY_AUTHENTICATION_INFO(Use.OURS),
  PROXY_AUTHORIZATION(Use.OURS),
  UPGRADE(Use.OURS),
  EXPECT(Use.OURS),
  TE(Use.OURS),
  TRAILER(Use.OURS),
  HTTP2_SETTINGS(Use.OURS),

  X_REQUEST_ID(Use.TO_CLIENT_ONLY),
  X_FORWARDED_FOR(Use.TO_CLIENT_ONLY),
  X_FORWARDED_HOST(Use.TO_CLIENT_ONLY),
  X_FORWARDED_PROTO(Use.TO_CLIENT_ONLY),
  X_FORWARDED_PORT(Use.TO_CLIENT_ONLY),
  X_FORWARDED_SCHEME(Use.TO_CLIENT_ONLY),
  /** Every other name that begins with {@code X-Forwarded-}. */
  X_FORWARDED_OTHER(Use.TO_CLIENT_ONLY),
  X_REAL_IP(Use.TO_CLIENT_ONLY),
  X_SCHEME(Use.TO_CLIENT_ONLY),
  FORWARDED(Use.TO_CLIENT_ONLY),
  /** Every name that begins with {@code X-Original-}. */
  X_ORIGINAL_OTHER(Use.TO_CLIENT_ONLY),
  /** Becomes HTTP_PROXY in CGI backends. */
  PROXY(Use.TO_CLIENT_ONLY),

  /** The backend's is removed from responses, as ingress-nginx does. */
  SERVER(Use.TO_BACKEND_ONLY),
  DATE(Use.PASSED),
  STRICT_TRANSPORT_SECURITY(Use.PASSED),

  ACCEPT(Use.PASSED),
  ACCEPT_ENCODING(Use.PASSED),
  ACCESS_CONTROL_REQUEST_HEADERS(Use.PASSED),
  ACCESS_CONTROL_REQUEST_METHOD(Use.PASSED),
  AGE(Use.PASSED),
  AUTHENTICATION_INFO(Use.PASSED),
  AUTHORIZATION(Use.PASSED),
  CACHE_CONTROL(Use.PASSED),
  CDN_LOOP(Use.PASSED),
  CONTENT_ENCODING(Use.PASSED),
  CONTENT_LANGUAGE(Use.PASSED),
  CONTENT_LOCATION(Use.PASSED),
  CONTENT_RANGE(Use.PASSED),
  CONTENT_TYPE(Use.PASSED),
  COOKIE(Use.PASSED),
  ETAG(Use.PASSED),
  EXPIRES(Use.PASSED),
  IF_MATCH(Use.PASSED),
  IF_MODIFIED_SINCE(Use.PASSED),
  IF_NONE_MATCH(Use.PASSED),
  IF_RANGE(Use.PASSED),
  IF_UNMODIFIED_SINCE(Use.PASSED),
  LAST_MODIFIED(Use.PASSED),
  LOCATION(Use.PASSED),
  MAX_FORWARDS(Use.PASSED),
  ORIGIN(Use.PASSED),
  PRAGMA(Use.PASSED),
  RANGE(Use.PASSED),
  REFERER(Use.PASSED),
  RETRY_AFTER(Use.PASSED),
  SEC_WEBSOCKET_ACCEPT(Use.PASSED),
  SEC_WEBSOCKET_EXTENSIONS(Use.PASSED),
  SEC_WEBSOCKET_KEY(Use.PASSED),
  SEC_WEBSOCKET_PROTOCOL(Use.PASSED),
  SEC_WEBSOCKET_VERSION(Use.PASSED),
  SET_COOKIE(Use.PASSED),
  USER_AGENT(Use.PASSED),
  VARY(Use.PASSED),
  WARNING(Use.PASSED),
  WWW_AUTHENTICATE(Use.PASSED);

  private enum Use {
    PASSED,
    TO_BACKEND_ONLY,
    TO_CLIENT_ONLY,
    /** Belongs to one connection, or is written by the gateway: never copied. */
    OURS
  }

  private static final int SLOTS = 256;
  private static final @Nullable FieldName[] TABLE = new @Nullable FieldName[SLOTS];
  private static final byte[] X_FORWARDED = Ascii.bytes("x-forwarded-");
  private static final byte[] X_ORIGINAL = Ascii.bytes("x-original-");

  static {
    for (FieldName name : values()) {
      if (!name.isPattern()) {
        int slot = slot(name.lowerCase, 0, name.lowerCase.length);
        while (TABLE[slot] != null) {
          slot = (slot + 1) % SLOTS;
        }
        TABLE[slot] = name;
      }
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // never written, never handed out
  private final byte[] lowerCase;

  private final boolean toBackend;
  private final boolean toClient;

  FieldName(Use use) {
    this.lowerCase = Ascii.bytes(name().toLowerCase(Locale.ROOT).replace('_', '-'));
    this.toBackend = use == Use.PASSED || use == Use.TO_BACKEND_ONLY;
    this.toClient = use == Use.PASSED || use == Use.TO_CLIENT_ONLY;
  }

  /** Whether a client's field of this name is copied into the request to a backend. */
  public boolean isCopiedToBackend() {
    return toBackend;
  }

  /** Whether a backend's field of this name is copied into the response to a client. */
  public boolean isCopiedToClient() {
    return toClient;
  }

  /**
   * Whether a field of this name may be passed on in a trailer section: only names that mean
   * nothing to message framing, routing, authentication, caching or content (RFC 9110 §6.5.1), so
   * none that is listed here.
   */
  public boolean isPassedInTrailers() {
    return this == OTHER;
  }

  /** Whether it stands for many names. */
  boolean isPattern() {
    return switch (this) {
      case OTHER, UNUSUAL, X_FORWARDED_OTHER, X_ORIGINAL_OTHER -> true;
      default -> false;
    };
  }

  /** The name in a range that holds nothing but letters, digits and {@code -}, at least one. */
  static FieldName of(byte[] a, int from, int to) {
    int slot = slot(a, from, to);
    FieldName name = TABLE[slot];
    while (name != null) {
      if (Ascii.equalsName(a, from, to, name.lowerCase)) {
        return name;
      }
      slot = (slot + 1) % SLOTS;
      name = TABLE[slot];
    }
    return a[from] == 'x' || a[from] == 'X' ? ofFamily(a, from, to) : OTHER;
  }

  private static FieldName ofFamily(byte[] a, int from, int to) {
    if (startsWith(a, from, to, X_FORWARDED)) {
      return X_FORWARDED_OTHER;
    }
    return startsWith(a, from, to, X_ORIGINAL) ? X_ORIGINAL_OTHER : OTHER;
  }

  private static boolean startsWith(byte[] a, int from, int to, byte[] prefix) {
    return to - from >= prefix.length
        && Ascii.equalsIgnoreCase(a, from, from + prefix.length, prefix);
  }

  private static int slot(byte[] a, int from, int to) {
    int length = to - from;
    int hash = (a[from] & 0x1F) * 31 + (a[to - 1] & 0x1F) * 7 + (a[from + length / 2] & 0x1F);
    return (hash * 5 + length * 37) & (SLOTS - 1);
  }
}

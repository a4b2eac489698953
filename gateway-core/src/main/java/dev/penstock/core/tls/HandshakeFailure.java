package dev.penstock.core.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why a TLS handshake did not come to its end: the label {@code reason} of a meter. */
enum HandshakeFailure {
  /** It did not end within its deadline. */
  TIMEOUT,
  /** What came is no TLS, such as plain HTTP. */
  NOT_TLS,
  /** The client went away. */
  CLIENT_GONE,
  /** The client said by an alert that it will not go on, such as for a certificate it distrusts. */
  CLIENT_ALERT,
  /** No protocol version, cipher, group or signature that both know. */
  NOTHING_IN_COMMON,
  /** The client broke the protocol, or the gateway has no certificate at all. */
  PROTOCOL,
  /** Too many handshakes were under way. */
  OVERLOAD;

  private static final int CAUSES_MAX = 8;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Place in an array of counters; never stored. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  /** By the words of BoringSSL, as it gives no codes. */
  static HandshakeFailure of(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
      if (cause instanceof NotSslRecordException) return NOT_TLS;
      if (cause instanceof SSLException) return ofTls(String.valueOf(cause.getMessage()));
      if (cause instanceof IOException) return CLIENT_GONE;
      cause = cause.getCause();
    }
    return PROTOCOL;
  }

  private static HandshakeFailure ofTls(String message) {
    if (message.contains("ALERT")) return CLIENT_ALERT;
    boolean nothing =
        message.contains("NO_SHARED")
            || message.contains("NO_COMMON")
            || message.contains("UNSUPPORTED_PROTOCOL");
    return nothing ? NOTHING_IN_COMMON : PROTOCOL;
  }
}

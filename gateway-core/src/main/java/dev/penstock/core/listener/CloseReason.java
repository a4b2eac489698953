package dev.penstock.core.listener;

import java.util.Locale;

/** Why a client's connection ended: the label {@code reason} of a meter. */
enum CloseReason {
  /** The client closed or reset it. */
  CLIENT,
  /** The TLS handshake did not come to its end; its meters say why. */
  HANDSHAKE,
  /** The header of the PROXY protocol was missing or malformed, or did not come in time. */
  PROXY_HEADER,
  /** No further request came within the keep-alive deadline. */
  IDLE,
  /** The client did not send its head or body, or take its answer, in time. */
  TIMEOUT,
  /** Memory was short, and it took nothing of what waited for it, or its head was too large. */
  MEMORY,
  /** The request broke the protocol or a limit of its head. */
  BAD_REQUEST,
  /** The answer was the last of the connection: by the client's wish, its version or a limit. */
  ANSWERED,
  /** The answer could not be completed, so it was cut. */
  ANSWER_CUT,
  /** A tunnel's end. */
  TUNNEL,
  /** The gateway is shutting down. */
  SHUTDOWN,
  /** A fault of the gateway itself; the log has it. */
  FAULT;

  private final String label = name().toLowerCase(Locale.ROOT);

  String label() {
    return label;
  }

  /** Place in an array of counters; never stored. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }
}

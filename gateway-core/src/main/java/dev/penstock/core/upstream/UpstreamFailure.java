package dev.penstock.core.upstream;

import java.util.Locale;

/** What can go wrong with an endpoint. What follows from it is decided by the exchange. */
public enum UpstreamFailure {
  /** The connection was refused, or the endpoint is not reachable. */
  CONNECT_FAILED,
  /** This process can open no more sockets: nothing is known of the endpoint. */
  NO_SOCKET,
  /** No connection within the connect timeout. */
  CONNECT_TIMEOUT,
  /**
   * All connections are lent and the queue is full, or the wait was as long as the connect timeout.
   */
  OVERFLOW,
  /** The connection ended before the first byte of a response. */
  CLOSED_BEFORE_RESPONSE,
  /** The connection ended inside a response. */
  CUT,
  /** The response broke HTTP's rules. */
  PROTOCOL,
  /** Nothing was read for the read timeout. */
  READ_TIMEOUT,
  /** Nothing could be written for the send timeout. */
  SEND_TIMEOUT,
  /** No memory was left for network buffers. */
  MEMORY,
  /** A fault of the gateway itself. */
  INTERNAL;

  /** The label of a meter, such as {@code connect_failed}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Place in an array of counters; never stored. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }
}

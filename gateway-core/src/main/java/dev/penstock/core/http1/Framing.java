package dev.penstock.core.http1;

/** How the end of a message's body is found (RFC 9112 §6.3). */
public enum Framing {
  /** No body at all: the head is the message. */
  NONE,
  /** As many bytes as Content-Length says; zero is a length. */
  LENGTH,
  /** Chunked transfer coding. */
  CHUNKED,
  /** Everything until the peer closes; responses only. */
  UNTIL_CLOSE
}

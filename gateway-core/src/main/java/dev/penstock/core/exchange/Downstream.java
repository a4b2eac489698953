package dev.penstock.core.exchange;

import dev.penstock.core.http1.Fields;
import dev.penstock.core.http1.Identity;
import dev.penstock.core.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of an exchange, whatever the protocol. Called on the exchange's loop, and calls
 * back there.
 *
 * <p>Of each exchange exactly one of {@link #sendEnd}, {@link #answer}, {@link #reset} and {@link
 * #endRaw} is the last word; {@link #finished} follows it.
 */
public interface Downstream {
  /** The peer's address as text, without port; good as long as the connection. */
  byte[] remoteAddress();

  /**
   * Who the client of the present request is, and what backends are told of it; holds the id made
   * for that request.
   */
  Identity identity();

  /** The https port as clients see it, for redirects. */
  int publicHttpsPort();

  boolean isTls();

  /** Whether body data is wanted. Off at the beginning of an exchange. */
  void demand(boolean on);

  /** Tells a client that waits for it to send its body. */
  void sendContinue();

  /** A 1xx head; dropped for a client that knows none. */
  void sendInformational(ResponseHead head);

  /**
   * The final head.
   *
   * @param hsts value of Strict-Transport-Security, or null
   */
  void sendHead(ResponseHead head, byte @Nullable [] hsts);

  /** A part of the response's body; takes {@code data}. Not flushed. */
  void sendData(ByteBuf data);

  /** The response is complete. Flushed. */
  void sendEnd(@Nullable Fields trailers);

  /**
   * A complete answer of the gateway's own. Flushed.
   *
   * @return the bytes of its body
   */
  int answer(LocalAnswer answer);

  /** The 101 head; from now on data flows raw. Flushed. */
  void upgrade(ResponseHead head);

  /** Bytes of an open tunnel; takes {@code data}. Not flushed. */
  void sendRaw(ByteBuf data);

  /** Closes a tunnel once what was sent is written. */
  void endRaw();

  void flush();

  boolean isWritable();

  /** Ends the response so that the client cannot take what it has for the whole. */
  void reset();

  /** The exchange is over and counted: the connection may go on with its next request. */
  void finished();

  /** All bytes sent for this exchange so far, heads and framing included. */
  long bytesSent();
}

package dev.penstock.core.upstream;

import dev.penstock.core.http1.Fields;
import dev.penstock.core.http1.Identity;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.core.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response at an endpoint, whatever the protocol. Used on the loop that lent
 * it.
 *
 * <p>A stream that was ended on both sides gives itself back; {@link #cancel} ends it at any time.
 * After {@link Receiver#onResponseEnd}, {@link Receiver#onUpstreamFailed} or {@link #cancel} it
 * must not be touched.
 */
public interface UpstreamStream {
  UpstreamEndpoint endpoint();

  /** Whether its connection carried a request before: the peer may have closed it meanwhile. */
  boolean isReused();

  /**
   * How long the endpoint may be silent, and how long it may take nothing; before {@link
   * #sendHead}. Nanoseconds.
   */
  void timeouts(long readNanos, long sendNanos);

  /**
   * Sends the head.
   *
   * @param hasBody data and an end will follow; otherwise the request is complete with this
   */
  void sendHead(RequestHead head, Identity identity, boolean hasBody);

  /** Sends a part of the body; takes {@code data}. Not flushed. */
  void sendData(ByteBuf data);

  /**
   * Ends the body. Flushed.
   *
   * @param trailers of a chunked request; null = none
   */
  void sendEnd(@Nullable Fields trailers);

  /** Sends bytes of an open tunnel; takes {@code data}. Not flushed. */
  void sendRaw(ByteBuf data);

  /**
   * Ends a tunnel once what was sent is written, within the send timeout. No further event comes.
   */
  void endRaw();

  void flush();

  /** False while more would only pile up here. {@link Receiver#onUpstreamWritable} follows. */
  boolean isWritable();

  /** Whether the response may be read. On at first. */
  void demand(boolean on);

  /**
   * When memory is short: fails the stream if a part of a large head came and no more.
   *
   * @return bytes of {@link Connector#heads} that this gives back
   */
  int endUnfinishedHead();

  /**
   * Ends the stream at once. A request that was not completely sent is reset, so that the backend
   * cannot take it for a complete one. No further event comes.
   */
  void cancel();

  /** What a stream tells its user. */
  interface Receiver {
    /** The answer to {@link EndpointPool#open}, when a stream was not at hand at once. */
    void onLent(UpstreamStream stream);

    /** The other answer to {@link EndpointPool#open}. */
    void onNotLent(UpstreamEndpoint endpoint, UpstreamFailure failure);

    /** A 1xx response other than 100 and 101. The head is good for this call only. */
    void onInformational(ResponseHead head);

    /** The final response's head, good for this call only. */
    void onResponseHead(ResponseHead head);

    /** A part of the response's body; the receiver owns {@code data}. */
    void onResponseData(ByteBuf data);

    /**
     * The response is complete.
     *
     * @param trailers of a chunked response; null = none; good for this call only
     */
    void onResponseEnd(@Nullable Fields trailers);

    /**
     * The 101 that opens a tunnel: from now on data flows raw both ways. The head is good for this
     * call only.
     */
    void onUpgraded(ResponseHead head);

    /** The endpoint closed the tunnel. */
    void onTunnelClosed();

    /** What was read in one go has been told: time to flush. */
    void onUpstreamReadComplete();

    void onUpstreamWritable();

    /**
     * The stream is dead.
     *
     * @param responseStarted a byte of a response had come
     */
    void onUpstreamFailed(UpstreamFailure failure, boolean responseStarted);
  }
}

package dev.penstock.core.listener;

import dev.penstock.core.meter.Tally;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;

/**
 * Waits for a client connection's end and counts it by its reason: the first that it was told.
 * Owned by the connection's loop.
 */
final class ConnectionEnd implements ChannelFutureListener {
  private final Tally loop;
  private CloseReason reason = CloseReason.CLIENT;
  private boolean isTold;

  /** For a connection that was just accepted: without further news the client closes it. */
  ConnectionEnd(Tally loop) {
    this.loop = loop;
  }

  /** The TLS handshake begins: until it is over, it is what fails. */
  void securing() {
    reason = CloseReason.HANDSHAKE;
  }

  /** The TLS handshake is over: without further news the client closes the connection. */
  void secured() {
    reason = CloseReason.CLIENT;
  }

  /** What is about to end the connection. Only the first word counts. */
  void because(CloseReason why) {
    if (isTold) return;
    isTold = true;
    reason = why;
  }

  @Override
  public void operationComplete(ChannelFuture closed) {
    ListenerMeters.closed(loop, reason);
  }
}

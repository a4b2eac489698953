package dev.penstock.core.listener;

import dev.penstock.core.loop.Loop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a listening socket accepts: not while there are as many connections as may be, and not
 * for a second after one could not be accepted, most often because the process has no descriptor
 * left. Clients wait in the kernel meanwhile. One for each socket; owned by its loop.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter implements ChannelFutureListener {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptGate.class);
  private static final long PAUSE_SECONDS = 1;

  /** At most one line about failures in this time. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Loop loop;
  private final ConnectionBound bound;
  private @Nullable Channel socket;
  private boolean failed;
  private boolean said;
  private long saidAt;

  AcceptGate(Loop loop, ConnectionBound bound) {
    this.loop = loop;
    this.bound = bound;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    socket = context.channel();
    bound.add(this);
    settle();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    bound.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object child) {
    ((Channel) child).closeFuture().addListener(this);
    bound.opened();
    context.fireChannelRead(child);
  }

  /** A connection of this socket is closed. */
  @Override
  public void operationComplete(ChannelFuture closing) {
    bound.closed();
  }

  /** Lets the socket accept, or not, as it should now; any thread. */
  void settle() {
    if (!loop.inLoop()) {
      loop.eventLoop().execute(this::settle);
      return;
    }
    boolean accepts = !failed && !bound.isFull();
    if (socket != null && socket.config().isAutoRead() != accepts) {
      socket.config().setAutoRead(accepts);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    report(context.channel(), cause);
    if (failed) return;
    bound.failed();
    failed = true;
    settle();
    context
        .executor()
        .schedule(
            () -> {
              failed = false;
              settle();
            },
            PAUSE_SECONDS,
            TimeUnit.SECONDS);
  }

  private void report(Channel channel, Throwable cause) {
    long now = System.nanoTime();
    if (said && now - saidAt < SILENCE_NANOS) return;
    said = true;
    saidAt = now;
    if (!(cause instanceof IOException)) {
      LOG.error("A fault of the gateway stopped {} for a second", channel.localAddress(), cause);
      return;
    }
    LOG.warn(
        "{} cannot accept connections: {}; they wait in the kernel until it can (raise the limit of open files, or let"
            + " fewer clients in)",
        channel.localAddress(),
        cause.getMessage());
  }
}

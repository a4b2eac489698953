package dev.penstock.core.host;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listening socket does when a connection cannot be accepted, most often because the process
 * has no descriptor left: it waits a second, in which connections queue in the kernel, and says so
 * now and then. One for each socket.
 */
final class AcceptPause extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(AcceptPause.class);
  private static final long PAUSE_SECONDS = 1;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private long saidAt;
  private boolean said;

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    long now = System.nanoTime();
    if (!said || now - saidAt >= SILENCE_NANOS) {
      said = true;
      saidAt = now;
      LOG.warn(
          "{} cannot accept connections: {}; they wait in the kernel until it can (raise the limit of open files, or let"
              + " fewer clients in)",
          context.channel().localAddress(),
          cause.getMessage());
    }
    context.channel().config().setAutoRead(false);
    context
        .executor()
        .schedule(
            () -> context.channel().config().setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
  }
}

package dev.penstock.core.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the TLS handler from the first byte to the end of the handshake, and then takes
 * itself out: one deadline for all of it, one count of its outcome, and the hand-over at the moment
 * of success, before the first decrypted byte.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  private final Handshakes handshakes;
  private final long timeoutNanos;
  private final SniChoice.Secured secured;

  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> deadline;
  private long beganNanos;
  private boolean hasEnded;

  HandshakeWatch(Handshakes handshakes, Duration timeout, SniChoice.Secured secured) {
    this.handshakes = handshakes;
    this.timeoutNanos = timeout.toNanos();
    this.secured = secured;
  }

  long beganNanos() {
    return beganNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadline = ctx.executor().schedule(this::onDeadline, timeoutNanos, TimeUnit.NANOSECONDS);
  }

  /** The ClientHello is complete. False: the handshake must not begin, close the connection. */
  boolean begin(ChannelHandlerContext ctx) {
    if (hasEnded) return false;
    beganNanos = ctx.executor().ticker().nanoTime();
    if (handshakes.begin(this, beganNanos)) return true;
    end();
    return false;
  }

  /** Closed in favour of another; counted by the caller. */
  void giveWay() {
    end();
    close();
  }

  /** What came is no handshake; counts once. */
  void fail(HandshakeFailure why) {
    if (hasEnded) return;
    end();
    handshakes.failed(this, why);
  }

  private void onDeadline() {
    fail(HandshakeFailure.TIMEOUT);
    close();
  }

  private void close() {
    if (context != null) context.close();
  }

  private void end() {
    hasEnded = true;
    if (deadline != null) deadline.cancel(false);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent done when done.isSuccess() -> onSuccess(ctx);
      // The TLS handler closes.
      case SslHandshakeCompletionEvent failed -> fail(HandshakeFailure.of(failed.cause()));
      case SniCompletionEvent _ -> {} // ours alone
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  private void onSuccess(ChannelHandlerContext ctx) {
    if (hasEnded) return; // gave way; is being closed
    end();
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    SSLSession session = tls.engine().getSession();
    long nanos = ctx.executor().ticker().nanoTime() - beganNanos;
    handshakes.completed(this, nanos, session.getProtocol(), session.getCipherSuite());
    String protocol = tls.applicationProtocol();
    secured.onSecured(ctx.channel(), protocol == null ? "" : protocol);
    ctx.pipeline().remove(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(HandshakeFailure.CLIENT_GONE);
    ctx.fireChannelInactive();
  }

  /** Broken TLS of a client is no fault of ours: counted, not logged. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(HandshakeFailure.of(cause));
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    fail(HandshakeFailure.PROTOCOL); // by whom ever; after success it does nothing
  }
}

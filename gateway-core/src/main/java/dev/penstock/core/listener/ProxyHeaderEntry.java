package dev.penstock.core.listener;

import dev.penstock.core.http1.Progress;
import dev.penstock.core.loop.Deadline;
import dev.penstock.core.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a connection where the PROXY protocol is expected: reads its header, lets
 * the caller add what follows, and takes itself out; what came behind the header goes to that. A
 * connection without a good header in time is closed without a word, since whoever is there speaks
 * another protocol. Owned by one loop.
 */
final class ProxyHeaderEntry extends ByteToMessageDecoder {
  private final ProxyHeader header = new ProxyHeader();
  private final Deadline deadline;
  private final long timeoutNanos;
  private final ConnectionEnd end;
  private final Consumer<ProxyHeader> ready;
  private @Nullable ChannelHandlerContext context;
  private boolean isRefused;

  /**
   * @param timeout from the accepted connection to the end of the header
   * @param ready called once, before the first byte behind the header is read
   */
  ProxyHeaderEntry(Loop loop, Duration timeout, ConnectionEnd end, Consumer<ProxyHeader> ready) {
    this.deadline = loop.deadline(this::refuse);
    this.timeoutNanos = timeout.toNanos();
    this.end = end;
    this.ready = ready;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadline.in(timeoutNanos);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    Progress progress = isRefused ? Progress.REFUSED : header.feed(in);
    switch (progress) {
      case MORE -> {}
      case REFUSED -> {
        in.skipBytes(in.readableBytes());
        refuse();
      }
      case DONE -> {
        ready.accept(header);
        ctx.pipeline().remove(this);
      }
    }
  }

  private void refuse() {
    isRefused = true;
    end.because(CloseReason.PROXY_HEADER);
    if (context != null) context.close();
  }

  /** What a client does to its connection is no fault of ours: counted, not logged. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    deadline.cancel();
  }
}

package dev.penstock.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Requests at a fixed rate over a few kept connections. A request counts from the moment at which
 * it was due, also when the one before it was late: what slows the gateway down cannot hide by
 * holding up the measuring.
 */
public final class GoodTraffic implements AutoCloseable {
  /** The whole body of every good answer. */
  public static final String BODY = "a good answer\n";

  private static final byte[] REQUEST =
      "GET /good HTTP/1.1\r\nHost: a.test\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** An answer that takes longer is a failure. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /**
   * What came of it, since the last time it was asked for.
   *
   * @param answered with 200 and the right body
   * @param failures everything else: other answers, ends, answers that took too long
   */
  public record Result(int answered, List<String> failures, Duration median, Duration p99) {}

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<Connection> connections = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private long[] nanos = new long[1 << 12];
  private int answered;

  /**
   * Begins.
   *
   * @param port of 127.0.0.1
   */
  public GoodTraffic(int port, int connectionCount, int requestsPerSecond) {
    long interval = TimeUnit.SECONDS.toNanos(connectionCount) / requestsPerSecond;
    for (int i = 0; i < connectionCount; i++) {
      Connection connection = new Connection(interval, interval * i / connectionCount);
      connections.add(connection);
      new Bootstrap()
          .group(group)
          .channel(NioSocketChannel.class)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(connection);
                }
              })
          .connect(Ports.loopback(), port)
          .syncUninterruptibly();
    }
  }

  /** What came of it so far; from now on it counts anew. */
  public synchronized Result take() {
    long now = System.nanoTime();
    for (Connection connection : connections) {
      if (now - connection.dueNanos > ANSWER_MAX.toNanos()) {
        failures.add("no answer for " + Duration.ofNanos(now - connection.dueNanos));
      }
    }
    long[] sorted = Arrays.copyOf(nanos, answered);
    Arrays.sort(sorted);
    Result result = new Result(answered, List.copyOf(failures), at(sorted, 0.5), at(sorted, 0.99));
    answered = 0;
    failures.clear();
    return result;
  }

  private static Duration at(long[] sorted, double share) {
    return Duration.ofNanos(sorted.length == 0 ? 0 : sorted[(int) (sorted.length * share)]);
  }

  private synchronized void answered(long took) {
    if (answered == nanos.length) nanos = Arrays.copyOf(nanos, 2 * answered);
    nanos[answered++] = took;
  }

  private synchronized void failed(String how) {
    failures.add(how);
  }

  @Override
  public void close() {
    for (Connection connection : connections) connection.closing = true;
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
    private final long intervalNanos;
    private final StringBuilder answer = new StringBuilder();
    volatile long dueNanos;
    volatile boolean closing;

    Connection(long intervalNanos, long firstAfterNanos) {
      this.intervalNanos = intervalNanos;
      this.dueNanos = System.nanoTime() + firstAfterNanos;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      sendWhenDue(context);
    }

    private void sendWhenDue(ChannelHandlerContext context) {
      long wait = dueNanos - System.nanoTime();
      if (wait <= 0) send(context);
      else context.executor().schedule(() -> send(context), wait, TimeUnit.NANOSECONDS);
    }

    private void send(ChannelHandlerContext context) {
      context.writeAndFlush(Unpooled.wrappedBuffer(REQUEST), context.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf data) {
      answer.append(data.toString(StandardCharsets.ISO_8859_1));
      String text = answer.toString();
      if (!text.startsWith("HTTP/1.1 200 ")) {
        failed(text);
        context.close();
      } else if (text.endsWith("\r\n\r\n" + BODY)) {
        answer.setLength(0);
        long due = dueNanos;
        answered(System.nanoTime() - due);
        dueNanos = due + intervalNanos;
        sendWhenDue(context);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!closing) failed("the connection ended");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!closing) failed(cause.toString());
      context.close();
    }
  }
}

package dev.penstock.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Clients as slow as they can be without standing still, thousands of them on one thread: a third
 * never ends its head, a third never ends its body, a third reads nothing. They stay until the
 * gateway ends them.
 */
public final class SlowClients implements AutoCloseable {
  /** What a client is slow in. */
  public enum Kind {
    /** Sends a head, a byte at a time. */
    HEAD,
    /** The same, after 17 KiB of it: more than half of what a head may be. */
    LARGE_HEAD,
    /** Sends a body of a megabyte, a byte at a time. */
    BODY,
    /** Asks for {@code /slow/large} and never reads of the answer what its socket does not take. */
    READING
  }

  /**
   * How a client was ended.
   *
   * @param after its first byte
   * @param status of the answer that it got; 0 without one
   */
  public record End(Kind kind, Duration after, int status) {}

  /** A third each, unless a kind is asked for. */
  public static final List<Kind> IN_TURN = List.of(Kind.HEAD, Kind.BODY, Kind.READING);

  /** Connections that are being opened at a time, so that no accept queue overflows. */
  private static final int OPENING_MAX = 200;

  /** A client's own buffer in the kernel; small, as a phone's is not, that it is full soon. */
  private static final int RECEIVE_BUFFER_BYTES = 4096;

  /**
   * Loopback's segments are so large that the kernel would let the gateway send megabytes to each
   * of them; an Ethernet's are not.
   */
  private static final int SEGMENT_BYTES = 1_460;

  private static final ChannelOption<Integer> TCP_MAXSEG =
      new IntegerUnixChannelOption("TCP_MAXSEG", 6, 2);

  private static final String HEAD = " HTTP/1.1\r\nHost: a.test\r\n";
  private static final int LARGE_HEAD_BYTES = 17 * 1024;

  private final int port;
  private final EventLoopGroup group;
  private final EventLoop loop;
  private final Queue<End> ends = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger failedToOpen = new AtomicInteger();
  private final List<Client> clients = new ArrayList<>();
  private final Queue<Kind> wanted = new ArrayDeque<>();
  private int opening;

  /**
   * @param port of 127.0.0.1
   * @param drip a byte is sent this often
   */
  public SlowClients(int port, Duration drip) {
    this.port = port;
    group =
        new MultiThreadIoEventLoopGroup(
            1, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loop = group.next();
    loop.scheduleAtFixedRate(this::drip, drip.toNanos(), drip.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Begins to open so many more, of these kinds {@link #IN_TURN}. */
  public SlowClients open(int count) {
    return open(count, IN_TURN.toArray(Kind[]::new));
  }

  /** Begins to open so many more, of these kinds in turn. */
  public SlowClients open(int count, Kind... kinds) {
    loop.execute(() -> {
      for (int i = 0; i < count; i++) wanted.add(kinds[i % kinds.length]);
      openMore();
    });
    return this;
  }

  /** Clients that are connected now. */
  public int openNow() {
    return open.get();
  }

  /** Clients that could not even connect. */
  public int failedToOpen() {
    return failedToOpen.get();
  }

  /** Those that have ended so far. */
  public List<End> ends() {
    return List.copyOf(ends);
  }

  private void openMore() {
    while (opening < OPENING_MAX && !wanted.isEmpty()) {
      Client client = new Client(wanted.remove());
      opening++;
      connect(client)
          .addListener(done -> {
            opening--;
            if (!done.isSuccess()) failedToOpen.incrementAndGet();
            openMore();
          });
    }
  }

  private ChannelFuture connect(Client client) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.AUTO_READ, client.kind != Kind.READING)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(client);
                  }
                });
    if (Epoll.isAvailable()) bootstrap.option(TCP_MAXSEG, SEGMENT_BYTES);
    return bootstrap.connect(Ports.loopback(), port);
  }

  private void drip() {
    clients.removeIf(Client::isEnded);
    clients.forEach(Client::drip);
  }

  /** Those that are left are cut. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Client extends SimpleChannelInboundHandler<ByteBuf> {
    final Kind kind;
    private final StringBuilder answer = new StringBuilder();
    private long startNanos;
    private @Nullable ChannelHandlerContext context;

    Client(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
      context = active;
      open.incrementAndGet();
      clients.add(this);
      startNanos = System.nanoTime();
      send(
          active,
          switch (kind) {
            case HEAD -> "GET /slow/head" + HEAD + "X-Never-Ending: ";
            case LARGE_HEAD -> "GET /slow/head" + HEAD + "X: " + "x".repeat(LARGE_HEAD_BYTES);
            case BODY -> "POST /slow/body" + HEAD + "Content-Length: 1000000\r\n\r\n";
            case READING -> "GET /slow/large" + HEAD + "\r\n";
          });
    }

    void drip() {
      if (context != null && kind != Kind.READING) send(context, "x");
    }

    boolean isEnded() {
      return context != null && !context.channel().isActive();
    }

    private static void send(ChannelHandlerContext to, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      to.writeAndFlush(Unpooled.wrappedBuffer(bytes), to.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext reading, ByteBuf data) {
      if (answer.length() < 12) answer.append(data.toString(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
      Duration after = Duration.ofNanos(System.nanoTime() - startNanos);
      int status = answer.length() < 12 ? 0 : Integer.parseInt(answer.substring(9, 12));
      ends.add(new End(kind, after, status));
      open.decrementAndGet();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext broken, Throwable cause) {
      broken.close();
    }
  }
}

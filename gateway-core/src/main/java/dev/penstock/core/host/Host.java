package dev.penstock.core.host;

import dev.penstock.core.http1.HeadBudget;
import dev.penstock.core.loop.Loop;
import dev.penstock.core.upstream.Connector;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Vert.x and what runs on its event loops. Traffic's sockets are opened by bootstraps of our own:
 * one listening socket for each loop with SO_REUSEPORT, and upstream connections on the loop that
 * asks (see the decision record).
 */
public final class Host implements AutoCloseable {
  /** Connections that the kernel holds until a loop accepts them; cut by net.core.somaxconn. */
  private static final int BACKLOG = 4_096;

  /** Threads for what blocks: TLS contexts, scrapes. Little of that happens at one time. */
  private static final int WORKERS = 2;

  /**
   * Bytes that the kernel takes to send to a client beyond those on their way, so that one that
   * reads nothing costs the kernel, and the pod whose memory that is, so much and not megabytes
   * (Linux: ip-sysctl, tcp_notsent_lowat). It tells when half of that was taken: what a client
   * takes is known in steps of this size.
   */
  private static final int UNSENT_BYTES_MAX = 64 * 1024;

  private static final ChannelOption<Integer> TCP_NOTSENT_LOWAT =
      new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);

  private final Vertx vertx;
  private final VertxInternal internal;
  private final List<Loop> loops;
  private final Transports.Chosen transport;
  private final Handshakes handshakes;

  private Host(Vertx vertx, List<Loop> loops, Transports.Chosen transport, Handshakes handshakes) {
    this.vertx = vertx;
    this.internal = (VertxInternal) vertx;
    this.loops = List.copyOf(loops);
    this.transport = transport;
    this.handshakes = handshakes;
  }

  /**
   * Starts the loops.
   *
   * @param eventLoops how many, at least 1
   * @param wanted what drives the sockets
   * @param clock monotonic nanoseconds for deadlines; {@code System::nanoTime} but in tests
   * @throws IOException when the transport cannot be used; the message is for the operator
   */
  public static Host start(int eventLoops, TransportChoice wanted, LongSupplier clock)
      throws IOException {
    Transports.Chosen transport = Transports.choose(wanted);
    // Nothing here needs names: without its resolver Vert.x starts sooner, and never asks the
    // public
    // name servers that it would take where there is no resolv.conf.
    System.setProperty("vertx.disableDnsResolver", "true");
    Handshakes handshakes = new Handshakes();
    Vertx vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setEventLoopPoolSize(eventLoops)
                    .setWorkerPoolSize(WORKERS)
                    .setInternalBlockingPoolSize(WORKERS)
                    .setFileSystemOptions(
                        new FileSystemOptions()
                            .setClassPathResolvingEnabled(false)
                            .setFileCachingEnabled(false)))
            .withTransport(new WatchedTransport(transport.transport(), handshakes))
            .build();
    List<Loop> loops = new CopyOnWriteArrayList<>();
    vertx
        .deployVerticle(
            () -> new LoopVerticle(loops, clock), new DeploymentOptions().setInstances(eventLoops))
        .await();
    return new Host(vertx, loops, transport, handshakes);
  }

  /** What drives the sockets, and why nothing better does. */
  public String describe() {
    String passedOver = transport.passedOver();
    return loops.size()
        + " event loops on "
        + transport.choice().word()
        + (passedOver.isEmpty() ? "" : " (cannot be used: " + passedOver + ")");
  }

  /** What drives the sockets; never {@link TransportChoice#AUTO}. */
  public TransportChoice transport() {
    return transport.choice();
  }

  public List<Loop> loops() {
    return loops;
  }

  /** For a TLS server of Vert.x on this host. */
  Handshakes handshakes() {
    return handshakes;
  }

  public Vertx vertx() {
    return vertx;
  }

  /** Runs what blocks. */
  public Executor workers() {
    return task ->
        vertx.executeBlocking(
            () -> {
              task.run();
              return null;
            },
            false);
  }

  /**
   * Opens a listening socket of one loop, whose connections stay on it.
   *
   * @param gate of the listening socket
   * @param initializer of accepted channels
   */
  public ChannelFuture bind(
      Loop loop,
      InetSocketAddress address,
      ChannelHandler gate,
      ChannelInitializer<Channel> initializer) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.eventLoop(), loop.eventLoop())
            .channelFactory(internal.transport().serverChannelFactory(false))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, loop.buffers().reads())
            .handler(gate)
            .childHandler(initializer);
    if (sharesPorts()) {
      bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
      bootstrap.option(TCP_NOTSENT_LOWAT, UNSENT_BYTES_MAX); // its connections have it from here
    }
    return bootstrap.bind(address);
  }

  /** Whether every loop can listen on the same port; otherwise only the first loop does. */
  public boolean sharesPorts() {
    return transport.choice() != TransportChoice.NIO;
  }

  /** Dials on one loop. */
  public Connector connector(Loop loop) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop.eventLoop())
            .channelFactory(internal.transport().channelFactory(false))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.RECVBUF_ALLOCATOR, loop.buffers().reads());
    HeadBudget heads = HeadBudget.ofLoop(loops.size());
    return new Connector() {
      @Override
      public HeadBudget heads() {
        return heads;
      }

      @Override
      public ChannelFuture connect(
          InetSocketAddress address, ChannelHandler handler, int timeoutMillis) {
        return bootstrap
            .clone()
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
            .handler(handler)
            .connect(address);
      }
    };
  }

  /** Runs a task on every loop and waits for all, at most five seconds. Not from a loop. */
  public void onEveryLoop(LoopTask task) {
    List<io.netty.util.concurrent.Future<?>> running = new ArrayList<>();
    for (Loop loop : loops) running.add(loop.eventLoop().submit(() -> task.run(loop)));
    for (var future : running) future.awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  /** What {@link #onEveryLoop} runs. */
  @FunctionalInterface
  public interface LoopTask {
    void run(Loop loop);
  }

  /** Ends the loops; whatever is open on them is closed. */
  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .exceptionally(late -> null)
        .join();
  }
}

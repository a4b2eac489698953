package dev.penstock.core.upstream;

import dev.penstock.core.loop.Loop;
import dev.penstock.model.Settings;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint. The most recently used idle connection is lent
 * first, so that the others can age out. Bounded: {@link Settings.Pool#openMax} open, {@link
 * Settings.Pool#waitersMax} requests waiting; tunnels, of which each has a client's connection to
 * itself and is bounded with those, do not count. The settings are looked up at each use: a change
 * holds for connections that are open already, but for the limits of heads, which a connection
 * keeps.
 */
public final class EndpointPool {
  private final UpstreamEndpoint endpoint;
  private final Loop loop;
  private final Connector connector;
  private final Supplier<Settings> settings;
  private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
  private final ArrayDeque<Borrow> waiters = new ArrayDeque<>();
  private final UpstreamMeters meters;

  // Read by meters from other threads: plain ints, written by the loop, good enough for a gauge.
  private volatile int open;
  private int tunnels;
  private long pausedUntil;
  private boolean everPaused;
  private boolean left;

  EndpointPool(
      UpstreamEndpoint endpoint,
      Loop loop,
      Connector connector,
      Supplier<Settings> settings,
      UpstreamMeters meters) {
    this.endpoint = endpoint;
    this.loop = loop;
    this.connector = connector;
    this.settings = settings;
    this.meters = meters;
  }

  public UpstreamEndpoint endpoint() {
    return endpoint;
  }

  Settings.Pool settings() {
    return settings.get().pool();
  }

  UpstreamMeters meters() {
    return meters;
  }

  /** Open connections, lent ones included; for meters, from any thread. */
  public int open() {
    return open;
  }

  /** Idle connections; for meters, from any thread, roughly. */
  public int idle() {
    return idle.size();
  }

  /** Requests that wait; for meters, from any thread, roughly. */
  public int waiting() {
    return waiters.size();
  }

  /** Whether it is passed over now; for meters, from any thread, roughly. */
  public boolean isPaused() {
    return isPaused(loop.nanos());
  }

  boolean isPaused(long now) {
    return everPaused && now - pausedUntil < 0;
  }

  /** An idle connection, lent to {@code receiver}; null when there is none: then {@link #open}. */
  public @Nullable UpstreamStream takeIdle(UpstreamStream.Receiver receiver) {
    assert loop.inLoop();
    UpstreamConnection connection = idle.pollFirst();
    if (connection == null) return null;
    connection.lend(receiver);
    return connection;
  }

  /**
   * Opens a connection, or waits for one.
   *
   * @param connectTimeoutMillis for the connect, and for the wait
   * @return the way to cancel; null on overflow, and nobody is called back
   */
  public @Nullable Borrow open(UpstreamStream.Receiver receiver, int connectTimeoutMillis) {
    assert loop.inLoop();
    Borrow borrow = new Borrow(receiver, connectTimeoutMillis);
    if (open - tunnels < settings().openMax()) {
      connect(borrow);
      return borrow;
    }
    waiters.removeIf(Borrow::isCancelled);
    if (waiters.size() >= settings().waitersMax()) {
      meters.failed(UpstreamFailure.OVERFLOW);
      return null;
    }
    waiters.addLast(borrow);
    borrow.waitsSinceNanos = loop.nanos();
    borrow.deadline = loop.deadline(() -> onWaitedTooLong(borrow));
    borrow.deadline.in(connectTimeoutMillis * 1_000_000L);
    return borrow;
  }

  /**
   * The socket is made after the events that the kernel gave together with this one are handled: it
   * may get the number of one that was closed meanwhile, whose events Netty's epoll transport would
   * give to it.
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the loop
  private void connect(Borrow borrow) {
    open++;
    loop.eventLoop().execute(() -> dial(borrow));
  }

  private void dial(Borrow borrow) {
    Settings.Limits limits = settings.get().limits();
    UpstreamConnection connection = new UpstreamConnection(this, loop, limits, connector.heads());
    connector
        .connect(endpoint.address(), connection, borrow.connectTimeoutMillis)
        .addListener(done -> onLoop(() -> onConnect((ChannelFuture) done, connection, borrow)));
  }

  private void onConnect(ChannelFuture done, UpstreamConnection connection, Borrow borrow) {
    if (done.isSuccess()) {
      meters.opened(connection.ageNanos());
      everPaused = false;
      UpstreamStream.Receiver receiver = borrow.take();
      if (receiver == null) {
        giveBack(connection);
      } else {
        connection.lend(receiver);
        receiver.onLent(connection);
      }
      return;
    }
    UpstreamFailure failure = failure(done.cause());
    meters.failed(failure);
    if (failure != UpstreamFailure.NO_SOCKET) pause(loop.nanos());
    onClosed(false);
    refuse(borrow, failure);
  }

  private void pause(long now) {
    if (!isPaused(now)) meters.paused();
    pausedUntil = now + settings().failedPause().toNanos();
    everPaused = true;
  }

  private static UpstreamFailure failure(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) return UpstreamFailure.CONNECT_TIMEOUT;
    // Netty's word when the socket itself could not be made: no descriptor is left.
    return cause instanceof ChannelException
        ? UpstreamFailure.NO_SOCKET
        : UpstreamFailure.CONNECT_FAILED;
  }

  /** A channel that could not be made at all tells it on a thread of Netty's own. */
  private void onLoop(Runnable task) {
    if (loop.inLoop()) task.run();
    else loop.eventLoop().execute(task);
  }

  private void onWaitedTooLong(Borrow borrow) {
    meters.failed(UpstreamFailure.OVERFLOW);
    waited(borrow);
    refuse(borrow, UpstreamFailure.OVERFLOW);
  }

  private void waited(Borrow borrow) {
    meters.waited(loop.nanos() - borrow.waitsSinceNanos);
  }

  private void refuse(Borrow borrow, UpstreamFailure failure) {
    UpstreamStream.Receiver receiver = borrow.take();
    if (receiver != null) receiver.onNotLent(endpoint, failure);
  }

  /** A connection that can serve again. */
  void giveBack(UpstreamConnection connection) {
    if (left || open - tunnels > settings().openMax()) {
      connection.close();
      return;
    }
    Borrow waiter = nextWaiter();
    UpstreamStream.Receiver receiver = waiter == null ? null : waiter.take();
    if (receiver == null) {
      idle.addFirst(connection);
      connection.rest();
    } else {
      connection.lend(receiver);
      receiver.onLent(connection);
    }
  }

  /** An idle connection ended by itself. */
  void forget(UpstreamConnection connection) {
    idle.remove(connection);
  }

  /** A connection that is lent serves no request any more. */
  void onTunnel() {
    tunnels++;
    connectWaiter();
  }

  /** A connection is gone. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the loop
  void onClosed(boolean wasTunnel) {
    open--;
    if (wasTunnel) tunnels--;
    else connectWaiter();
  }

  /** Another may be opened. */
  private void connectWaiter() {
    Borrow waiter = nextWaiter();
    if (waiter != null) {
      if (waiter.deadline != null) waiter.deadline.cancel();
      connect(waiter);
    }
  }

  private @Nullable Borrow nextWaiter() {
    Borrow waiter = waiters.pollFirst();
    while (waiter != null && waiter.isCancelled()) waiter = waiters.pollFirst();
    if (waiter != null) waited(waiter);
    return waiter;
  }

  /**
   * The endpoint left its upstream: idle connections are closed at once, lent ones when they come
   * back; who waits tries another endpoint.
   */
  void leave() {
    closeIdle();
    for (Borrow waiter = nextWaiter(); waiter != null; waiter = nextWaiter()) {
      refuse(waiter, UpstreamFailure.CONNECT_FAILED);
    }
  }

  /** Keeps no idle connection from now on; who asks for one or waits still gets it. */
  void closeIdle() {
    left = true;
    for (UpstreamConnection connection : idle.toArray(new UpstreamConnection[0])) {
      connection.close();
    }
  }
}

package dev.penstock.core.listener;

import dev.penstock.core.exchange.Scope;
import dev.penstock.core.http1.HeadBudget;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.model.Settings;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client connections of one event loop, and the heads that they take turns in using. */
public final class LoopConnections {
  /**
   * Heads kept for the next request; a head is a few KiB, and few requests run at one time on a
   * loop.
   */
  private static final int SPARE_HEADS_MAX = 256;

  /** Between two warnings of one loop that memory is short. */
  private static final long WARNING_NANOS = 10_000_000_000L;

  /** A head that is not whole after this may be ended for memory. */
  private static final long HEAD_NANOS = 1_000_000_000L;

  /** Only one loop at a time ends clients: each would end what is too much of all of them. */
  private static final Lock ENDING = new ReentrantLock();

  private static final Logger LOG = LoggerFactory.getLogger(LoopConnections.class);

  final Scope scope;
  final HeadBudget headBudget;

  final Shortage heads =
      new Shortage(
          "Request heads are short of memory: {} clients that did not end theirs were ended;"
              + " -XmxBYTES gives more, heads may take a quarter of {}",
          Runtime.getRuntime().maxMemory());

  final Shortage answers =
      new Shortage(
          "Heads of answers are short of memory: {} requests were given up whose backends did not"
              + " end theirs; -XmxBYTES gives more, they may take a quarter of {}",
          Runtime.getRuntime().maxMemory());

  final Shortage buffers =
      new Shortage(
          "Network buffers are short of memory: {} clients were ended, first those that took"
              + " nothing of their answers; -Dio.netty.maxDirectMemory=BYTES gives more than {}",
          PlatformDependent.maxDirectMemory());

  private final Set<Http1Downstream> connections = new LinkedHashSet<>();
  private final ArrayDeque<RequestHead> spareHeads = new ArrayDeque<>();
  private boolean closing;
  private Settings.Limits spareLimits = Settings.Limits.DEFAULT;

  // Written by the loop, read by whoever waits for the end of a drain.
  private volatile int active;
  private volatile int open;

  public LoopConnections(Scope scope, HeadBudget headBudget) {
    this.scope = scope;
    this.headBudget = headBudget;
  }

  /**
   * When memory is short, ends clients that take nothing or do not end their heads, those first
   * that came first. To be called about ten times a second. Loop only.
   */
  public void watchMemory() {
    free(headBudget.excessBytes(), connection -> connection.endIfHeadIsOlder(HEAD_NANOS));
    heads.warn(scope.loop().nanos());
    free(
        scope.connector().heads().excessBytes(),
        connection -> connection.endIfAnswersHeadIsOlder(HEAD_NANOS));
    answers.warn(scope.loop().nanos());
    if (scope.loop().buffers().excessBytes() > 0) endStalled();
    buffers.warn(scope.loop().nanos());
  }

  private void endStalled() {
    ENDING.lock();
    try {
      free(scope.loop().buffers().excessBytes(), Http1Downstream::endIfStalled);
    } finally {
      ENDING.unlock();
    }
  }

  /** Sees which clients take what is unsent. To be called about once a second. Loop only. */
  public void watchUnsent() {
    for (Http1Downstream connection : connections) connection.look();
  }

  /** Ends connections, those first that came first, until so many bytes are given back. */
  private void free(long bytes, ToLongFunction<Http1Downstream> ending) {
    if (bytes <= 0) return;
    long left = bytes;
    for (Http1Downstream connection : connections.toArray(new Http1Downstream[0])) {
      if (left <= 0) return;
      left -= ending.applyAsLong(connection);
    }
  }

  /** Clients that were ended because a kind of memory was short, told of now and then. */
  static final class Shortage {
    private final String text;
    private final long bytes;
    private long nextWarningNanos;
    private int ended;

    /**
     * @param text with places for the number of clients and for {@code bytes}
     */
    Shortage(String text, long bytes) {
      this.text = text;
      this.bytes = bytes;
    }

    /** One more. */
    void ended() {
      ended++;
    }

    private void warn(long now) {
      if (ended == 0 || now < nextWarningNanos) return;
      nextWarningNanos = now + WARNING_NANOS;
      LOG.warn(text, ended, bytes);
      ended = 0;
    }
  }

  /** Exchanges going on, tunnels included; any thread. */
  public int active() {
    return active;
  }

  /**
   * Exchanges going on, and answers whose last bytes the kernel has yet to take; tunnels included.
   * Loop only.
   */
  public int unanswered() {
    int unsent = 0;
    for (Http1Downstream connection : connections) if (connection.isAnswerUnsent()) unsent++;
    return active + unsent;
  }

  /** Connections; any thread. */
  public int open() {
    return open;
  }

  /**
   * Closes connections that wait for a request, and every other one as soon as its exchange is
   * over. Loop only.
   */
  public void closeIdle() {
    closing = true;
    for (Http1Downstream connection : connections.toArray(new Http1Downstream[0]))
      connection.closeIfIdle();
  }

  /**
   * Closes all connections at once. Those with nothing left to write close as they always do, so
   * that the kernel delivers what it has; answers that are cut are seen to be. Loop only.
   */
  public void closeAll() {
    for (Http1Downstream connection : connections.toArray(new Http1Downstream[0]))
      connection.abort();
  }

  /** Whether a connection ends when it has nothing to do. */
  boolean isClosing() {
    return closing;
  }

  void add(Http1Downstream connection) {
    connections.add(connection);
    open = connections.size();
  }

  void remove(Http1Downstream connection) {
    connections.remove(connection);
    open = connections.size();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the loop
  void begun() {
    active++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the loop
  void ended() {
    active--;
  }

  /** An empty head. */
  RequestHead takeHead(Settings.Limits limits) {
    if (!limits.equals(spareLimits)) {
      spareHeads.forEach(RequestHead::trim);
      spareHeads.clear();
      spareLimits = limits;
    }
    RequestHead spare = spareHeads.pollFirst();
    return spare != null ? spare : new RequestHead(limits, headBudget);
  }

  void giveBack(RequestHead head) {
    if (spareHeads.size() < SPARE_HEADS_MAX) {
      head.reset();
      spareHeads.addFirst(head);
    } else {
      head.trim();
    }
  }
}

package dev.penstock.core.listener;

import dev.penstock.core.exchange.Scope;
import dev.penstock.core.http1.HeadBudget;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.model.Settings;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
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

  private static final Logger LOG = LoggerFactory.getLogger(LoopConnections.class);

  private static final Http1Downstream[] NONE = {};

  final Scope scope;
  final HeadBudget headBudget;
  private final Set<Http1Downstream> connections = new LinkedHashSet<>();
  private final ArrayDeque<RequestHead> spareHeads = new ArrayDeque<>();
  private boolean closing;
  private long nextWarningNanos;
  private long nextHeadWarningNanos;
  private int endedForMemory;
  private int endedHeads;
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
    watchHeads();
    watchBuffers();
  }

  private void watchHeads() {
    long excess = headBudget.excessBytes();
    if (excess == 0) return;
    for (Http1Downstream connection : connections.toArray(new Http1Downstream[0])) {
      int bytes = excess > 0 ? connection.endIfHeadIsOlder(HEAD_NANOS) : 0;
      if (bytes > 0) endedHeads++;
      excess -= bytes;
    }
    warnOfHeads();
  }

  private void warnOfHeads() {
    long now = scope.loop().nanos();
    if (endedHeads == 0 || now < nextHeadWarningNanos) return;
    nextHeadWarningNanos = now + WARNING_NANOS;
    LOG.warn(
        "Request heads are short of memory: {} clients that did not end theirs were ended;"
            + " -XmxBYTES gives more, heads may take a quarter of {}",
        endedHeads,
        Runtime.getRuntime().maxMemory());
    endedHeads = 0;
  }

  private void watchBuffers() {
    long excess = scope.loop().buffers().excessBytes();
    for (Http1Downstream connection :
        excess > 0 ? connections.toArray(new Http1Downstream[0]) : NONE) {
      excess -= excess > 0 ? connection.endIfStalled() : 0;
    }
    warn();
  }

  /** A connection is ended because memory is short. */
  void endedForMemory() {
    endedForMemory++;
  }

  private void warn() {
    long now = scope.loop().nanos();
    if (endedForMemory == 0 || now < nextWarningNanos) return;
    nextWarningNanos = now + WARNING_NANOS;
    LOG.warn(
        "Network buffers are short of memory: {} clients were ended, first those that took nothing"
            + " of their answers; -Dio.netty.maxDirectMemory=BYTES gives more than {}",
        endedForMemory,
        PlatformDependent.maxDirectMemory());
    endedForMemory = 0;
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

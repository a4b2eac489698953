package dev.penstock.core.listener;

import dev.penstock.core.observe.DataPlane.AcceptFigures;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many client connections the process may have. At the bound every listening socket stops
 * accepting, so that further clients wait in the kernel; it goes on when some have ended. A socket
 * notices at its next connection at the latest, so there can be one more for each socket (with NIO,
 * which accepts in batches, 15 more).
 *
 * <p>Shared by all loops. Touched when a connection begins and ends, never for a request; the lock
 * is taken only when the bound is reached or left.
 */
final class ConnectionBound {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionBound.class);

  /** At most one line about it in this time, however often the bound is reached. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /**
   * So large a part of the bound must be free before accepting goes on, or it would stop and go on
   * with each connection that ends.
   */
  private static final int SLACK_DIVISOR = 64;

  private final int max;
  private final int resumeAt;
  private final AtomicInteger open = new AtomicInteger();
  private final List<AcceptGate> gates = new CopyOnWriteArrayList<>();
  private volatile boolean full;
  private volatile long pauses;
  private final AtomicLong failures = new AtomicLong();
  private long saidAt;

  /**
   * @param max at least 1
   */
  ConnectionBound(int max) {
    this.max = max;
    this.resumeAt = max - Math.max(1, max / SLACK_DIVISOR);
    this.saidAt = System.nanoTime() - SILENCE_NANOS;
  }

  /** Any thread. */
  AcceptFigures figures() {
    return new AcceptFigures(max, pauses, failures.get());
  }

  /** Connections that are open; any thread. */
  int open() {
    return open.get();
  }

  /** A socket stopped accepting because it failed. */
  void failed() {
    failures.incrementAndGet();
  }

  /** Whether no socket accepts. */
  boolean isFull() {
    return full;
  }

  void add(AcceptGate gate) {
    gates.add(gate);
  }

  void remove(AcceptGate gate) {
    gates.remove(gate);
  }

  void opened() {
    if (open.incrementAndGet() >= max) settle();
  }

  /** The order matters: counted first, then looked; {@link #settle} does it the other way round. */
  void closed() {
    if (open.decrementAndGet() <= resumeAt && full) settle();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  private synchronized void settle() {
    boolean was = full;
    // Looked at again after each change, because others count meanwhile.
    while (full ? open.get() <= resumeAt : open.get() >= max) full = !full;
    if (full == was) return;
    if (full) {
      pauses++;
      report();
    }
    for (AcceptGate gate : gates) gate.settle();
  }

  private void report() {
    long now = System.nanoTime();
    if (now - saidAt < SILENCE_NANOS) return;
    saidAt = now;
    LOG.warn(
        "{} client connections are open, as many as may be: further ones wait in the kernel until"
            + " some end",
        max);
  }
}

package dev.penstock.core.loop;

import dev.penstock.core.meter.Histogram;
import io.netty.channel.EventLoop;
import java.util.function.LongSupplier;

/**
 * One event loop as the data plane sees it. Everything reachable from it is touched by its thread
 * only.
 *
 * <p>The clock is monotonic nanoseconds and is a parameter, so that tests move time by hand.
 */
public final class Loop {
  /** From what nobody feels to what a client gives up on; a healthy loop is in the first two. */
  private static final long[] LAG_NANOS = {
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    1_000_000_000,
    5_000_000_000L
  };

  private final EventLoop eventLoop;
  private final int index;
  private final LongSupplier clock;
  private final long origin;
  private final Timers timers;
  private final long threadId;
  private final HttpDate date = new HttpDate();
  private final BufferBudget buffers = new BufferBudget();
  private final Histogram lag = new Histogram(LAG_NANOS);
  private long lastTick = -1;

  /**
   * @param index 0 … n−1, the place of this loop's cells in striped meters
   * @param clock monotonic nanoseconds, as {@link System#nanoTime}
   */
  public Loop(EventLoop eventLoop, int index, LongSupplier clock) {
    this.eventLoop = eventLoop;
    this.index = index;
    this.clock = clock;
    this.origin = clock.getAsLong();
    this.timers = new Timers();
    this.threadId = eventLoop.inEventLoop() ? Thread.currentThread().threadId() : -1;
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  public int index() {
    return index;
  }

  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  /** What each connection of this loop may hold. */
  public BufferBudget buffers() {
    return buffers;
  }

  /**
   * The id of the loop's thread, for the books of the virtual machine. Any thread; -1 = unknown,
   * because this was not made on it.
   */
  public long threadId() {
    return threadId;
  }

  /** Monotonic nanoseconds since this loop began, so that no arithmetic with them runs over. */
  public long nanos() {
    return clock.getAsLong() - origin;
  }

  /** A new deadline of this loop, not armed. {@code onExpiry} runs on this loop. */
  public Deadline deadline(Runnable onExpiry) {
    return new Deadline(this, timers, onExpiry);
  }

  /**
   * Fires what is due. Called by the host every {@link Timers#TICK_NANOS}, or by a test that moved
   * its clock.
   */
  public void tick() {
    long now = nanos();
    if (lastTick >= 0) lag.record(Math.max(0, now - lastTick - Timers.TICK_NANOS));
    lastTick = now;
    timers.advance(now);
  }

  /** By how much ticks came late, for whatever reason. Any thread. */
  public Histogram.Reading lag() {
    return lag.read();
  }

  /**
   * The value of a Date field, good for this second; the array is shared and must not be changed.
   */
  public byte[] httpDate() {
    return date.bytes(System.currentTimeMillis());
  }
}

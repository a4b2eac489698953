package dev.penstock.core.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.function.LongSupplier;

/**
 * One event loop as the data plane sees it. Everything reachable from it is touched by its thread
 * only.
 *
 * <p>The clock is monotonic nanoseconds and is a parameter, so that tests move time by hand.
 */
public final class Loop {
  private final EventLoop eventLoop;
  private final int index;
  private final LongSupplier clock;
  private final long origin;
  private final Timers timers;
  private final HttpDate date = new HttpDate();

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

  /**
   * The id of the loop's thread, for the books of the virtual machine. Any thread; -1 = unknown.
   */
  public long threadId() {
    return eventLoop instanceof SingleThreadEventExecutor executor
        ? executor.threadProperties().id()
        : -1;
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
    timers.advance(nanos());
  }

  /**
   * The value of a Date field, good for this second; the array is shared and must not be changed.
   */
  public byte[] httpDate() {
    return date.bytes(System.currentTimeMillis());
  }
}

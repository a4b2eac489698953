package dev.penstock.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock of nanoseconds that moves only when the test moves it. Any thread may read it. */
public final class VirtualClock implements LongSupplier {
  private final AtomicLong nanos;

  /** Starts near the overflow of a long, as {@code System.nanoTime()} may. */
  public VirtualClock() {
    this(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos());
  }

  public VirtualClock(long startNanos) {
    nanos = new AtomicLong(startNanos);
  }

  @Override
  public long getAsLong() {
    return nanos.get();
  }

  /** Moves the clock forward, past the overflow when need be. */
  public void advance(Duration by) {
    if (by.isNegative()) throw new IllegalArgumentException("by must not be negative, was " + by);
    nanos.addAndGet(by.toNanos());
  }
}

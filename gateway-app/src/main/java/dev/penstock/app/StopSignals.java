package dev.penstock.app;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SIGTERM and SIGINT, one after the other. A shutdown hook would not do: the JVM takes no second
 * signal while hooks run, and then its exit code is not ours.
 */
final class StopSignals {
  private final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();

  private StopSignals() {}

  /** From now on these signals end nothing by themselves. */
  static StopSignals listen() {
    StopSignals signals = new StopSignals();
    Signals.handle(List.of("TERM", "INT"), signals.arrived::add);
    return signals;
  }

  /** None ever comes. */
  static StopSignals none() {
    return new StopSignals();
  }

  /** Waits for the next one; its number. */
  int take() throws InterruptedException {
    return arrived.take();
  }

  /** Waits at most this long for the next one; its number, or null. */
  @Nullable Integer poll(Duration atMost) throws InterruptedException {
    return arrived.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}

package dev.penstock.ingress.source.kubernetes;

import java.util.concurrent.ScheduledFuture;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Notices that nothing is heard for too long. One thread. */
final class Watchdog {
  private final LongSupplier nanoTime;
  private final BiFunction<Runnable, Long, ScheduledFuture<?>> schedule;
  private final LongConsumer onSilence;
  private @Nullable ScheduledFuture<?> look;
  private long heardNanos;
  private long mostNanos;

  /**
   * @param schedule has a task run after so many nanoseconds
   * @param onSilence told how many nanoseconds nothing was heard, once
   */
  Watchdog(
      LongSupplier nanoTime,
      BiFunction<Runnable, Long, ScheduledFuture<?>> schedule,
      LongConsumer onSilence) {
    this.nanoTime = nanoTime;
    this.schedule = schedule;
    this.onSilence = onSilence;
  }

  /** From now on. */
  void expectWithin(long nanos) {
    stop();
    heard();
    mostNanos = nanos;
    look = schedule.apply(this::look, nanos);
  }

  void heard() {
    heardNanos = nanoTime.getAsLong();
  }

  void stop() {
    if (look != null) look.cancel(false);
    look = null;
  }

  private void look() {
    long leftNanos = heardNanos + mostNanos - nanoTime.getAsLong();
    if (leftNanos > 0) {
      look = schedule.apply(this::look, leftNanos);
      return;
    }
    look = null;
    onSilence.accept(mostNanos);
  }
}

package dev.penstock.admission;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Who may have every Ingress translated anew: one at a time, and so many in a while. It takes 50 ms
 * with 2,000 Ingresses, and anybody who reaches the webhook can ask for it by a few hundred bytes.
 * Thread-safe; nobody waits.
 */
final class Turns {
  /** At once, such as the Services of one release. */
  static final int AT_ONCE = 10;

  /** From then on. */
  static final Duration EVERY = Duration.ofMillis(500);

  private final LongSupplier nanos;
  private long refilledNanos;
  private int left = AT_ONCE;
  private boolean isTaken;

  Turns(LongSupplier nanos) {
    this.nanos = nanos;
    this.refilledNanos = nanos.getAsLong();
  }

  /**
   * @return false when it is nobody's turn; else give it back
   */
  synchronized boolean take() {
    long refills = (nanos.getAsLong() - refilledNanos) / EVERY.toNanos();
    left = (int) Math.min(AT_ONCE, left + refills);
    refilledNanos += refills * EVERY.toNanos();
    if (isTaken || left == 0) return false;
    left--;
    isTaken = true;
    return true;
  }

  synchronized void giveBack() {
    isTaken = false;
  }
}

package dev.penstock.ingress.source.kubernetes;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Why something fails that is tried again and again: one line, however often. One thread. */
final class RareWarning {
  private static final Duration TOLD_EVERY_MIN = Duration.ofSeconds(60);

  private final Logger log;
  private final LongSupplier nanoTime;
  private boolean isTold;
  private long toldNanos;

  RareWarning(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  void tell(String why) {
    long now = nanoTime.getAsLong();
    if (isTold && now - toldNanos < TOLD_EVERY_MIN.toNanos()) return;
    isTold = true;
    toldNanos = now;
    log.warn("{}", why);
  }

  /** It works: the next failure is told at once. */
  void works() {
    isTold = false;
  }
}

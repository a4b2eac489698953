package dev.penstock.ingress.source.kubernetes;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: any time up to a bound that doubles with every try (full
 * jitter), so that the replicas of a gateway do not come back all at once. One thread.
 */
final class Backoff {
  private static final Duration FIRST_MAX = Duration.ofMillis(200);
  private static final Duration LAST_MAX = Duration.ofSeconds(3);

  private final RandomGenerator random;
  private long boundNanos = FIRST_MAX.toNanos();

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  long nextNanos() {
    long nanos = random.nextLong(boundNanos);
    boundNanos = Math.min(2 * boundNanos, LAST_MAX.toNanos());
    return nanos;
  }

  /** It works again. */
  void reset() {
    boundNanos = FIRST_MAX.toNanos();
  }
}

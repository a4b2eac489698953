package dev.penstock.core.upstream;

/**
 * How many of the requests to an upstream may be sent a second time: a fifth of them, and ten a
 * second on top so that a quiet upstream can retry at all. Without it the retries of a failing
 * backend's requests would be what kills the rest.
 *
 * <p>Counts in thousandths of a retry. Owned by one loop, for one upstream.
 */
final class RetryBudget {
  private static final long RETRY = 1_000;
  private static final long EARNED_BY_REQUEST = RETRY / 5;
  private static final long NANOS_PER_RETRY = 100_000_000L;

  /** What may be saved up: a burst of this many retries. */
  private static final long SAVED_MAX = 100 * RETRY;

  private long saved = 10 * RETRY;
  private long filledAt;

  RetryBudget(long now) {
    filledAt = now;
  }

  void onRequest() {
    saved = Math.min(SAVED_MAX, saved + EARNED_BY_REQUEST);
  }

  /** Spends one retry; false when there is none. */
  boolean take(long now) {
    long earned = (now - filledAt) / NANOS_PER_RETRY;
    if (earned > 0) {
      filledAt += earned * NANOS_PER_RETRY;
      saved = Math.min(SAVED_MAX, saved + Math.min(earned, SAVED_MAX) * RETRY);
    }
    if (saved < RETRY) return false;
    saved -= RETRY;
    return true;
  }
}

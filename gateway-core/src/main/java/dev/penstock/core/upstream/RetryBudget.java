package dev.penstock.core.upstream;

import dev.penstock.model.Settings;

/**
 * The retries that one upstream may still have ({@link Settings.Retries}). Owned by one loop;
 * counts in hundredths.
 */
final class RetryBudget {
  private static final long RETRY = 100;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Settings.Retries settings;
  private final long savedMax;
  private long saved;
  private long filledAt;

  /** Begins with what a second earns. */
  RetryBudget(Settings.Retries settings, long now) {
    this.settings = settings;
    this.savedMax = settings.savedMax() * RETRY;
    this.saved = Math.min(savedMax, settings.perSecond() * RETRY);
    this.filledAt = now;
  }

  void onRequest() {
    saved = Math.min(savedMax, saved + settings.percentOfRequests());
  }

  /** Spends one retry; false when there is none. */
  boolean take(long now) {
    if (settings.perSecond() > 0) fill(now);
    if (saved < RETRY) return false;
    saved -= RETRY;
    return true;
  }

  private void fill(long now) {
    long nanosPerRetry = NANOS_PER_SECOND / settings.perSecond();
    long earned = (now - filledAt) / nanosPerRetry;
    filledAt += earned * nanosPerRetry;
    saved = Math.min(savedMax, saved + Math.min(earned, settings.savedMax()) * RETRY);
  }
}

package dev.penstock.core.upstream;

import dev.penstock.model.Settings;

/**
 * The retries that one upstream may still have. Each call is given the settings that are in force
 * ({@link Settings.Retries}). Owned by one loop; counts in hundredths.
 */
final class RetryBudget {
  private static final long RETRY = 100;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private long saved;
  private long filledAt;

  /** Begins with what a second earns. */
  RetryBudget(Settings.Retries settings, long now) {
    this.saved = Math.min(savedMax(settings), settings.perSecond() * RETRY);
    this.filledAt = now;
  }

  private static long savedMax(Settings.Retries settings) {
    return settings.savedMax() * RETRY;
  }

  void onRequest(Settings.Retries settings) {
    saved = Math.min(savedMax(settings), saved + settings.percentOfRequests());
  }

  /** Spends one retry; false when there is none. */
  boolean take(Settings.Retries settings, long now) {
    if (settings.perSecond() > 0) fill(settings, now);
    if (saved < RETRY) return false;
    saved -= RETRY;
    return true;
  }

  private void fill(Settings.Retries settings, long now) {
    long nanosPerRetry = NANOS_PER_SECOND / settings.perSecond();
    long earned = (now - filledAt) / nanosPerRetry;
    filledAt += earned * nanosPerRetry;
    saved = Math.min(savedMax(settings), saved + Math.min(earned, settings.savedMax()) * RETRY);
  }
}

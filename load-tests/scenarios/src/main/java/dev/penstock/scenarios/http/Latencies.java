package dev.penstock.scenarios.http;

import java.util.Arrays;

/** Times, kept one by one so that no percentile is a guess. Thread-safe. */
public final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;

  private long[] nanos = new long[1024];
  private int count;

  public synchronized void add(long timeNanos) {
    if (count == nanos.length) nanos = Arrays.copyOf(nanos, 2 * count);
    nanos[count++] = timeNanos;
  }

  public synchronized int count() {
    return count;
  }

  /** How many were at most this long. */
  public synchronized int within(long timeNanos) {
    int within = 0;
    for (int i = 0; i < count; i++) if (nanos[i] <= timeNanos) within++;
    return within;
  }

  /**
   * By the nearest-rank method, in milliseconds; 0 when there is none.
   *
   * @param percent above 0, at most 100
   */
  public synchronized double percentileMillis(double percent) {
    if (count == 0) return 0;
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100 * count);
    return sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI;
  }
}

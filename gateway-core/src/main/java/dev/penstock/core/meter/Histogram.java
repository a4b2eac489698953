package dev.penstock.core.meter;

import java.util.Arrays;

/** Numbers, mostly durations, by size. Written by one event loop, read by any thread. */
public final class Histogram {
  /** For what a peer answers: ingress-nginx's bounds. */
  private static final long[] ANSWER_NANOS = {
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L
  };

  /**
   * What was counted at one moment.
   *
   * @param bounds upper ones, inclusive
   * @param counts for each bound, and behind them what is above all; not cumulative
   */
  public record Reading(long[] bounds, long[] counts, long sum) {
    /** Nothing yet. */
    public static Reading empty(long[] bounds) {
      return new Reading(bounds, new long[bounds.length + 1], 0);
    }

    /** Of two histograms with the same bounds. */
    public Reading plus(Reading other) {
      long[] sums = counts.clone();
      Arrays.setAll(sums, i -> sums[i] + other.counts[i]);
      return new Reading(bounds, sums, sum + other.sum);
    }
  }

  /** Bounds in nanoseconds for what a peer answers: ingress-nginx's, 5 ms to 10 s. A copy. */
  public static long[] answerNanos() {
    return ANSWER_NANOS.clone();
  }

  private final long[] bounds;
  private final Tally tally;

  /**
   * @param bounds upper bounds, inclusive, growing; shared, not copied
   */
  public Histogram(long[] bounds) {
    this.bounds = bounds;
    this.tally = new Tally(bounds.length + 2);
  }

  /** On the owner's thread only. */
  public void record(long value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) bucket++;
    tally.add(bucket, 1);
    tally.add(bounds.length + 1, value);
  }

  /** On any thread. */
  public Reading read() {
    long[] counts = new long[bounds.length + 1];
    Arrays.setAll(counts, tally::get);
    return new Reading(bounds, counts, tally.get(bounds.length + 1));
  }
}

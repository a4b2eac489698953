package dev.penstock.core.meter;

import java.util.Arrays;

/** Durations by size. Written by one event loop, read by any thread. */
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
   * @param boundsNanos upper bounds, inclusive
   * @param counts for each bound, and behind them what is above all; not cumulative
   */
  public record Reading(long[] boundsNanos, long[] counts, long sumNanos) {
    /** Nothing yet. */
    public static Reading empty(long[] boundsNanos) {
      return new Reading(boundsNanos, new long[boundsNanos.length + 1], 0);
    }

    /** Of two histograms with the same bounds. */
    public Reading plus(Reading other) {
      long[] sums = counts.clone();
      Arrays.setAll(sums, i -> sums[i] + other.counts[i]);
      return new Reading(boundsNanos, sums, sumNanos + other.sumNanos);
    }
  }

  /** Bounds in nanoseconds for what a peer answers: ingress-nginx's, 5 ms to 10 s. A copy. */
  public static long[] answerNanos() {
    return ANSWER_NANOS.clone();
  }

  private final long[] boundsNanos;
  private final Tally tally;

  /**
   * @param boundsNanos upper bounds, inclusive, growing; shared, not copied
   */
  public Histogram(long[] boundsNanos) {
    this.boundsNanos = boundsNanos;
    this.tally = new Tally(boundsNanos.length + 2);
  }

  /** On the owner's thread only. */
  public void record(long nanos) {
    int bucket = 0;
    while (bucket < boundsNanos.length && nanos > boundsNanos[bucket]) bucket++;
    tally.add(bucket, 1);
    tally.add(boundsNanos.length + 1, nanos);
  }

  /** On any thread. */
  public Reading read() {
    long[] counts = new long[boundsNanos.length + 1];
    Arrays.setAll(counts, tally::get);
    return new Reading(boundsNanos, counts, tally.get(boundsNanos.length + 1));
  }
}

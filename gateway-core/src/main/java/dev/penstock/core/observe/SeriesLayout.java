package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;

/**
 * Where the numbers of one series lie in its array: histograms as their buckets and behind them the
 * sum, and plain sums. What is not wanted takes no place.
 */
final class SeriesLayout {
  /** 64 bytes: a cache line, and what the hardware prefetches beside it stays unshared too. */
  static final int PAD = 8;

  /** Upper bounds, inclusive, of all durations. */
  static final long[] TIME_NANOS = Histogram.answerNanos();

  /** ingress-nginx's {@code --length-buckets}. */
  static final long[] LENGTH_BYTES = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100};

  /** ingress-nginx's {@code --size-buckets}. */
  static final long[] SIZE_BYTES = {10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000};

  /** From a request's first byte to its answer's last. */
  final int duration;

  /** Of the last try, to the end of the backend's answer. */
  final int response;

  final int requestBytes;
  final int sentBytes;

  /** Whether there are those that follow. */
  final boolean isFull;

  /** Of the last try, to the head of the backend's answer. */
  final int header;

  /** Of the last try, to the connection. */
  final int connect;

  final int requestLengths;
  final int sentLengths;
  final int sentSizes;
  final int length;

  private int end = PAD;

  SeriesLayout(boolean isFull) {
    this.isFull = isFull;
    duration = place(true, TIME_NANOS.length + 2);
    response = place(true, TIME_NANOS.length + 2);
    requestBytes = place(true, 1);
    sentBytes = place(true, 1);
    header = place(isFull, TIME_NANOS.length + 2);
    connect = place(isFull, TIME_NANOS.length + 2);
    requestLengths = place(isFull, LENGTH_BYTES.length + 2);
    sentLengths = place(isFull, LENGTH_BYTES.length + 2);
    sentSizes = place(isFull, SIZE_BYTES.length + 2);
    length = end + PAD;
  }

  private int place(boolean isWanted, int numbers) {
    int start = end;
    if (isWanted) end += numbers;
    return start;
  }
}

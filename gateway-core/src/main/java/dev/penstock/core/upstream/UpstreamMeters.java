package dev.penstock.core.upstream;

import dev.penstock.core.meter.Tally;
import dev.penstock.core.observe.DataPlane;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What one event loop counts for one upstream, over all of its endpoints. */
public final class UpstreamMeters {
  private static final int OPENED = 0;
  private static final int CONNECT_NANOS = 1;
  private static final int CLOSED = 2;
  private static final int WAITED = 3;
  private static final int WAIT_NANOS = 4;
  private static final int RETRIES = 5;
  private static final int RETRIES_REFUSED = 6;
  private static final int PAUSES = 7;
  private static final int FAILURES = 8;

  private final Tally tally = new Tally(FAILURES + UpstreamFailure.values().length);

  UpstreamMeters() {}

  /** A connection was made. */
  void opened(long nanos) {
    tally.add(OPENED, 1);
    tally.add(CONNECT_NANOS, nanos);
  }

  /** A connection that was made is gone. */
  void closed() {
    tally.add(CLOSED, 1);
  }

  /** A request got a connection, or none, after it had waited in the queue. */
  void waited(long nanos) {
    tally.add(WAITED, 1);
    tally.add(WAIT_NANOS, nanos);
  }

  void retried() {
    tally.add(RETRIES, 1);
  }

  /** A request would have been tried again, but the retry budget is used up. */
  void retryRefused() {
    tally.add(RETRIES_REFUSED, 1);
  }

  /** An endpoint gets no requests for a while. */
  void paused() {
    tally.add(PAUSES, 1);
  }

  void failed(UpstreamFailure failure) {
    tally.add(FAILURES + failure.index(), 1);
  }

  /** Adds all up. Any thread. */
  public static DataPlane.UpstreamCounts sum(Iterable<UpstreamMeters> loops) {
    long[] sums = new long[FAILURES + UpstreamFailure.values().length];
    for (UpstreamMeters loop : loops) Arrays.setAll(sums, i -> sums[i] + loop.tally.get(i));
    return new DataPlane.UpstreamCounts(
        sums[OPENED],
        sums[CONNECT_NANOS],
        sums[CLOSED],
        sums[WAITED],
        sums[WAIT_NANOS],
        sums[RETRIES],
        sums[RETRIES_REFUSED],
        sums[PAUSES],
        failures(sums));
  }

  private static Map<String, Long> failures(long[] sums) {
    Map<String, Long> byKind = new TreeMap<>();
    for (UpstreamFailure failure : UpstreamFailure.values()) {
      long count = sums[FAILURES + failure.index()];
      if (count > 0) byKind.put(failure.label(), count);
    }
    return byKind;
  }
}

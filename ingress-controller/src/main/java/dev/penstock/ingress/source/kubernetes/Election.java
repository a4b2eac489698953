package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ObjectKey;
import java.time.Duration;

/**
 * How a leader is found.
 *
 * @param lease namespace and name
 * @param ttl how long a Lease holds after a renewal; {@link #TTL_MIN} to {@link #TTL_MAX}
 */
public record Election(ObjectKey lease, Duration ttl) {
  /** Less leaves no time for an answer that is late. */
  public static final Duration TTL_MIN = Duration.ofSeconds(15);

  /** More is not believed of a Lease either, which anybody may have edited. */
  public static final Duration TTL_MAX = Duration.ofMinutes(10);

  public Election {
    if (ttl.compareTo(TTL_MIN) < 0 || ttl.compareTo(TTL_MAX) > 0) {
      throw new IllegalArgumentException("ttl must be 15 s to 10 min, was " + ttl);
    }
  }

  int seconds() {
    return Math.toIntExact(ttl.toSeconds());
  }

  /** After so long without a renewal the leader writes nothing more: 8 s of 15. */
  Duration renewMax() {
    return ttl.multipliedBy(8).dividedBy(15);
  }

  /** Between two looks at the Lease, at most, half of it at least: 2 s of 15. */
  Duration retryMax() {
    return ttl.multipliedBy(2).dividedBy(15);
  }

  /**
   * How long a Lease of so many seconds must not have changed for whoever looks at it: 13 s of 15,
   * because what is seen may have happened {@link #retryMax} before. So it is taken within its
   * time, and not before a third of that has passed since its holder wrote nothing more.
   */
  static Duration unchangedMin(int leaseSeconds) {
    long believedSeconds = Math.min(leaseSeconds, TTL_MAX.toSeconds());
    return Duration.ofSeconds(believedSeconds).multipliedBy(13).dividedBy(15);
  }
}

package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ObjectKey;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a list may replace what is known. A list is the one answer that can take everything down
 * at once, and an API server that has just come back, lost its data or is asked through a broken
 * proxy gives wrong ones. Deletions that a watch tells are always believed; of a list
 *
 * <ul>
 *   <li>that lacks more than half of the objects, a second one has to say the same a while later:
 *       nothing that was missing is there again, and it lacks at most half of what the first had;
 *   <li>that is older than what was seen (a restored etcd, a stale replica), nothing newer may come
 *       for a minute.
 * </ul>
 *
 * <p>One thread.
 */
final class ListTrust {
  static final Duration SECOND_LIST_AFTER = Duration.ofSeconds(5);
  static final Duration OLDER_BELIEVED_AFTER = Duration.ofSeconds(60);

  /** How often an older list is asked for again, so that a newer one is seen soon. */
  private static final Duration OLDER_ASKED_EVERY = Duration.ofSeconds(2);

  private final boolean emptyFirstIsDoubted;

  /** What the lists of the last while lack; null when they lack little. */
  private @Nullable Set<ObjectKey> doubted;

  private long doubtedSinceNanos;
  private boolean olderSeen;
  private long olderSinceNanos;

  /**
   * @param waitNanos until the next list is to be asked for; 0 = this one is believed
   * @param why empty when it is believed
   */
  record Verdict(long waitNanos, String why) {
    private static final Verdict BELIEVED = new Verdict(0, "");

    boolean isBelieved() {
      return waitNanos == 0;
    }
  }

  /**
   * @param emptyFirstIsDoubted something is served already, from the last good state: then a first
   *     list without an object is doubted too
   */
  ListTrust(boolean emptyFirstIsDoubted) {
    this.emptyFirstIsDoubted = emptyFirstIsDoubted;
  }

  /**
   * @param known objects that are known; -1 = none was ever listed
   * @param missing those of them that the list lacks
   * @param listed objects in the list
   * @param isOlder whether its version is below one that was seen
   * @param nowNanos when the list was asked for
   */
  Verdict judge(int known, Set<ObjectKey> missing, int listed, boolean isOlder, long nowNanos) {
    boolean isEmptier = known < 0 ? emptyFirstIsDoubted && listed == 0 : missing.size() > known / 2;
    if (doubted == null || !saysTheSame(known, doubted, missing)) doubtedSinceNanos = nowNanos;
    doubted = isEmptier ? missing : null;
    if (isOlder && !olderSeen) olderSinceNanos = nowNanos;
    olderSeen = isOlder;

    long wait = 0;
    String why = "";
    if (isEmptier) {
      wait = SECOND_LIST_AFTER.toNanos() - (nowNanos - doubtedSinceNanos);
      why =
          (known < 0
                  ? "the first list is empty"
                  : missing.size() + " of " + known + " are not listed")
              + "; that is believed when a second list says so";
    }
    long olderWait = OLDER_BELIEVED_AFTER.toNanos() - (nowNanos - olderSinceNanos);
    if (isOlder && olderWait > 0) {
      wait = Math.min(olderWait, OLDER_ASKED_EVERY.toNanos());
      why =
          "the list is older than what was seen; that is believed when nothing newer comes for "
              + OLDER_BELIEVED_AFTER.toSeconds()
              + " s";
    }
    if (wait > 0) return new Verdict(wait, why);
    doubted = null;
    olderSeen = false;
    return Verdict.BELIEVED;
  }

  private static boolean saysTheSame(int known, Set<ObjectKey> before, Set<ObjectKey> missing) {
    return missing.containsAll(before)
        && missing.size() - before.size() <= (known - before.size()) / 2;
  }
}

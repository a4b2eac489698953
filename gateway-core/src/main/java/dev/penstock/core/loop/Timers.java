package dev.penstock.core.loop;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A hashed wheel of deadlines of one loop. Deadlines are nodes of intrusive lists, so arming
 * allocates nothing; a deadline that was moved later stays where it lies until its old bucket comes
 * round ({@link Deadline}). A tick visits one bucket.
 */
public final class Timers {
  /** How often the wheel turns: deadlines here are hundreds of milliseconds and up. */
  public static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Buckets, a power of two; 512 ticks are 51 s, so most deadlines are visited once. */
  private static final int BUCKETS = 512;

  private final @Nullable Deadline[] buckets = new @Nullable Deadline[BUCKETS];
  private long tick;

  /** The first tick at which a deadline of this time has passed. */
  private long tickOf(long at) {
    return Math.max(tick + 1, Math.ceilDiv(at, TICK_NANOS));
  }

  void place(Deadline deadline) {
    long wanted = tickOf(deadline.at);
    if (deadline.linked) {
      if (deadline.bucketTick <= wanted) return;
      remove(deadline);
    }
    link(deadline, wanted);
  }

  private void link(Deadline deadline, long wanted) {
    int bucket = (int) (wanted & (BUCKETS - 1));
    Deadline first = buckets[bucket];
    deadline.bucketTick = wanted;
    deadline.linked = true;
    deadline.before = null;
    deadline.after = first;
    if (first != null) first.before = deadline;
    buckets[bucket] = deadline;
  }

  void remove(Deadline deadline) {
    if (!deadline.linked) return;
    Deadline before = deadline.before;
    Deadline after = deadline.after;
    if (before == null) buckets[(int) (deadline.bucketTick & (BUCKETS - 1))] = after;
    else before.after = after;
    if (after != null) after.before = before;
    deadline.linked = false;
    deadline.before = null;
    deadline.after = null;
  }

  /** Fires everything due at {@code now}; what an expiry arms anew fires in a later tick. */
  void advance(long now) {
    long last = Math.floorDiv(now, TICK_NANOS);
    // After a long pause every bucket is visited once, not once for each tick that was missed.
    if (last - tick > BUCKETS) tick = last - BUCKETS;
    while (tick < last) {
      tick++;
      turn((int) (tick & (BUCKETS - 1)), now);
    }
  }

  private void turn(int bucket, long now) {
    // The bucket is taken off first: an expiry may cancel its neighbours or arm new ones.
    Deadline due = buckets[bucket];
    while (due != null) {
      Deadline next = due.after;
      if (due.bucketTick <= tick) {
        remove(due);
        if (due.at <= now) {
          due.fire();
          next = buckets[bucket];
        } else if (due.isArmed()) {
          link(due, tickOf(due.at));
        }
      }
      due = next;
    }
  }
}

package dev.penstock.core.loop;

import org.jspecify.annotations.Nullable;

/**
 * A point in time after which something is done, re-armed cheaply: moving it further away only
 * writes a number, the wheel looks again when the old time comes. So a deadline that is moved at
 * every read costs nothing in the wheel.
 *
 * <p>Owned by one loop. Precision is {@link Timers#TICK_NANOS}: it never fires early, and late by
 * at most two ticks.
 */
public final class Deadline {
  static final long NEVER = Long.MAX_VALUE;

  private final Loop loop;
  private final Timers timers;
  private final Runnable onExpiry;

  /** When to fire, on the loop's clock; {@link #NEVER} = not armed. */
  long at = NEVER;

  /** The tick of the bucket it lies in; meaningful while {@code linked}. */
  long bucketTick;

  boolean linked;
  @Nullable Deadline before;
  @Nullable Deadline after;

  Deadline(Loop loop, Timers timers, Runnable onExpiry) {
    this.loop = loop;
    this.timers = timers;
    this.onExpiry = onExpiry;
  }

  /** Arms it, or moves it: fires {@code nanos} from now. */
  public void in(long nanos) {
    at(loop.nanos() + nanos);
  }

  /** Arms it, or moves it, to a time of the loop's clock. */
  public void at(long time) {
    assert loop.inLoop();
    at = time;
    timers.place(this);
  }

  /** Disarms it; cheap enough to be called for every request. */
  public void clear() {
    at = NEVER;
  }

  /** Disarms it and lets the wheel forget it at once: for owners that end. */
  public void cancel() {
    at = NEVER;
    timers.remove(this);
  }

  public boolean isArmed() {
    return at != NEVER;
  }

  void fire() {
    at = NEVER;
    onExpiry.run();
  }
}

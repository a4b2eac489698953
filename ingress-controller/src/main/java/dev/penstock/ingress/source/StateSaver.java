package dev.penstock.ingress.source;

import dev.penstock.model.Publication;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Saves what is served, beside it: to write thousands of hosts takes a hundred milliseconds, for
 * which no change waits. The first change is saved at once; of those that come in the pause after
 * it, the newest. The pause is {@link #PAUSE_MIN}, or longer where a saving takes long: then all of
 * them together take a twentieth of one processor. What cannot be saved is tried again, as the disk
 * may be full for a while.
 */
public final class StateSaver implements Consumer<Publication> {
  /** Between two savings. What a crash loses is not much older; the source brings it anew. */
  static final Duration PAUSE_MIN = Duration.ofSeconds(1);

  /** However long a saving takes: a disk may stand still. */
  static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  /** After a saving that failed, at least. */
  static final Duration PAUSE_FAILED = Duration.ofSeconds(10);

  /** How many times as long as a saving the pause after it is. */
  private static final int PAUSE_FACTOR = 20;

  private final StateFile file;
  private final ScheduledExecutorService thread;
  private final LongSupplier nanoTime;
  private final AtomicReference<@Nullable Publication> newest = new AtomicReference<>();
  private final AtomicBoolean awake = new AtomicBoolean();

  /**
   * @param file used by {@code thread} alone from now on, and by {@link #finish}
   * @param thread a single one, which the caller owns and ends
   * @param nanoTime a monotonic clock, the one that {@code thread} goes by
   */
  public StateSaver(StateFile file, ScheduledExecutorService thread, LongSupplier nanoTime) {
    this.file = file;
    this.thread = thread;
    this.nanoTime = nanoTime;
  }

  /** From any thread; returns at once. */
  @Override
  public void accept(Publication publication) {
    newest.set(publication);
    if (awake.compareAndSet(false, true)) thread.execute(this::saveNewest);
  }

  private void saveNewest() {
    Publication publication = newest.getAndSet(null);
    if (publication != null) {
      long beganNanos = nanoTime.getAsLong();
      boolean isDone = file.save(publication);
      if (!isDone) newest.compareAndSet(null, publication);
      Duration pauseMin = isDone ? PAUSE_MIN : PAUSE_FAILED;
      long pauseNanos = PAUSE_FACTOR * (nanoTime.getAsLong() - beganNanos);
      thread.schedule(
          this::saveNewest,
          Math.clamp(pauseNanos, pauseMin.toNanos(), PAUSE_MAX.toNanos()),
          TimeUnit.NANOSECONDS);
      return;
    }
    awake.set(false);
    if (newest.get() != null && awake.compareAndSet(false, true)) saveNewest();
  }

  /** Saves what still waits for its turn, on the caller's thread, after the thread has ended. */
  public void finish() {
    Publication publication = newest.getAndSet(null);
    if (publication != null) file.save(publication);
  }
}

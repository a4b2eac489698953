package dev.penstock.ingress.source;

import dev.penstock.model.Publication;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Saves what is served, beside it: to write thousands of hosts takes a hundred milliseconds, for
 * which no change waits. The first change is saved at once; of those that come within {@link
 * #PAUSE} after it, the newest.
 */
public final class StateSaver implements Consumer<Publication> {
  /** Between two savings. What a crash loses is at most this old; the source brings it anew. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private final StateFile file;
  private final ScheduledExecutorService thread;
  private final AtomicReference<@Nullable Publication> newest = new AtomicReference<>();
  private final AtomicBoolean awake = new AtomicBoolean();

  /**
   * @param file used by {@code thread} alone from now on, and by {@link #finish}
   * @param thread a single one, which the caller owns and ends
   */
  public StateSaver(StateFile file, ScheduledExecutorService thread) {
    this.file = file;
    this.thread = thread;
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
      file.save(publication);
      thread.schedule(this::saveNewest, PAUSE.toNanos(), TimeUnit.NANOSECONDS);
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

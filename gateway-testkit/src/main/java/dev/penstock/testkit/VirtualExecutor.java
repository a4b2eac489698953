package dev.penstock.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A scheduled executor whose time moves only when the test says so, and whose tasks run on the
 * test's thread. Tasks may be handed in from any thread, as sockets do.
 */
public final class VirtualExecutor extends AbstractExecutorService
    implements ScheduledExecutorService {
  /** Real time without a new task after which sockets are taken to have nothing to say. */
  private static final Duration QUIET = Duration.ofMillis(150);

  /** The same when nobody waits for an answer. */
  private static final Duration IDLE_QUIET = Duration.ofMillis(20);

  /** The same in a hurry. */
  private static final Duration HURRIED_QUIET = Duration.ofMillis(2);

  private final VirtualClock clock;
  private final PriorityQueue<Task<?>> tasks =
      new PriorityQueue<>(
          Comparator.<Task<?>>comparingLong(t -> t.after).thenComparingLong(t -> t.id));

  private final long startNanos;
  private long nextId;
  private boolean isShutDown;
  private BooleanSupplier isIdle = () -> false;
  private boolean isHurried;

  public VirtualExecutor(VirtualClock clock) {
    this.clock = clock;
    this.startNanos = clock.getAsLong();
  }

  public VirtualClock clock() {
    return clock;
  }

  /** Says when no answer is due from any socket: then time can move on sooner. */
  public void idleWhen(BooleanSupplier condition) {
    isIdle = condition;
  }

  /**
   * For thousands of steps: when no answer is due, waits less for sockets, so that what they bring
   * may be late by the virtual clock.
   */
  public void hurry(boolean isHurried) {
    this.isHurried = isHurried;
  }

  private Duration quiet() {
    if (!isIdle.getAsBoolean()) return QUIET;
    return isHurried ? HURRIED_QUIET : IDLE_QUIET;
  }

  /** Since the start, so that the order survives an overflow of the clock. */
  private long elapsed() {
    return clock.getAsLong() - startNanos;
  }

  /** Runs what is due, as it comes, until the condition holds; time stands still. */
  public void runUntil(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      failAfter(deadline, what);
      runOne(Duration.ofMillis(10));
    }
  }

  /**
   * Runs what is due until the condition holds. When nothing is left to run and the sockets are
   * quiet, time moves on to the next task; when that is too late, it waits for sockets, since what
   * they bring takes no time.
   *
   * @return how much time has passed
   */
  public Duration passUntil(String what, Duration max, BooleanSupplier condition) {
    long began = elapsed();
    long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (runOne(quiet())) continue;
      long wait = untilNext();
      if (wait < 0 || elapsed() + wait - began > max.toNanos()) {
        failAfter(deadline, what + " within " + max);
      } else {
        clock.advance(Duration.ofNanos(wait));
        deadline = System.nanoTime() + Await.PATIENCE.toNanos();
      }
    }
    return Duration.ofNanos(elapsed() - began);
  }

  private static void failAfter(long deadline, String what) {
    if (System.nanoTime() - deadline < 0) return;
    throw new AssertionError("waited " + Await.PATIENCE.toMillis() + " ms in vain: " + what);
  }

  /** Lets time pass, in steps from task to task, and runs what becomes due. */
  public void pass(Duration time) {
    long end = elapsed() + time.toNanos();
    runQuiet();
    for (long wait = untilNext(); wait >= 0 && elapsed() + wait <= end; wait = untilNext()) {
      clock.advance(Duration.ofNanos(wait));
      while (runOne(quiet())) {
        // one more
      }
    }
    clock.advance(Duration.ofNanos(end - elapsed()));
    runQuiet();
  }

  /** Runs what is due until the sockets are quiet. */
  public void runQuiet() {
    while (runOne(QUIET)) {
      // one more
    }
  }

  /** Whether a task came within the real time. */
  private boolean runOne(Duration patience) {
    Task<?> task = take(patience);
    if (task == null) return false;
    task.run();
    return true;
  }

  private synchronized @org.jspecify.annotations.Nullable Task<?> take(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (tasks.isEmpty() || tasks.peek().after > elapsed()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) return null;
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
    return tasks.poll();
  }

  /** -1 when there is none. */
  private synchronized long untilNext() {
    tasks.removeIf(Future::isCancelled);
    return tasks.isEmpty() ? -1 : Math.max(0, tasks.peek().after - elapsed());
  }

  private synchronized <T> Task<T> add(Callable<T> work, long delayNanos) {
    if (isShutDown) throw new java.util.concurrent.RejectedExecutionException("it is shut down");
    Task<T> task = new Task<>(work, elapsed() + Math.max(0, delayNanos), nextId++);
    tasks.add(task);
    notifyAll();
    return task;
  }

  @Override
  public void execute(Runnable command) {
    var _ = add(callable(command), 0);
  }

  /** Runs it at once, with all that is due before it: the test's thread would wait for itself. */
  @Override
  public Future<?> submit(Runnable command) {
    Future<?> task = add(callable(command), 0);
    while (!task.isDone() && runOne(Duration.ZERO)) {
      // one more
    }
    return task;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(callable(command), unit.toNanos(delay));
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    return add(callable, unit.toNanos(delay));
  }

  private static Callable<Boolean> callable(Runnable command) {
    return () -> {
      command.run();
      return true;
    };
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("nobody repeats tasks here yet");
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("nobody repeats tasks here yet");
  }

  @Override
  public synchronized void shutdown() {
    isShutDown = true;
  }

  @Override
  public synchronized List<Runnable> shutdownNow() {
    isShutDown = true;
    List<Runnable> left = new ArrayList<>(tasks);
    tasks.clear();
    return left;
  }

  @Override
  public synchronized boolean isShutdown() {
    return isShutDown;
  }

  @Override
  public synchronized boolean isTerminated() {
    return isShutDown && tasks.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }

  private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
    private final long after;
    private final long id;

    Task(Callable<V> work, long after, long id) {
      super(work);
      this.after = after;
      this.id = id;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(after - elapsed(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    /** A task that throws is a defect of what is tested. */
    @Override
    protected void setException(Throwable thrown) {
      super.setException(thrown);
      throw new AssertionError("a task failed", thrown);
    }
  }
}

package dev.penstock.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something that real sockets bring about, never longer than it takes. */
public final class Await {
  /** Long enough for a machine that does other things too; only failing tests wait this long. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long POLL_NANOS = 2_000_000;

  /** A condition that may fail while sockets are read. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  private Await() {}

  /** Waits until the condition holds; fails after {@link #PATIENCE}. */
  public static void until(String what, Condition condition) {
    until(() -> what, PATIENCE, condition);
  }

  /** Waits until the condition holds; fails with the text of that moment after the given time. */
  public static void until(Supplier<String> what, Duration patience, Condition condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited " + patience.toMillis() + " ms in vain: " + what.get());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Whether the condition comes to hold within the time. */
  public static boolean within(Duration patience, Condition condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() - deadline > 0) return false;
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /** Lets time pass in which something must not happen; returns early only by interruption. */
  public static void quietTime(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) return;
    }
  }

  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (Exception broken) {
      throw new AssertionError("the condition could not be read", broken);
    }
  }
}

package dev.penstock.ingress.source.kubernetes;

import java.util.concurrent.TimeUnit;

/** What is to be done once, however often it is asked for before. One thread. */
final class Later {
  private final Machinery machinery;
  private final Runnable task;
  private boolean isDue;

  Later(Machinery machinery, Runnable task) {
    this.machinery = machinery;
    this.task = task;
  }

  void in(long nanos) {
    if (isDue) return;
    isDue = true;
    machinery.thread().schedule(this::run, nanos, TimeUnit.NANOSECONDS);
  }

  private void run() {
    isDue = false;
    task.run();
  }
}

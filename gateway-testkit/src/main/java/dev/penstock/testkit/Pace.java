package dev.penstock.testkit;

import java.time.Duration;

/** Keeps a reader to a number of bytes each second, from its first byte on. */
final class Pace {
  private static final int SLICES_PER_SECOND = 20;

  private final int bytesPerSecond;
  private final long startNanos = System.nanoTime();
  private long bytes;

  Pace(int bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Bytes to read at a time. */
  int sliceBytes() {
    return Math.max(1, bytesPerSecond / SLICES_PER_SECOND);
  }

  /** How long to wait before the next read. */
  Duration afterBytes(int count) {
    bytes += count;
    long dueNanos = bytes * Duration.ofSeconds(1).toNanos() / bytesPerSecond;
    return Duration.ofNanos(Math.max(0, dueNanos - (System.nanoTime() - startNanos)));
  }
}

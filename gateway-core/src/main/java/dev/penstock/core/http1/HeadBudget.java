package dev.penstock.core.http1;

/**
 * The heap that the heads and trailer sections of one loop's clients may take beyond what each of
 * them has at first. Legal heads that are never ended would else fill the heap: ten thousand of 17
 * KiB are enough for one of 256 MiB. A head that has to grow when all is taken is refused.
 *
 * <p>Owned by that loop.
 */
public final class HeadBudget {
  /** All loops together may take this part of the heap: a quarter. */
  private static final int HEAP_PART = 4;

  private final long max;
  private final long scarce;
  private long taken;

  /**
   * @param max bytes
   */
  public HeadBudget(long max) {
    this.max = max;
    scarce = max / 4 * 3;
  }

  /** One of {@code loops} equal shares of what the process may take. */
  public static HeadBudget ofLoop(int loops) {
    return new HeadBudget(Runtime.getRuntime().maxMemory() / HEAP_PART / loops);
  }

  /** For one who is bounded elsewhere. */
  static HeadBudget unbounded() {
    return new HeadBudget(Long.MAX_VALUE);
  }

  /**
   * Bytes over three quarters: heads that stay unfinished have to end, to leave room for others.
   */
  public long excessBytes() {
    return Math.max(0, taken - scarce);
  }

  /** False, and nothing is taken, when there are not so many left. */
  boolean take(int bytes) {
    if (bytes > max - taken) {
      return false;
    }
    taken += bytes;
    return true;
  }

  void giveBack(int bytes) {
    taken -= bytes;
  }

  long taken() {
    return taken;
  }
}

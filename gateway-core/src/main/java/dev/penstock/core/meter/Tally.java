package dev.penstock.core.meter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counters that one event loop adds to and any thread reads. They are plain additions, stored
 * opaquely, so that a reader sees whole values, if a little late; a shared counter would bounce its
 * cache line between the loops. For that reason, too, nothing else lies near them in memory.
 */
public final class Tally {
  /** 64 bytes: a cache line, and what the hardware prefetches beside it stays unshared too. */
  private static final int PAD = 8;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] values;

  /**
   * All at 0.
   *
   * @param size how many counters
   */
  public Tally(int size) {
    values = new long[PAD + size + PAD];
  }

  /** On the owner's thread only. */
  public void add(int index, long by) {
    LONGS.setOpaque(values, PAD + index, values[PAD + index] + by);
  }

  /** On any thread. */
  public long get(int index) {
    return (long) LONGS.getOpaque(values, PAD + index);
  }
}

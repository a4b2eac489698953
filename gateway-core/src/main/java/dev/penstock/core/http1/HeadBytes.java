package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The bytes of a head or trailer section as received: one array that grows by doubling. The array
 * of a usual head is kept from message to message; a larger one is given back on {@link #reset()},
 * so that a few large heads don't decide what ten thousand idle connections cost. What is beyond
 * the first size is taken from a {@link HeadBudget}.
 */
final class HeadBytes {
  private static final byte[] NOTHING = {};

  /** First size: the head of most API calls. */
  private static final int FIRST_BYTES = 1024;

  /** An array up to this size is kept: browsers' heads with their cookies. */
  private static final int KEPT_BYTES_MAX = 4096;

  private final HeadBudget budget;
  private byte[] array = NOTHING;
  private int length;

  HeadBytes(HeadBudget budget) {
    this.budget = budget;
  }

  HeadBudget budget() {
    return budget;
  }

  /** Bytes taken of the budget. */
  int taken() {
    return Math.max(0, array.length - FIRST_BYTES);
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  /**
   * Copies what {@code in} can give and the array can take, at most up to {@code lengthMax} bytes
   * in all; {@code in} is left as it is.
   *
   * @return how many bytes were copied; zero only when {@code lengthMax} is reached, -1 when the
   *     budget is used up
   */
  int copyFrom(ByteBuf in, int lengthMax) {
    if (length == array.length && !grow(length + 1)) {
      return -1;
    }
    int count = Math.min(in.readableBytes(), Math.min(array.length, lengthMax) - length);
    in.getBytes(in.readerIndex(), array, length, count);
    length += count;
    return count;
  }

  /** Forgets what was copied after {@code end}: it is not part of the section. */
  void truncate(int end) {
    length = end;
  }

  /**
   * Makes room for {@code count} bytes after the last, which stay outside of {@link #length()}.
   * False when the budget is used up.
   */
  boolean reserve(int count) {
    return array.length - length >= count || grow(length + count);
  }

  void reset() {
    length = 0;
    if (array.length > KEPT_BYTES_MAX) {
      trim();
    }
  }

  void trim() {
    length = 0;
    budget.giveBack(taken());
    array = NOTHING;
  }

  private boolean grow(int capacity) {
    int larger = Math.max(FIRST_BYTES, array.length);
    while (larger < capacity) {
      larger *= 2;
    }
    if (!budget.take(larger - Math.max(FIRST_BYTES, array.length))) {
      return false;
    }
    array = Arrays.copyOf(array, larger);
    return true;
  }
}

package dev.penstock.ingress.source.kubernetes;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes to lines, however they are cut. What is not ended by a line feed is no line. */
final class LineSplitter {
  private final int lineBytesMax;
  private byte[] pending = new byte[0];
  private int length;

  /**
   * @param lineBytesMax a longer line is not gathered
   */
  LineSplitter(int lineBytesMax) {
    this.lineBytesMax = lineBytesMax;
  }

  /**
   * Takes from the buffer until a line is whole.
   *
   * @return the line without its end; null when the buffer is used up first
   * @throws IllegalStateException when the line is too long
   */
  byte @Nullable [] next(ByteBuffer buffer) {
    int start = buffer.position();
    int end = start;
    while (end < buffer.limit() && buffer.get(end) != '\n') end++;
    append(buffer, end - start);
    if (end == buffer.limit()) return null;
    buffer.position(end + 1);
    byte[] line = Arrays.copyOf(pending, length);
    length = 0;
    pending = new byte[0];
    return line;
  }

  /** Moves the buffer's position. */
  private void append(ByteBuffer buffer, int count) {
    if (count > lineBytesMax - length) {
      throw new IllegalStateException("a line holds more than " + lineBytesMax + " bytes");
    }
    if (count > pending.length - length) {
      pending = Arrays.copyOf(pending, Math.max(length + count, 2 * pending.length));
    }
    buffer.get(pending, length, count);
    length += count;
  }
}

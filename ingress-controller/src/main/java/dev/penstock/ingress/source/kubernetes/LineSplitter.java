package dev.penstock.ingress.source.kubernetes;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes to lines, however they come. What is not ended by a line feed is no line. */
final class LineSplitter {
  /**
   * @param bytes without the line feed
   * @param isCut whether there were more of them
   */
  record Line(byte[] bytes, boolean isCut) {}

  /** How many times its bound a line may have until it is none that ends. */
  private static final int PASSED_OVER_TIMES = 3;

  private final int lineBytesMax;
  private byte[] pending = new byte[0];
  private int length;
  private long passedOver;

  /**
   * @param lineBytesMax the rest of a longer line is passed over
   */
  LineSplitter(int lineBytesMax) {
    this.lineBytesMax = lineBytesMax;
  }

  /** Bytes of a line that is not whole yet. */
  int pending() {
    return length;
  }

  /**
   * Takes from the buffer until a line is whole.
   *
   * @return null when the buffer is used up before
   * @throws ProtocolException when the line has several times its bound
   */
  @Nullable Line next(ByteBuffer buffer) throws ProtocolException {
    int start = buffer.position();
    int end = start;
    while (end < buffer.limit() && buffer.get(end) != '\n') end++;
    append(buffer, end - start);
    if (end == buffer.limit()) return null;
    buffer.position(end + 1);
    Line line = new Line(Arrays.copyOf(pending, length), passedOver > 0);
    length = 0;
    passedOver = 0;
    pending = new byte[0];
    return line;
  }

  /** Moves the buffer's position. */
  private void append(ByteBuffer buffer, int count) throws ProtocolException {
    int kept = Math.min(count, lineBytesMax - length);
    if (kept > pending.length - length) {
      int grown = Math.max(length + kept, 2 * pending.length);
      pending = Arrays.copyOf(pending, Math.min(grown, lineBytesMax));
    }
    buffer.get(pending, length, kept);
    length += kept;
    passedOver += count - kept;
    buffer.position(buffer.position() + count - kept);
    if (passedOver > (long) PASSED_OVER_TIMES * lineBytesMax) {
      throw new ProtocolException("a line of " + (length + passedOver) + " bytes has no end");
    }
  }
}

package dev.penstock.core.observe;

import java.nio.charset.StandardCharsets;

/**
 * A range of somebody else's bytes, re-used instead of made anew. The bytes are not copied: whoever
 * sets a span keeps the array alive and unchanged until the span is cleared or set again.
 *
 * <p>A span that is not set is different from an empty one: the log prints {@code -} for it.
 */
public final class ByteSpan {
  private static final byte[] NOTHING = new byte[0];

  private byte[] bytes = NOTHING;
  private int start;
  private int end = -1;

  /** Points at {@code bytes[start, end)}. */
  public void set(byte[] newBytes, int newStart, int newEnd) {
    assert newStart >= 0 && newStart <= newEnd && newEnd <= newBytes.length;
    bytes = newBytes;
    start = newStart;
    end = newEnd;
  }

  /** Points at the whole array. */
  public void set(byte[] newBytes) {
    set(newBytes, 0, newBytes.length);
  }

  /** Points where the other points, also at nothing. */
  public void set(ByteSpan other) {
    bytes = other.bytes;
    start = other.start;
    end = other.end;
  }

  /** Not set any more; lets go of the array. */
  public void clear() {
    bytes = NOTHING;
    start = 0;
    end = -1;
  }

  public boolean isSet() {
    return end >= 0;
  }

  /** The array that this span lies in; an empty one when not set. */
  public byte[] bytes() {
    return bytes;
  }

  /** Index of the first byte. */
  public int start() {
    return start;
  }

  /** Index behind the last byte; equal to {@link #start()} when not set. */
  public int end() {
    return Math.max(start, end);
  }

  /** Number of bytes; 0 when not set. */
  public int length() {
    return end() - start;
  }

  /** For tests and people; never on the request path. */
  @Override
  public String toString() {
    return isSet() ? new String(bytes, start, length(), StandardCharsets.ISO_8859_1) : "-";
  }
}

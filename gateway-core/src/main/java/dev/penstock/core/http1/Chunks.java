package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Writes what stands around the data of a chunked body (RFC 9112 §7.1); never an extension. */
public final class Chunks {
  private static final byte[] LINE_END = Ascii.bytes("\r\n");
  private static final byte[] LAST = Ascii.bytes("0\r\n");

  /** The most that {@link #header} writes. */
  public static final int HEADER_BYTES_MAX = 2 + Integer.BYTES * 2 + 2;

  private Chunks() {}

  /**
   * Writes what stands before the data of a chunk; the end of the chunk before is part of it.
   *
   * @param size bytes of data that follow, at least one
   * @param first whether no chunk came before
   */
  public static void header(ByteBuf out, int size, boolean first) {
    assert size > 0 : "a chunk without data would end the body";
    if (!first) {
      out.writeBytes(LINE_END);
    }
    int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(size) + 3) / 4);
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      out.writeByte(Ascii.upperHexDigit(size >>> shift));
    }
    out.writeBytes(LINE_END);
  }

  /**
   * Writes the end of the body: last chunk, trailers, empty line.
   *
   * @param first whether no chunk came before
   * @param trailers of which those are written that may pass ({@link
   *     FieldName#isPassedInTrailers}); null for none. Pass them only to a peer that asked for them
   *     by {@code TE: trailers}
   */
  public static void last(ByteBuf out, boolean first, @Nullable Fields trailers) {
    if (!first) {
      out.writeBytes(LINE_END);
    }
    out.writeBytes(LAST);
    if (trailers != null) {
      FieldCopy.trailers(out, trailers);
    }
    out.writeBytes(LINE_END);
  }
}

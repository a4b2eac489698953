package dev.penstock.core.http1;

import java.io.ByteArrayOutputStream;

/**
 * What the gateway itself tells a backend about a client: made once for each connection, because
 * all but the request's id stays the same on it. One event loop.
 */
public final class Identity {
  private static final int HEX_DIGITS_OF_LONG = 16;

  private final byte[] lines;
  private final byte[] requestId = new byte[2 * HEX_DIGITS_OF_LONG];

  /**
   * @param remoteAddress the peer's address as text, without a port or brackets, ASCII
   * @param scheme {@code http} or {@code https}
   * @param publicPort the port that clients know, in decimal digits
   */
  public Identity(byte[] remoteAddress, byte[] scheme, byte[] publicPort) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(256);
    line(text, "X-Forwarded-For", remoteAddress);
    line(text, "X-Real-IP", remoteAddress);
    line(text, "X-Forwarded-Proto", scheme);
    line(text, "X-Forwarded-Scheme", scheme);
    line(text, "X-Scheme", scheme);
    line(text, "X-Forwarded-Port", publicPort);
    this.lines = text.toByteArray();
    newRequestId(0, 0);
  }

  /** Makes the id of the next request, 32 hexadecimal digits, from 128 random bits. */
  public void newRequestId(long high, long low) {
    for (int i = 0; i < HEX_DIGITS_OF_LONG; i++) {
      int shift = 4 * (HEX_DIGITS_OF_LONG - 1 - i);
      requestId[i] = Ascii.lower(Ascii.upperHexDigit((int) (high >>> shift)));
      requestId[HEX_DIGITS_OF_LONG + i] = Ascii.lower(Ascii.upperHexDigit((int) (low >>> shift)));
    }
  }

  /**
   * The generated id, 32 bytes; shared, overwritten by the next {@link #newRequestId}. It is the
   * request's only where the client sent no well-formed one ({@link RequestHead#requestIdStart}).
   */
  public byte[] requestId() {
    return requestId;
  }

  /** Complete field lines, CRLF included. */
  byte[] lines() {
    return lines;
  }

  private static void line(ByteArrayOutputStream text, String name, byte[] value) {
    for (byte b : value) {
      if (b <= Ascii.SP || b == 0x7F) {
        throw new IllegalArgumentException(name + ": not visible ASCII");
      }
    }
    text.writeBytes(Ascii.bytes(name + ": "));
    text.writeBytes(value);
    text.writeBytes(Ascii.bytes("\r\n"));
  }
}

package dev.penstock.core.http1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who the client is, and what a backend is told of it. Made once for each connection: where no
 * trusted proxy in front says otherwise, all but the request's id stays the same on it. One event
 * loop.
 */
public final class Identity {
  private static final int HEX_DIGITS_OF_LONG = 16;

  private static final byte[] HTTPS = Ascii.bytes("https");

  private final byte[] remoteAddress;
  private final byte[] publicPort;
  private final boolean isTls;
  private final byte[] lines;
  private final byte[] requestId = new byte[2 * HEX_DIGITS_OF_LONG];

  /** Used again; null until something may be believed. */
  private @Nullable Forwarded reading;

  private @Nullable Forwarded forwarded;

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
    this.remoteAddress = remoteAddress;
    this.publicPort = publicPort;
    this.isTls = Arrays.equals(scheme, HTTPS);
    newRequestId(0, 0);
  }

  /**
   * A request begins: finds out who its client is.
   *
   * @param head complete; stays as it is until the request ends
   * @param rules null when no proxy in front is believed
   */
  public void begin(RequestHead head, @Nullable ForwardedRules rules) {
    forwarded = null;
    if (rules == null) {
      return;
    }
    Forwarded said = reading;
    if (said == null) {
      reading = said = new Forwarded(this, head, rules);
    }
    if (said.read(head, rules)) {
      forwarded = said;
    }
  }

  /**
   * The client's address as text, without port or brackets, is {@code [addressStart(),
   * addressEnd())} of this; shared, good until the request ends.
   */
  public byte[] addressBytes() {
    return forwarded == null ? remoteAddress : forwarded.addressBytes();
  }

  public int addressStart() {
    return forwarded == null ? 0 : forwarded.addressStart();
  }

  public int addressEnd() {
    return forwarded == null ? remoteAddress.length : forwarded.addressEnd();
  }

  /** Whether the client asked for https, of the gateway or of a trusted proxy in front. */
  public boolean isHttps() {
    return forwarded == null ? isTls : forwarded.isHttps();
  }

  /**
   * The authority that the client asked for, as {@link RequestHead#hostStart}, or as a trusted
   * proxy in front says; in the bytes of the head.
   */
  public int hostStart(RequestHead head) {
    return forwarded == null ? head.hostStart() : forwarded.hostStart();
  }

  public int hostEnd(RequestHead head) {
    return forwarded == null ? head.hostEnd() : forwarded.hostEnd();
  }

  /** Without its port, as {@link RequestHead#hostNameEnd}. */
  public int hostNameEnd(RequestHead head) {
    return forwarded == null ? head.hostNameEnd() : forwarded.hostNameEnd();
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

  /** What a trusted proxy says of the present request; null where the gateway alone says it. */
  @Nullable Forwarded forwarded() {
    return forwarded;
  }

  byte[] remoteAddress() {
    return remoteAddress;
  }

  byte[] publicPort() {
    return publicPort;
  }

  boolean isTls() {
    return isTls;
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

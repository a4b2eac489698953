package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;

/**
 * Writes the head that a backend gets, always HTTP/1.1 and always anew: request line with the
 * canonical path, Host, identity and framing are the gateway's, or a trusted proxy's ({@link
 * Forwarded}); of the client's fields those pass that are about the message itself ({@link
 * FieldName#isCopiedToBackend}). That the request has passed here is added to CDN-Loop (RFC 8586):
 * a Via would keep some backends from compressing.
 *
 * <p>Nothing here can write a stray CR, LF, NUL or space: every range of a {@link RequestHead} was
 * checked against its grammar when it was parsed.
 */
public final class RequestEncoder {
  private static final byte[] VERSION_AND_HOST = Ascii.bytes(" HTTP/1.1\r\nHost: ");
  private static final byte[] FORWARDED_HOST = Ascii.bytes("\r\nX-Forwarded-Host: ");
  private static final byte[] REQUEST_ID = Ascii.bytes("\r\nX-Request-ID: ");

  /** How a gateway names itself in CDN-Loop: a token in lower case. */
  public static final String LOOP_NAME = "penstock";

  static final byte[] LOOP_ID = Ascii.bytes(LOOP_NAME);

  private static final byte[] CDN_LOOP = Ascii.bytes("\r\nCDN-Loop: " + LOOP_NAME + "\r\n");
  private static final byte[] LINE_END = Ascii.bytes("\r\n");
  private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
  private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
  private static final byte[] WEBSOCKET =
      Ascii.bytes("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] TRAILERS = Ascii.bytes("Connection: TE\r\nTE: trailers\r\n");

  /** Room for all that the gateway writes itself, besides host, request id and identity. */
  private static final int OWN_BYTES = 256;

  private RequestEncoder() {}

  /**
   * Writes the whole head, empty line included. The body follows as {@link RequestHead#framing}
   * says: as many bytes as Content-Length, or {@link Chunks}.
   *
   * @param out gets the bytes; stays the caller's
   * @param identity with the generated request id of this request
   */
  public static void encode(ByteBuf out, RequestHead head, Identity identity) {
    byte[] a = head.bytes();
    int host = identity.hostStart(head);
    int hostBytes = identity.hostEnd(head) - host;
    int path = head.pathEnd() - head.pathStart();
    out.ensureWritable(head.headBytes() + path + hostBytes + identity.lines().length + OWN_BYTES);
    out.writeBytes(a, head.methodStart(), head.methodEnd() - head.methodStart());
    out.writeByte(' ');
    out.writeBytes(a, head.pathStart(), path);
    out.writeBytes(a, head.queryStart(), head.queryEnd() - head.queryStart());
    out.writeBytes(VERSION_AND_HOST);
    out.writeBytes(a, host, hostBytes);
    if (hostBytes > 0) {
      out.writeBytes(FORWARDED_HOST);
      out.writeBytes(a, host, hostBytes);
    }
    out.writeBytes(REQUEST_ID);
    requestId(out, head, identity);
    out.writeBytes(CDN_LOOP);
    Forwarded forwarded = identity.forwarded();
    if (forwarded == null) {
      out.writeBytes(identity.lines());
    } else {
      forwarded.write(out);
    }
    framing(out, head);
    boolean passesOthers = forwarded != null && forwarded.passesOthers();
    FieldCopy.toBackend(
        out, head.fields(), passesOthers ? FieldName.X_FORWARDED_OTHER : FieldName.OTHER);
    out.writeBytes(LINE_END);
  }

  private static void requestId(ByteBuf out, RequestHead head, Identity identity) {
    int count = head.requestIdEnd() - head.requestIdStart();
    if (count > 0) {
      out.writeBytes(head.bytes(), head.requestIdStart(), count);
    } else {
      out.writeBytes(identity.requestId());
    }
  }

  private static void framing(ByteBuf out, RequestHead head) {
    if (head.framing() == Framing.CHUNKED) {
      out.writeBytes(CHUNKED);
    } else if (head.framing() == Framing.LENGTH) {
      out.writeBytes(CONTENT_LENGTH);
      Ascii.writeDecimal(out, head.contentLength());
      out.writeBytes(LINE_END);
    }
    if (head.upgradesToWebSocket()) {
      out.writeBytes(WEBSOCKET);
    } else if (head.acceptsTrailers()) {
      out.writeBytes(TRAILERS);
    }
  }
}

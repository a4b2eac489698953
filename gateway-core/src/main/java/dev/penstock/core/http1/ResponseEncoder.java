package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head that a client gets, always anew: status line, framing and persistence are the
 * gateway's; of the backend's fields those pass that are about the message itself ({@link
 * FieldName#isCopiedToClient}).
 */
public final class ResponseEncoder {
  private static final byte[] VERSION = Ascii.bytes("HTTP/1.1 ");
  private static final byte[] LINE_END = Ascii.bytes("\r\n");
  private static final byte[] DATE = Ascii.bytes("Date: ");
  private static final byte[] SERVER = Ascii.bytes("Server: ");
  private static final byte[] HSTS = Ascii.bytes("Strict-Transport-Security: ");
  private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
  private static final byte[] CHUNKED = Ascii.bytes("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");
  private static final byte[] WEBSOCKET =
      Ascii.bytes("Connection: Upgrade\r\nUpgrade: websocket\r\n");
  private static final int OWN_BYTES = 256;
  private static final int NO_CONTENT = 204;

  private ResponseEncoder() {}

  /** How a response reaches its client; one mutable object for each connection, reused. */
  public static final class Options {
    private static final byte[] NONE = {};

    private Framing framing = Framing.NONE;
    private long contentLength = -1;
    private boolean keepAlive;
    private boolean http10;
    private byte @Nullable [] hsts;
    private byte[] date = NONE;
    private byte[] server = NONE;

    /**
     * Settles framing and persistence for a response that is passed on: chunks and close-delimited
     * bodies become chunks for HTTP/1.1, and close-delimited for HTTP/1.0.
     *
     * @param response after {@link ResponseHead#frameFor}
     * @param mayKeepAlive whether the gateway is willing to read another request
     */
    public void passOn(RequestHead request, ResponseHead response, boolean mayKeepAlive) {
      Framing upstream = response.framing();
      http10 = request.http10();
      boolean known = upstream == Framing.NONE || upstream == Framing.LENGTH;
      if (known) {
        framing = upstream;
      } else {
        framing = http10 ? Framing.UNTIL_CLOSE : Framing.CHUNKED;
      }
      boolean lengthPasses = known && !response.isInformational();
      contentLength =
          lengthPasses && response.status() != NO_CONTENT ? response.contentLength() : -1;
      keepAlive = mayKeepAlive && request.keepAlive() && framing != Framing.UNTIL_CLOSE;
    }

    /**
     * Sets framing by hand.
     *
     * @param contentLength at least zero with LENGTH; with NONE what a response to HEAD or a 304
     *     tells about the body that it has not, or -1; else -1
     */
    public void framing(Framing framing, long contentLength) {
      this.framing = framing;
      this.contentLength = contentLength;
    }

    public Framing framing() {
      return framing;
    }

    public long contentLength() {
      return contentLength;
    }

    /** False writes {@code Connection: close}. */
    public void keepAlive(boolean keepAlive) {
      this.keepAlive = keepAlive;
    }

    public boolean keepAlive() {
      return keepAlive;
    }

    /** Whether the client speaks HTTP/1.0. */
    public void http10(boolean http10) {
      this.http10 = http10;
    }

    public boolean http10() {
      return http10;
    }

    /** The value of Strict-Transport-Security, which replaces the backend's; null leaves it. */
    public void hsts(byte @Nullable [] value) {
      this.hsts = value;
    }

    /** The present date as in RFC 9110 §5.6.7, written when the backend sent none. */
    public void date(byte[] imfFixdate) {
      this.date = imfFixdate;
    }

    /** The value of Server; empty writes none. The backend's is never passed on. */
    public void server(byte[] value) {
      this.server = value;
    }
  }

  /** Writes a final head, empty line included; {@code out} stays the caller's. */
  public static void encode(ByteBuf out, ResponseHead head, Options options) {
    byte[] hsts = options.hsts;
    out.ensureWritable(head.headBytes() + OWN_BYTES);
    statusLine(out, head);
    if (head.fields().find(FieldName.DATE) < 0 && options.date.length > 0) {
      line(out, DATE, options.date);
    }
    if (options.server.length > 0) {
      line(out, SERVER, options.server);
    }
    FieldCopy.toClient(
        out,
        head.fields(),
        hsts == null ? FieldName.CONNECTION : FieldName.STRICT_TRANSPORT_SECURITY);
    if (hsts != null) {
      line(out, HSTS, hsts);
    }
    framing(out, options);
    out.writeBytes(LINE_END);
  }

  /** Writes a 1xx head other than 100 and 101; only for clients of HTTP/1.1. */
  public static void encodeInformational(ByteBuf out, ResponseHead head) {
    out.ensureWritable(head.headBytes() + OWN_BYTES);
    statusLine(out, head);
    FieldCopy.toClient(out, head.fields(), FieldName.CONNECTION);
    out.writeBytes(LINE_END);
  }

  /** Writes the 101 that opens a WebSocket; after {@link ResponseHead#upgradesToWebSocket}. */
  public static void encodeUpgrade(ByteBuf out, ResponseHead head) {
    out.ensureWritable(head.headBytes() + OWN_BYTES);
    statusLine(out, head);
    out.writeBytes(WEBSOCKET);
    FieldCopy.toClient(out, head.fields(), FieldName.CONNECTION);
    out.writeBytes(LINE_END);
  }

  private static void statusLine(ByteBuf out, ResponseHead head) {
    out.writeBytes(VERSION);
    Ascii.writeDecimal(out, head.status());
    out.writeByte(' ');
    out.writeBytes(head.bytes(), head.reasonStart(), head.reasonEnd() - head.reasonStart());
    out.writeBytes(LINE_END);
  }

  private static void framing(ByteBuf out, Options options) {
    if (options.framing == Framing.CHUNKED) {
      out.writeBytes(CHUNKED);
    } else if (options.contentLength >= 0 && options.framing != Framing.UNTIL_CLOSE) {
      out.writeBytes(CONTENT_LENGTH);
      Ascii.writeDecimal(out, options.contentLength);
      out.writeBytes(LINE_END);
    }
    if (!options.keepAlive) {
      out.writeBytes(CLOSE);
    } else if (options.http10) {
      out.writeBytes(KEEP_ALIVE);
    }
  }

  private static void line(ByteBuf out, byte[] nameAndColon, byte[] value) {
    out.writeBytes(nameAndColon);
    out.writeBytes(value);
    out.writeBytes(LINE_END);
  }
}

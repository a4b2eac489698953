package dev.penstock.core.http1;

import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response's head: parser and result in one object, used again and again, as strict as {@link
 * RequestHead}. A refused response is a 502 and the end of its connection.
 *
 * <p>After {@link Progress#DONE} call {@link #frameFor} once; framing and persistence depend on the
 * request (RFC 9112 §6.3). One event loop.
 */
public final class ResponseHead {
  private static final byte[] WEBSOCKET = Ascii.bytes("websocket");
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Settings.Limits limits;
  private final HeadBytes bytes;
  private final Fields fields;
  private final FieldLines lines;
  private final StatusLine line = new StatusLine();
  private final ConnectionOptions connection = new ConnectionOptions();
  private final MessageFraming messageFraming = new MessageFraming();

  private Progress progress = Progress.MORE;
  private @Nullable Refusal refusal;
  private int position;
  private Framing framing = Framing.NONE;
  private boolean keepAlive;
  private boolean isWebSocket;
  private int upgrades;

  public ResponseHead(Settings.Limits limits) {
    this(limits, HeadBudget.unbounded());
  }

  /**
   * @param budget of the loop; {@link #trim()} before this is dropped gives back what it took
   */
  public ResponseHead(Settings.Limits limits, HeadBudget budget) {
    this.limits = limits;
    this.bytes = new HeadBytes(budget);
    this.fields = new Fields(bytes);
    this.lines = new FieldLines(fields, limits.headFieldsMax());
    reset();
  }

  /** Reads on; the same contract as {@link RequestHead#feed}. No byte may precede the head. */
  public Progress feed(ByteBuf in) {
    while (progress == Progress.MORE && in.isReadable()) {
      int before = bytes.length();
      if (bytes.copyFrom(in, limits.headBytesMax() + 1) < 0) {
        refuse(Refusal.NO_MEMORY);
        return progress;
      }
      scan();
      in.skipBytes(position - before);
      bytes.truncate(position);
      if (lines.isEnded() && progress == Progress.MORE) {
        complete();
      }
    }
    return progress;
  }

  /** Why the response is refused; only after {@link Progress#REFUSED}. */
  public Refusal refusal() {
    return Objects.requireNonNull(refusal, "not refused");
  }

  /** Forgets the response; gives back an array larger than usual. */
  public void reset() {
    bytes.reset();
    fields.reset();
    lines.reset();
    line.reset();
    connection.reset();
    messageFraming.reset();
    progress = Progress.MORE;
    refusal = null;
    position = 0;
    framing = Framing.NONE;
    keepAlive = false;
    isWebSocket = false;
    upgrades = 0;
  }

  /** Forgets its bytes and fields, not what they said: it was passed on. */
  public void forget() {
    bytes.reset();
    fields.reset();
  }

  /** Bytes that it takes of its budget. */
  public int taken() {
    return bytes.taken() + fields.taken();
  }

  /** Like {@link #reset()}, and gives back all memory: for a connection that is idle for long. */
  public void trim() {
    reset();
    bytes.trim();
    fields.trim();
  }

  /** Whether not one byte of a head has come. */
  public boolean isEmpty() {
    return position == 0 && refusal == null;
  }

  public Fields fields() {
    return fields;
  }

  /** The head as received; not to be written. */
  public byte[] bytes() {
    return bytes.array();
  }

  /** 100 to 599. */
  public int status() {
    return line.status();
  }

  /** 1xx: another head follows, unless it is 101. */
  public boolean isInformational() {
    return line.status() < 200;
  }

  /** The reason phrase in {@link #bytes()}; may be empty. */
  public int reasonStart() {
    return line.reasonStart();
  }

  public int reasonEnd() {
    return line.reasonEnd();
  }

  public boolean http10() {
    return line.http10();
  }

  public int headBytes() {
    return position;
  }

  /**
   * Settles framing and persistence by the request that this answers. Responses to HEAD, 1xx, 204
   * and 304 have no body whatever their fields say; a 1xx or 204 that announces one all the same
   * ends its connection.
   */
  public void frameFor(Method requestMethod) {
    int status = line.status();
    boolean never = isInformational() || status == NO_CONTENT;
    if (never || status == NOT_MODIFIED || requestMethod == Method.HEAD) {
      framing = Framing.NONE;
    } else {
      framing = messageFraming.framing(Framing.UNTIL_CLOSE);
    }
    boolean announcesBody =
        messageFraming.framing(Framing.NONE) == Framing.CHUNKED || messageFraming.length() > 0;
    keepAlive =
        connection.keepsAlive(line.http10())
            && framing != Framing.UNTIL_CLOSE
            && !(never && announcesBody);
  }

  /** After {@link #frameFor}. */
  public Framing framing() {
    return framing;
  }

  /**
   * What Content-Length says, zero included, also where there is no body (HEAD, 304); -1 without
   * one.
   */
  public long contentLength() {
    return messageFraming.length();
  }

  /** Whether the connection may be used again once the body has been read; after frameFor. */
  public boolean keepAlive() {
    return keepAlive;
  }

  /** 101 with {@code Upgrade: websocket} and {@code Connection: upgrade}. */
  public boolean upgradesToWebSocket() {
    return isWebSocket
        && upgrades == 1
        && line.status() == SWITCHING_PROTOCOLS
        && connection.isUpgrade();
  }

  private void scan() {
    byte[] a = bytes.array();
    int length = bytes.length();
    int to = Math.min(length, limits.headBytesMax());
    if (!line.isEnded()) {
      position = line.scan(a, position, to);
      refuseIf(line.refusal());
    }
    if (line.isEnded()) {
      position = lines.scan(a, position, to);
      refuseIf(lines.refusal());
    }
    if (progress == Progress.MORE && !lines.isEnded() && length > to) {
      refuse(Refusal.HEAD_TOO_LARGE);
    }
  }

  private void complete() {
    for (int i = 0; i < fields.count() && progress == Progress.MORE; i++) {
      readField(i);
    }
    if (progress == Progress.MORE) {
      refuseIf(messageFraming.refusal(line.http10()));
    }
    if (progress == Progress.MORE) {
      progress = Progress.DONE;
    }
  }

  private void readField(int i) {
    switch (fields.name(i)) {
      case CONTENT_LENGTH -> messageFraming.contentLength(fields, i);
      case TRANSFER_ENCODING -> messageFraming.transferEncoding(fields, i);
      case CONNECTION -> refuseIf(connection.read(fields, i) ? null : Refusal.CONNECTION);
      case UPGRADE -> {
        upgrades++;
        isWebSocket = fields.valueEquals(i, WEBSOCKET);
      }
      default -> {}
    }
  }

  private void refuseIf(@Nullable Refusal why) {
    if (why != null) {
      refuse(why);
    }
  }

  private void refuse(Refusal why) {
    refusal = why;
    progress = Progress.REFUSED;
  }
}

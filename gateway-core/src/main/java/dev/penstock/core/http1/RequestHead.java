package dev.penstock.core.http1;

import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request's head: parser and result in one object that a connection uses again and again without
 * allocating. Strict by RFC 9110 and 9112; whatever could be read in two ways is refused, at the
 * first byte that shows it, however the bytes were cut.
 *
 * <p>All {@code …Start}/{@code …End} pairs are ranges of {@link #bytes()}, valid after {@link
 * Progress#DONE} until {@link #reset()}. One event loop.
 */
public final class RequestHead {
  private static final byte[] CONTINUE = Ascii.bytes("100-continue");
  private static final byte[] WEBSOCKET = Ascii.bytes("websocket");
  private static final byte[] TRAILERS = Ascii.bytes("trailers");

  /** CR and LF after the request line. */
  private static final int LINE_END_BYTES = 2;

  /** Enough for a UUID or a trace context; short enough to repeat in every log line. */
  private static final int REQUEST_ID_BYTES_MAX = 128;

  private enum Leading {
    /** Nothing yet. */
    NOTHING,
    /** The CR of the one empty line that RFC 9112 §2.2 tells servers to ignore. */
    CR,
    /** That line is over. */
    EMPTY_LINE,
    /** The request line has begun. */
    OVER
  }

  private final Settings.Limits limits;
  private final int lineBytesMax;
  private final HeadBytes bytes;
  private final Fields fields;
  private final FieldLines lines;
  private final RequestLine line = new RequestLine();
  private final RequestTarget target = new RequestTarget();
  private final ConnectionOptions connection = new ConnectionOptions();
  private final MessageFraming messageFraming = new MessageFraming();

  private Progress progress = Progress.MORE;
  private @Nullable Refusal refusal;
  private Leading leading = Leading.NOTHING;
  private int position;
  private int hostStart;
  private int hostEnd;
  private int hostNameEnd;
  private int requestIdStart;
  private int requestIdEnd;
  private Framing framing = Framing.NONE;
  private boolean expectsContinue;
  private boolean upgradesToWebSocket;
  private boolean acceptsTrailers;
  private int passages;

  /** Counts of fields that may stand once. */
  private int hosts;

  private int expectations;
  private int upgrades;
  private int requestIds;

  public RequestHead(Settings.Limits limits) {
    this(limits, HeadBudget.unbounded());
  }

  /**
   * @param budget of the loop; {@link #trim()} before this is dropped gives back what it took
   */
  public RequestHead(Settings.Limits limits, HeadBudget budget) {
    this.limits = limits;
    this.bytes = new HeadBytes(budget);
    this.fields = new Fields(bytes);
    this.lineBytesMax =
        Math.min(limits.requestLineBytesMax() + LINE_END_BYTES, limits.headBytesMax());
    this.lines = new FieldLines(fields, limits.headFieldsMax());
    reset();
  }

  /**
   * Reads on: uses bytes of {@code in} up to the end of the head, at most, and leaves the rest. The
   * bytes used are copied; {@code in} is neither kept nor released. After {@link Progress#DONE} or
   * {@link Progress#REFUSED} it uses nothing and says the same again.
   */
  public Progress feed(ByteBuf in) {
    if (leading != Leading.OVER) {
      skipLeading(in);
    }
    while (progress == Progress.MORE && leading == Leading.OVER && in.isReadable()) {
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

  /** Why the request is refused; only after {@link Progress#REFUSED}. */
  public Refusal refusal() {
    return Objects.requireNonNull(refusal, "not refused");
  }

  /** Forgets the request; gives back an array larger than usual. */
  public void reset() {
    bytes.reset();
    fields.reset();
    lines.reset();
    line.reset();
    target.reset();
    connection.reset();
    messageFraming.reset();
    progress = Progress.MORE;
    refusal = null;
    leading = Leading.NOTHING;
    position = 0;
    hostStart = 0;
    hostEnd = 0;
    hostNameEnd = 0;
    requestIdStart = 0;
    requestIdEnd = 0;
    framing = Framing.NONE;
    expectsContinue = false;
    upgradesToWebSocket = false;
    acceptsTrailers = false;
    passages = 0;
    hosts = 0;
    expectations = 0;
    upgrades = 0;
    requestIds = 0;
  }

  /** Like {@link #reset()}, and gives back all memory: for a connection that is idle for long. */
  public void trim() {
    reset();
    bytes.trim();
    fields.trim();
  }

  /** Whether not one byte of a request line has come; an ignored empty line does not count. */
  public boolean isEmpty() {
    return leading != Leading.OVER && refusal == null;
  }

  public Fields fields() {
    return fields;
  }

  /** The head as received, and after it the canonical path where it differs; not to be written. */
  public byte[] bytes() {
    return bytes.array();
  }

  /** Never CONNECT or TRACE: these are refused. */
  public Method method() {
    return line.method();
  }

  public int methodStart() {
    return 0;
  }

  public int methodEnd() {
    return line.methodEnd();
  }

  /** HTTP/1.0; else it is HTTP/1.1. */
  public boolean http10() {
    return line.http10();
  }

  /** The canonical path ({@link CanonicalPath}); begins with {@code /}, or is {@code *}. */
  public int pathStart() {
    return target.pathStart();
  }

  public int pathEnd() {
    return target.pathEnd();
  }

  /** The query with its {@code ?}, as received: visible ASCII without {@code #}; may be empty. */
  public int queryStart() {
    return target.queryStart();
  }

  public int queryEnd() {
    return target.queryEnd();
  }

  /** The request-target as received, for logs; empty when the request line was not complete. */
  public int targetStart() {
    return Math.min(line.targetStart(), targetEnd());
  }

  public int targetEnd() {
    return line.targetEnd();
  }

  /** The request line as received is {@code [0, lineEnd)}; 0 when it was not complete. */
  public int lineEnd() {
    return line.end();
  }

  /**
   * The authority as received, with its port, from Host (to which an absolute-form's is equal).
   * Empty only in HTTP/1.0. Letters keep their case.
   */
  public int hostStart() {
    return hostStart;
  }

  public int hostEnd() {
    return hostEnd;
  }

  /** The host without its port; an IPv6 literal keeps its brackets, a name its trailing dot. */
  public int hostNameEnd() {
    return hostNameEnd;
  }

  /**
   * The client's X-Request-ID, when there is exactly one and it is 1 to 128 letters, digits and
   * {@code . _ ~ + / = : @ -}; else empty.
   */
  public int requestIdStart() {
    return requestIdStart;
  }

  public int requestIdEnd() {
    return requestIdEnd;
  }

  /** NONE, LENGTH or CHUNKED. */
  public Framing framing() {
    return framing;
  }

  /** The body's bytes as Content-Length says, zero included; -1 without one. */
  public long contentLength() {
    return messageFraming.length();
  }

  /** Whether the client wants to use the connection again. */
  public boolean keepAlive() {
    return connection.keepsAlive(line.http10());
  }

  /** Whether the client waits for 100 (Continue) before it sends its body. */
  public boolean expectsContinue() {
    return expectsContinue;
  }

  /**
   * A GET of HTTP/1.1 without body that asks for {@code Upgrade: websocket}, and for nothing else,
   * in both Upgrade and Connection. Every other upgrade is ignored.
   */
  public boolean upgradesToWebSocket() {
    return upgradesToWebSocket;
  }

  /** {@code TE: trailers}. */
  public boolean acceptsTrailers() {
    return acceptsTrailers;
  }

  /** How often the request has passed a Penstock already, as its CDN-Loop fields say. */
  public int passages() {
    return passages;
  }

  /** Bytes that it takes of its budget. */
  public int taken() {
    return bytes.taken() + fields.taken();
  }

  /** Bytes of the head as received so far, an ignored empty line not counted. */
  public int headBytes() {
    return position;
  }

  private void skipLeading(ByteBuf in) {
    while (leading != Leading.OVER && progress == Progress.MORE && in.isReadable()) {
      byte b = in.getByte(in.readerIndex());
      if (leading == Leading.CR ? b == Ascii.LF : b == Ascii.CR && leading == Leading.NOTHING) {
        leading = leading == Leading.CR ? Leading.EMPTY_LINE : Leading.CR;
        in.skipBytes(1);
      } else if (leading != Leading.CR && Ascii.isToken(b)) {
        leading = Leading.OVER;
      } else {
        refuse(Refusal.START);
      }
    }
  }

  /** Moves {@link #position}; limits count from the first byte, so that cuts don't matter. */
  private void scan() {
    byte[] a = bytes.array();
    int length = bytes.length();
    if (!line.isEnded()) {
      int to = Math.min(length, lineBytesMax);
      position = line.scan(a, position, to);
      refuseIf(line.refusal());
      if (progress == Progress.MORE && !line.isEnded() && length > to) {
        refuse(Refusal.LINE_TOO_LONG);
      }
    }
    if (line.isEnded()) {
      int to = Math.min(length, limits.headBytesMax());
      position = lines.scan(a, position, to);
      refuseIf(lines.refusal());
      if (progress == Progress.MORE && !lines.isEnded() && length > to) {
        refuse(Refusal.HEAD_TOO_LARGE);
      }
    }
  }

  private void complete() {
    refuseIf(target.read(bytes, line));
    for (int i = 0; i < fields.count() && progress == Progress.MORE; i++) {
      readField(i);
    }
    if (progress == Progress.MORE) {
      refuseIf(judge());
    }
    if (progress == Progress.MORE) {
      progress = Progress.DONE;
    }
  }

  private void readField(int i) {
    switch (fields.name(i)) {
      case HOST -> {
        hosts++;
        hostStart = fields.valueStart(i);
        hostEnd = fields.valueEnd(i);
      }
      case CONTENT_LENGTH -> messageFraming.contentLength(fields, i);
      case TRANSFER_ENCODING -> messageFraming.transferEncoding(fields, i);
      case CONNECTION -> refuseIf(connection.read(fields, i) ? null : Refusal.CONNECTION);
      case EXPECT -> {
        expectations++;
        expectsContinue = fields.valueEquals(i, CONTINUE);
      }
      case UPGRADE -> {
        upgrades++;
        upgradesToWebSocket = fields.valueEquals(i, WEBSOCKET);
      }
      case TE -> acceptsTrailers |= !line.http10() && TokenList.contains(fields, i, TRAILERS);
      case X_REQUEST_ID -> readRequestId(i);
      case CDN_LOOP -> passages += TokenList.count(fields, i, RequestEncoder.LOOP_ID);
      default -> {}
    }
  }

  private void readRequestId(int i) {
    requestIds++;
    boolean use = requestIds == 1 && isRequestId(fields.valueStart(i), fields.valueEnd(i));
    requestIdStart = use ? fields.valueStart(i) : 0;
    requestIdEnd = use ? fields.valueEnd(i) : 0;
  }

  private boolean isRequestId(int from, int to) {
    byte[] a = bytes.array();
    for (int p = from; p < to; p++) {
      boolean good = Ascii.isLetter(a[p]) || Ascii.isDigit(a[p]) || "._~+/=:@-".indexOf(a[p]) >= 0;
      if (!good) {
        return false;
      }
    }
    return to - from <= REQUEST_ID_BYTES_MAX;
  }

  /** What only all fields together show; null when the request stands. */
  private @Nullable Refusal judge() {
    Refusal why = judgeHost();
    if (why == null) {
      why = messageFraming.refusal(line.http10());
    }
    if (why == null) {
      why = judgeExpectation();
    }
    framing = messageFraming.framing(Framing.NONE);
    expectsContinue &= !line.http10() && hasBody();
    upgradesToWebSocket &=
        upgrades == 1
            && connection.isUpgrade()
            && line.method() == Method.GET
            && framing == Framing.NONE
            && !line.http10();
    return why;
  }

  private @Nullable Refusal judgeHost() {
    if (hosts > 1) {
      return Refusal.HOST_REPEATED;
    }
    boolean absolute = target.authorityEnd() > target.authorityStart();
    if (hosts == 0 && !line.http10()) {
      return Refusal.HOST_MISSING;
    }
    if (hosts == 0 && !absolute) {
      return null;
    }
    if (hosts == 0) {
      hostStart = target.authorityStart();
      hostEnd = target.authorityEnd();
    }
    hostNameEnd = Authority.nameEnd(bytes.array(), hostStart, hostEnd);
    if (hostNameEnd < 0) {
      return Refusal.HOST;
    }
    return absolute && !isHost(target.authorityStart(), target.authorityEnd())
        ? Refusal.HOST_MISMATCH
        : null;
  }

  private boolean isHost(int from, int to) {
    return Ascii.equalsIgnoreCase(bytes.array(), hostStart, hostEnd, from, to);
  }

  private @Nullable Refusal judgeExpectation() {
    boolean good = expectations == 0 || line.http10() || (expectations == 1 && expectsContinue);
    return good ? null : Refusal.EXPECTATION;
  }

  private boolean hasBody() {
    return framing == Framing.CHUNKED || (framing == Framing.LENGTH && messageFraming.length() > 0);
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

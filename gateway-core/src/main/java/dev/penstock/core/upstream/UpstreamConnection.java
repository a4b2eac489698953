package dev.penstock.core.upstream;

import dev.penstock.core.http1.BodyDecoder;
import dev.penstock.core.http1.Chunks;
import dev.penstock.core.http1.Fields;
import dev.penstock.core.http1.Framing;
import dev.penstock.core.http1.HeadBudget;
import dev.penstock.core.http1.Identity;
import dev.penstock.core.http1.Method;
import dev.penstock.core.http1.Refusal;
import dev.penstock.core.http1.RequestEncoder;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.core.http1.ResponseHead;
import dev.penstock.core.loop.BufferBudget;
import dev.penstock.core.loop.Deadline;
import dev.penstock.core.loop.Loop;
import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection to an endpoint, which is its own only stream: idle in its pool, or lent
 * to one receiver.
 *
 * <p>It goes back to the pool only when the request was completely sent, the response completely
 * read with a length of its own, and not a byte came after it. Whatever arrives while nobody asked
 * closes it, so that no byte can reach the next request.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter
    implements UpstreamStream, BodyDecoder.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);

  /** Interim responses to one request; more are a fault of the backend. */
  private static final int INFORMATIONAL_MAX = 16;

  /** What an encoded head takes beyond the head that was received: identity fields, framing. */
  private static final int HEAD_EXTRA_BYTES = 512;

  private enum State {
    IDLE,
    HEAD,
    BODY,
    TUNNEL,
    CLOSED
  }

  private final EndpointPool pool;
  private final Loop loop;
  private final ResponseHead head;
  private final BodyDecoder body;
  private final Deadline readDeadline;
  private final Deadline sendDeadline;
  private final long bornNanos;

  private @Nullable Channel channel;
  private @Nullable Receiver receiver;
  private State state = State.IDLE;
  private Method method = Method.GET;
  private boolean requestSent;
  private boolean requestStarted;
  private boolean wantsTunnel;
  private boolean isTunnel;
  private boolean chunkedRequest;
  private boolean firstChunk;
  private boolean responseStarted;

  /** The receiver gets the head with the first of the body that came with it, or its fault. */
  private boolean headUntold;

  private boolean wasReset;

  /** Nothing but what is unsent of a tunnel keeps it open. */
  private boolean isEnding;

  private int informational;
  private int requests;
  private long readTimeoutNanos;
  private long sendTimeoutNanos;
  private long unsentSeen;

  UpstreamConnection(EndpointPool pool, Loop loop, Settings.Limits limits, HeadBudget heads) {
    this.pool = pool;
    this.loop = loop;
    this.head = new ResponseHead(limits, heads);
    this.body = new BodyDecoder(limits, heads);
    this.readDeadline = loop.deadline(this::onReadDeadline);
    this.sendDeadline = loop.deadline(this::onSendDeadline);
    this.bornNanos = loop.nanos();
  }

  // ---- what the pool calls

  void lend(Receiver to) {
    assert state == State.IDLE;
    receiver = to;
    state = State.HEAD;
    requests++;
    requestSent = false;
    requestStarted = false;
    responseStarted = false;
    informational = 0;
    readDeadline.clear();
  }

  /** Idle in the pool: closed when it was not used for long enough. */
  void rest() {
    readDeadline.in(pool.settings().idle().toNanos());
  }

  /** Nanoseconds since it was asked for. */
  long ageNanos() {
    return loop.nanos() - bornNanos;
  }

  /**
   * Ends an idle connection. It leaves its pool at once: until the channel says that it is closed,
   * it could be lent to a request, and would fail it.
   */
  void close() {
    if (state == State.IDLE) {
      state = State.CLOSED;
      pool.forget(this);
    }
    if (channel != null) channel.close();
  }

  // ---- UpstreamStream

  @Override
  public UpstreamEndpoint endpoint() {
    return pool.endpoint();
  }

  @Override
  public boolean isReused() {
    return requests > 1;
  }

  @Override
  public void timeouts(long readNanos, long sendNanos) {
    readTimeoutNanos = readNanos;
    sendTimeoutNanos = sendNanos;
  }

  @Override
  public void sendHead(RequestHead request, Identity identity, boolean hasBody) {
    Channel ch = channel();
    method = request.method();
    wantsTunnel = request.upgradesToWebSocket();
    chunkedRequest = request.framing() == Framing.CHUNKED;
    firstChunk = true;
    requestStarted = true;
    ByteBuf out = ch.alloc().directBuffer(request.headBytes() + HEAD_EXTRA_BYTES);
    RequestEncoder.encode(out, request, identity);
    ch.write(out, ch.voidPromise());
    if (!hasBody) requestSent();
    ch.flush();
    onWritten(ch);
  }

  @Override
  public void sendData(ByteBuf data) {
    Channel ch = channel();
    if (!data.isReadable()) {
      data.release();
      return;
    }
    loop.buffers().bound(ch.config());
    if (chunkedRequest) {
      ByteBuf size = ch.alloc().directBuffer(Chunks.HEADER_BYTES_MAX);
      Chunks.header(size, data.readableBytes(), firstChunk);
      firstChunk = false;
      ch.write(size, ch.voidPromise());
    }
    ch.write(data, ch.voidPromise());
    onWritten(ch);
  }

  @Override
  public void sendEnd(@Nullable Fields trailers) {
    Channel ch = channel();
    if (chunkedRequest) {
      ByteBuf end = ch.alloc().directBuffer(Chunks.HEADER_BYTES_MAX);
      Chunks.last(
          end,
          firstChunk,
          null); // an HTTP/1.1 backend has not said that it takes trailers (RFC 9110 §6.5.1)
      ch.write(end, ch.voidPromise());
    }
    requestSent();
    ch.flush();
    onWritten(ch);
  }

  private void requestSent() {
    requestSent = true;
    if (channel().config().isAutoRead()) readDeadline.in(readTimeoutNanos);
  }

  @Override
  public void sendRaw(ByteBuf data) {
    Channel ch = channel();
    loop.buffers().bound(ch.config());
    ch.write(data, ch.voidPromise());
    onWritten(ch);
  }

  @Override
  public void endRaw() {
    receiver = null;
    isEnding = true;
    Channel ch = channel();
    ch.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    if (ch.isOpen() && !sendDeadline.isArmed()) watchUnsent();
  }

  @Override
  public void flush() {
    if (channel != null) channel.flush();
  }

  @Override
  public boolean isWritable() {
    return channel().isWritable();
  }

  @Override
  public void demand(boolean on) {
    Channel ch = channel();
    if (ch.config().isAutoRead() == on) return;
    ch.config().setAutoRead(on);
    if (state == State.TUNNEL || !requestSent) return;
    if (on) readDeadline.in(readTimeoutNanos);
    else readDeadline.clear();
  }

  @Override
  public void cancel() {
    receiver = null;
    Channel ch = channel();
    if (state != State.CLOSED && requestStarted && !requestSent) reset(ch);
    ch.close();
  }

  /**
   * The kernel drops what is unsent and tells the peer by RST: a cut request must not look like a
   * whole one.
   */
  private static void reset(Channel ch) {
    if (ch.isOpen()) ch.config().setOption(ChannelOption.SO_LINGER, 0);
  }

  private Channel channel() {
    Channel ch = channel;
    if (ch == null) throw new IllegalStateException("used before it was connected");
    return ch;
  }

  // ---- what the channel calls

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (state == State.TUNNEL && receiver != null) {
        receiver.onResponseData(in.retain());
      } else if (state == State.IDLE) {
        close(); // nobody asked: whatever it is, it must not reach the next request
      } else {
        if (readDeadline.isArmed() && requestSent) readDeadline.in(readTimeoutNanos);
        while (in.isReadable() && step(in)) {
          // each step is a head, or as much of a body as is here
        }
      }
    } finally {
      ReferenceCountUtil.release(in);
    }
  }

  /** Goes on with the response; false when this buffer is done with. */
  private boolean step(ByteBuf in) {
    Receiver to = receiver;
    if (to == null) return false;
    return switch (state) {
      case HEAD -> readHead(in, to);
      case BODY -> readBody(in);
      case TUNNEL -> {
        to.onResponseData(in.readRetainedSlice(in.readableBytes()));
        yield false;
      }
      case IDLE, CLOSED -> false;
    };
  }

  private boolean readHead(ByteBuf in, Receiver to) {
    if (!requestStarted) { // an answer to a question that was not asked yet
      fail(UpstreamFailure.CLOSED_BEFORE_RESPONSE);
      return false;
    }
    responseStarted = true;
    switch (head.feed(in)) {
      case MORE -> {
        return false;
      }
      case REFUSED -> {
        refused(head.refusal());
        return false;
      }
      case DONE -> {}
    }
    head.frameFor(method);
    if (head.isInformational()) return readInformational(to);
    state = State.BODY;
    body.start(head.framing(), head.contentLength());
    boolean ended = head.framing() == Framing.NONE || body.isDone();
    // If the first chunk that is here is malformed, the client still gets a proper answer.
    headUntold = head.framing() == Framing.CHUNKED && in.isReadable();
    if (headUntold) return true;
    tellHead(to);
    if (ended && receiver != null) finish(in.isReadable(), null);
    return receiver != null;
  }

  private boolean readInformational(Receiver to) {
    int status = head.status();
    if (status == 101) {
      if (!wantsTunnel || !head.upgradesToWebSocket()) {
        fail(UpstreamFailure.PROTOCOL);
        return false;
      }
      state = State.TUNNEL;
      isTunnel = true;
      pool.onTunnel();
      readDeadline.clear();
      to.onUpgraded(head);
      head.forget();
      return receiver != null;
    }
    if (++informational > INFORMATIONAL_MAX) {
      fail(UpstreamFailure.PROTOCOL);
      return false;
    }
    // A 100 is the backend's word to us: the client got its own from us when we wanted its body.
    if (status != 100) to.onInformational(head);
    head.reset();
    return receiver != null;
  }

  private boolean readBody(ByteBuf in) {
    switch (body.decode(in, this)) {
      case MORE -> tellHead();
      case REFUSED -> refused(body.refusal());
      case DONE -> {
        tellHead();
        if (receiver != null) finish(in.isReadable(), body.trailers());
      }
    }
    return false;
  }

  private void refused(Refusal why) {
    boolean noMemory = why == Refusal.NO_MEMORY;
    fail(noMemory ? UpstreamFailure.MEMORY : UpstreamFailure.PROTOCOL);
  }

  private void tellHead() {
    if (!headUntold) return;
    headUntold = false;
    if (receiver != null) tellHead(receiver);
  }

  private void tellHead(Receiver to) {
    to.onResponseHead(head);
    head.forget();
  }

  @Override
  public int endUnfinishedHead() {
    int bytes = head.taken();
    if (state != State.HEAD || head.isEmpty() || bytes == 0) return 0;
    fail(UpstreamFailure.MEMORY);
    return bytes;
  }

  @Override
  public void bodyData(ByteBuf data) {
    tellHead();
    if (receiver == null) data.release();
    else receiver.onResponseData(data);
  }

  /**
   * The response is complete.
   *
   * @param surplus bytes came after it: the connection is not to be trusted
   */
  private void finish(boolean surplus, @Nullable Fields trailers) {
    Receiver to = receiver;
    receiver = null;
    readDeadline.clear();
    sendDeadline.clear();
    boolean reusable =
        !surplus
            && requestSent
            && head.keepAlive()
            && head.framing() != Framing.UNTIL_CLOSE
            && requests < pool.settings().requestsMax()
            && ageNanos() < pool.settings().ageMax().toNanos()
            && channel().isActive()
            && channel().bytesBeforeUnwritable() > 0;
    Channel ch = channel();
    if (state != State.CLOSED) state = State.IDLE;
    if (!ch.config().isAutoRead()) ch.config().setAutoRead(true);
    head.reset();
    if (reusable) {
      pool.giveBack(
          this); // before the receiver is told: its next request finds this very connection
    } else {
      if (requestStarted && !requestSent) reset(ch);
      ch.close();
    }
    // The trailers lie in the decoder until another response is read, which cannot be before this
    // call is over.
    if (to != null) to.onResponseEnd(trailers == null || trailers.count() == 0 ? null : trailers);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (receiver != null) receiver.onUpstreamReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) onWritten(context.channel());
    else if (!isEnding) sendDeadline.clear();
    if (receiver != null && context.channel().isWritable()) receiver.onUpstreamWritable();
  }

  /** Watches that a full send buffer goes down. */
  private void onWritten(Channel ch) {
    if (!ch.isWritable() && !sendDeadline.isArmed()) watchUnsent();
  }

  private void watchUnsent() {
    unsentSeen = unsent();
    sendDeadline.in(sendTimeoutNanos);
  }

  private void onSendDeadline() {
    if (channel().isWritable() && !isEnding) return;
    if (unsent() < unsentSeen) watchUnsent();
    else fail(UpstreamFailure.SEND_TIMEOUT);
  }

  private long unsent() {
    return BufferBudget.unsentBytes(channel());
  }

  private void onReadDeadline() {
    if (state == State.IDLE) close();
    else fail(UpstreamFailure.READ_TIMEOUT);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      fail(UpstreamFailure.MEMORY);
    } else if (!(cause instanceof IOException)) {
      LOG.error("A fault of the gateway ended a connection to {}", pool.endpoint().text(), cause);
      fail(UpstreamFailure.INTERNAL);
    }
    wasReset = true; // an RST or the like: what came so far has no proper end
    close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    State last = state;
    state = State.CLOSED;
    readDeadline.cancel();
    sendDeadline.cancel();
    if (last == State.IDLE) pool.forget(this);
    onEnd(last);
    head.trim();
    body.forgetTrailers();
    pool.meters().closed();
    pool.onClosed(isTunnel);
  }

  private void onEnd(State last) {
    Receiver to = receiver;
    if (to == null) return;
    switch (last) {
      case TUNNEL -> {
        receiver = null;
        to.onTunnelClosed();
      }
      case BODY -> {
        boolean proper = !wasReset && head.framing() == Framing.UNTIL_CLOSE;
        if (proper) finish(true, null);
        else fail(UpstreamFailure.CUT);
      }
      case HEAD, IDLE, CLOSED ->
          fail(responseStarted ? UpstreamFailure.CUT : UpstreamFailure.CLOSED_BEFORE_RESPONSE);
    }
  }

  private void fail(UpstreamFailure failure) {
    Receiver to = receiver;
    boolean started = responseStarted;
    cancel();
    if (to == null) return;
    pool.meters().failed(failure);
    to.onUpstreamFailed(failure, started);
  }
}

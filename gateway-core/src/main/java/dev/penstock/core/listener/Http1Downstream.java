package dev.penstock.core.listener;

import dev.penstock.core.exchange.Exchange;
import dev.penstock.core.exchange.ProxyFailure;
import dev.penstock.core.http1.BodyDecoder;
import dev.penstock.core.http1.Fields;
import dev.penstock.core.http1.Framing;
import dev.penstock.core.http1.Progress;
import dev.penstock.core.http1.Refusal;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.core.loop.Loop;
import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1.1 connection: reads one request after the other, gives each to the exchange,
 * and writes the answers in the same order. What a client sends ahead (pipelining) is held until
 * its turn, and nothing more is read meanwhile.
 *
 * <p>Reading is on when the next byte is wanted: the next head, a body that the upstream can take,
 * or only the news that the client is gone. Owned by one event loop.
 */
final class Http1Downstream extends ChannelInboundHandlerAdapter implements BodyDecoder.Sink {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Downstream.class);

  /** Where the reading of requests is. */
  private enum State {
    /** Between two requests. */
    IDLE,
    HEAD,
    BODY,
    /** The request is complete, its answer is not. */
    ANSWER,
    /** The answer is complete, the rest of the request's body is read away. */
    DRAIN,
    TUNNEL,
    /** The last answer was given; what comes is thrown away until the client closes too. */
    CLOSING
  }

  private final LoopConnections connections;
  private final Loop loop;
  private final ListenerScope listener;
  private final DownstreamDeadlines deadlines;
  private final Http1Response response;
  private final ConnectionEnd end;

  private State state = State.IDLE;
  private @Nullable Exchange exchange;
  private @Nullable RequestHead head;
  private @Nullable BodyDecoder body;
  private @Nullable ByteBuf held;
  private boolean demand;
  private boolean processing;
  private boolean exchanging;
  private boolean refused;
  private int requests;
  private long drained;
  private long startNanos;
  private long startEpochMillis;

  Http1Downstream(
      LoopConnections connections,
      ListenerScope listener,
      Channel channel,
      Client client,
      ConnectionEnd end) {
    this.connections = connections;
    this.end = end;
    this.loop = connections.scope.loop();
    this.listener = listener;
    Settings settings = connections.scope.published().current().settings();
    this.deadlines = new DownstreamDeadlines(loop, channel, settings.deadlines(), this);
    this.response = new Http1Response(this, channel, listener, connections.scope, client);
  }

  // ---- reading

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    connections.add(this);
    deadlines.head();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    ByteBuf before = held;
    if (before != null) {
      held = null;
      in = Unpooled.wrappedBuffer(before, in);
    }
    process(in);
  }

  /** Goes on reading; releases {@code in}, holding what may not be read yet. */
  private void process(ByteBuf in) {
    processing = true;
    try {
      while (in.isReadable() && proceed(in)) {
        // each turn is a head, a part of a body, or the end of one
      }
      if (in.isReadable() && channel().isOpen()) held = in.retain();
    } finally {
      processing = false;
      in.release();
    }
    reading();
  }

  /** False when nothing more of {@code in} may be read now, or nothing is left. */
  private boolean proceed(ByteBuf in) {
    return switch (state) {
      case IDLE, HEAD -> isTaking() && readHead(in);
      case BODY -> demand && readBody(in);
      case ANSWER -> false;
      case DRAIN -> drain(in);
      case TUNNEL -> demand && readTunnel(in);
      case CLOSING -> {
        drained += in.readableBytes();
        in.skipBytes(in.readableBytes());
        yield false;
      }
    };
  }

  /** A client that asks on and takes no answers would have us keep them all. */
  private boolean isTaking() {
    return channel().isWritable();
  }

  private boolean readHead(ByteBuf in) {
    RequestHead reading = head;
    if (reading == null) {
      head = reading = connections.takeHead(settings().limits());
      startNanos = loop.nanos();
      startEpochMillis = System.currentTimeMillis();
      state = State.HEAD;
      deadlines.head();
    }
    switch (reading.feed(in)) {
      case MORE -> {
        return false;
      }
      case REFUSED -> {
        boolean noMemory = reading.refusal() == Refusal.NO_MEMORY;
        end.because(noMemory ? CloseReason.MEMORY : CloseReason.BAD_REQUEST);
        beginUnread(reading);
        exchange().refuse(reading, reading.refusal(), startNanos, startEpochMillis);
      }
      case DONE -> begin(reading);
    }
    return true;
  }

  /**
   * An exchange whose request cannot be read: it is answered, and the connection is not used again.
   */
  private void beginUnread(RequestHead unread) {
    state = State.ANSWER;
    refused = true;
    exchanging = true;
    connections.begun();
    response.begin(unread, false);
  }

  private void begin(RequestHead request) {
    deadlines.clear();
    deadlines.taken();
    requests++;
    demand = false;
    boolean keepAlive =
        request.keepAlive() && requests < settings().limits().keepAliveRequestsMax();
    response.begin(request, keepAlive);
    boolean hasBody =
        request.framing() == Framing.CHUNKED
            || request.framing() == Framing.LENGTH && request.contentLength() > 0;
    if (hasBody) {
      state = State.BODY;
      if (body == null) body = new BodyDecoder(settings().limits(), connections.headBudget);
      body.start(request.framing(), request.contentLength());
    } else {
      state = State.ANSWER;
    }
    exchanging = true;
    connections.begun();
    exchange().start(request, startNanos, startEpochMillis);
  }

  private boolean readBody(ByteBuf in) {
    BodyDecoder decoder = decoder();
    int before = in.readableBytes();
    Progress progress = decoder.decode(in, this);
    if (state != State.BODY) return true; // the exchange ended over what it was given
    switch (progress) {
      case MORE -> deadlines.bodyRead(before - in.readableBytes());
      case DONE -> {
        state = State.ANSWER;
        deadlines.clear();
        Fields trailers = decoder.trailers();
        exchange().onRequestEnd(trailers.count() == 0 ? null : trailers);
      }
      case REFUSED -> {
        exchange().onRequestFailed(ProxyFailure.of(decoder.refusal()));
      }
    }
    return true;
  }

  @Override
  public void bodyData(ByteBuf data) {
    if (state == State.BODY) {
      exchange().onRequestData(data);
    } else {
      drained += data.readableBytes();
      data.release();
    }
  }

  private boolean readTunnel(ByteBuf in) {
    exchange().onRequestData(in.readRetainedSlice(in.readableBytes()));
    return true;
  }

  /** Reads the rest of a body away, so that the connection can be used again; up to a bound. */
  private boolean drain(ByteBuf in) {
    switch (decoder().decode(in, this)) {
      case MORE -> {
        if (drained > settings().limits().localAnswerDrainBytesMax()) close(true);
      }
      case REFUSED -> close(true);
      case DONE -> idle();
    }
    return true;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (exchange != null && exchanging) exchange.onRequestReadComplete();
  }

  /** Whether the next byte is wanted. */
  private void reading() {
    boolean wanted =
        switch (state) {
          case IDLE, HEAD -> isTaking();
          case DRAIN -> true;
          case BODY, TUNNEL -> demand;
          case ANSWER -> held == null; // only to see the client go
          case CLOSING -> drained <= settings().limits().localAnswerDrainBytesMax();
        };
    Channel channel = channel();
    if (channel.config().isAutoRead() != wanted) channel.config().setAutoRead(wanted);
  }

  /** Goes on with what was held. */
  private void resume() {
    if (processing) return;
    ByteBuf in = held;
    if (in == null) {
      reading();
      return;
    }
    held = null;
    process(in);
    if (exchange != null && exchanging) exchange.onRequestReadComplete();
  }

  // ---- what the response side asks for

  void demand(boolean on) {
    if (demand == on) return;
    demand = on;
    if (state == State.BODY) {
      if (on) deadlines.body();
      else deadlines.clear();
    }
    if (on) resume();
    else reading();
  }

  void tunnel() {
    state = State.TUNNEL;
    demand = false;
    deadlines.clear();
  }

  /** The exchange is over. */
  void finished() {
    exchanging = false;
    connections.ended();
    boolean keep = response.keepsAlive() && channel().isActive();
    if (state == State.CLOSING) {
      release();
    } else if (state == State.TUNNEL || !keep) {
      close(refused || state != State.ANSWER || held != null);
    } else if (state == State.BODY) {
      state = State.DRAIN;
      drained = 0;
      deadlines.drain();
      resume();
    } else {
      idle();
    }
  }

  private CloseReason endOfExchange() {
    if (state == State.TUNNEL) return CloseReason.TUNNEL;
    return connections.scope.published().isDraining() ? CloseReason.SHUTDOWN : CloseReason.ANSWERED;
  }

  private void idle() {
    release();
    if (connections.isClosing()) {
      close(held != null);
      return;
    }
    state = State.IDLE;
    deadlines.idle();
    if (deadlines.unsent() > 0) deadlines.written();
    resume();
  }

  private void release() {
    RequestHead used = head;
    head = null;
    if (used != null) connections.giveBack(used);
    if (body != null) body.forgetTrailers();
  }

  /**
   * Ends the connection when everything is written.
   *
   * @param unread the client may still be sending: to close at once would destroy the answer on its
   *     way (RFC 9112 §9.6), so only our side is closed, and the rest is read away for a moment
   */
  private void close(boolean unread) {
    end.because(endOfExchange());
    release();
    if (body != null) body.stop();
    state = State.CLOSING;
    drained = 0;
    deadlines.clear();
    deadlines.written();
    response.close(unread);
    resume();
  }

  /** All is written and our side is closed: how long the client may take to close its own. */
  void linger() {
    deadlines.drain();
  }

  void closeIfIdle() {
    if (state == State.IDLE) close(held != null);
  }

  /**
   * Whether the exchange is over, and the client has yet to take a part of its answer, or to end
   * what it sends: to close before would destroy what is on its way.
   */
  boolean isAnswerUnsent() {
    return !exchanging
        && (state == State.DRAIN || state == State.CLOSING || deadlines.unsent() > 0);
  }

  void abort() {
    end.because(CloseReason.SHUTDOWN);
    if (exchanging) {
      exchange().onShutdown();
    } else if (deadlines.unsent() == 0) {
      channel().close();
      return;
    }
    response.reset();
  }

  /** The answer that goes on cannot be completed. */
  void cut() {
    end.because(CloseReason.ANSWER_CUT);
  }

  // ---- deadlines

  void onReadDeadline() {
    if (state == State.ANSWER || state == State.TUNNEL) return;
    end.because(state == State.IDLE ? CloseReason.IDLE : CloseReason.TIMEOUT);
    switch (state) {
      case IDLE -> close(held != null);
      case HEAD -> {
        RequestHead reading = head;
        if (reading == null || reading.isEmpty()) {
          close(false);
          return;
        }
        beginUnread(reading);
        exchange().timeOut(reading, startNanos, startEpochMillis);
      }
      case BODY -> exchange().onRequestFailed(ProxyFailure.BODY_TOO_SLOW);
      case DRAIN -> close(true);
      case CLOSING -> channel().close();
      case ANSWER, TUNNEL -> {}
    }
  }

  /** To be called about once a second. */
  void look() {
    deadlines.look();
  }

  void onWriteStall() {
    endStalled(CloseReason.TIMEOUT);
  }

  /**
   * Ends it if it takes nothing of what is written.
   *
   * @return bytes of memory that this gives back
   */
  long endIfStalled() {
    long bytes = deadlines.stalledBytes();
    if (bytes > 0) {
      connections.buffers.ended();
      endStalled(CloseReason.MEMORY);
    }
    return bytes;
  }

  /**
   * Ends it if its head came so long ago and is not whole yet.
   *
   * @return bytes of the budget for heads that this gives back
   */
  int endIfHeadIsOlder(long nanos) {
    RequestHead reading = head;
    if (reading == null || state != State.HEAD || loop.nanos() - startNanos < nanos) return 0;
    int bytes = reading.taken();
    if (bytes > 0) {
      connections.heads.ended();
      endStalled(CloseReason.MEMORY);
    }
    return bytes;
  }

  /**
   * Gives an answer up whose head is not whole though the request is so old.
   *
   * @return bytes of the budget for answers' heads that this gives back
   */
  int endIfAnswersHeadIsOlder(long nanos) {
    int bytes = exchanging ? exchange().endUnfinishedHead(nanos) : 0;
    if (bytes > 0) connections.answers.ended();
    return bytes;
  }

  private void endStalled(CloseReason why) {
    end.because(why);
    if (exchanging) exchange().onDownstreamStalled();
    else response.reset();
  }

  // ---- channel events

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!context.channel().isWritable()) {
      deadlines.written();
      return;
    }
    if (exchanging) {
      deadlines.taken();
      exchange().onDownstreamWritable();
    } else { // what is unsent goes on being watched
      resume();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    state = State.CLOSING;
    connections.remove(this);
    if (held != null) held.release();
    held = null;
    if (body != null) body.stop();
    if (exchanging) exchange().onDownstreamClosed();
    deadlines.end();
    release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      connections.buffers.ended();
      end.because(CloseReason.MEMORY);
    } else if (!(cause instanceof IOException) && !(cause.getCause() instanceof SSLException)) {
      LOG.error(
          "A fault of the gateway ended a connection of listener {}",
          listener.listener.name(),
          cause);
      end.because(CloseReason.FAULT);
      if (isAnswered500()) return;
    }
    end.because(CloseReason.CLIENT);
    response.reset();
  }

  /** Whether an exchange was going on and could be ended as one. */
  private boolean isAnswered500() {
    try {
      return exchanging && exchange().onFault();
    } catch (RuntimeException again) {
      LOG.error("The fault could not be answered either", again);
      return false;
    }
  }

  // ---- access

  private Channel channel() {
    return response.channel();
  }

  Settings settings() {
    return connections.scope.published().current().settings();
  }

  private Exchange exchange() {
    Exchange current = exchange;
    if (current == null) exchange = current = new Exchange(connections.scope, response);
    return current;
  }

  private BodyDecoder decoder() {
    BodyDecoder current = body;
    if (current == null) throw new IllegalStateException("no body is being read");
    return current;
  }
}

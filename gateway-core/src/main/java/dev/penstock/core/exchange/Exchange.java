package dev.penstock.core.exchange;

import dev.penstock.core.http1.FieldName;
import dev.penstock.core.http1.Fields;
import dev.penstock.core.http1.Framing;
import dev.penstock.core.http1.Identity;
import dev.penstock.core.http1.Refusal;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.core.http1.ResponseHead;
import dev.penstock.core.loop.Deadline;
import dev.penstock.core.loop.Loop;
import dev.penstock.core.observe.Attempt;
import dev.penstock.core.observe.ByteSpan;
import dev.penstock.core.observe.ExchangeRecord;
import dev.penstock.core.observe.ResponseFlag;
import dev.penstock.core.observe.RouteMeters;
import dev.penstock.core.snapshot.CompiledRoute;
import dev.penstock.core.snapshot.Snapshot;
import dev.penstock.core.stage.HttpsRedirect;
import dev.penstock.core.upstream.Borrow;
import dev.penstock.core.upstream.EndpointPool;
import dev.penstock.core.upstream.LoopPool;
import dev.penstock.core.upstream.Tried;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.core.upstream.UpstreamEndpoint;
import dev.penstock.core.upstream.UpstreamFailure;
import dev.penstock.core.upstream.UpstreamStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: route → stages → pick → borrow → stream → end, with what can go wrong
 * at each step turned into one {@link ProxyFailure}. It sees a {@link Downstream} and an {@link
 * UpstreamStream} and no channel.
 *
 * <p>The two sides are coupled by demand: a side that cannot take more stops the reading of the
 * other. A side that fails resets the other, so that nothing cut short can pass for something
 * whole.
 *
 * <p>Owned by one event loop; used again for the next request of its connection.
 */
public final class Exchange implements UpstreamStream.Receiver {
  /**
   * Penstocks that one request may pass, one after the other. A backend may lead back to a gateway,
   * by a Service of its own or through somebody else's proxy: each passage holds a connection, and
   * without a bound one request would take all that there are.
   */
  public static final int PASSAGES_MAX = 10;

  private enum Phase {
    /** Nothing is going on. */
    IDLE,
    /** An endpoint is being chosen or connected to; the request's body is not read. */
    CONNECTING,
    /** The head is with the endpoint. */
    STREAMING,
    /** Raw bytes both ways. */
    TUNNEL
  }

  private final Scope scope;
  private final Loop loop;
  private final Downstream downstream;
  private final ExchangeRecord record = new ExchangeRecord();
  private final Tried tried = new Tried();
  private @Nullable Deadline tunnelIdle;

  private Phase phase = Phase.IDLE;
  private @Nullable RequestHead request;
  private @Nullable Snapshot snapshot;
  private @Nullable CompiledRoute route;
  private @Nullable Upstream upstream;
  private @Nullable UpstreamStream stream;
  private @Nullable Borrow borrow;
  private @Nullable Attempt attempt;
  private RouteMeters.@Nullable Cell cell;
  private int tries;
  private boolean continueSent;
  private boolean bodyTouched;
  private boolean responseBegun;
  private long bodyBytes;

  public Exchange(Scope scope, Downstream downstream) {
    this.scope = scope;
    this.loop = scope.loop();
    this.downstream = downstream;
  }

  public boolean isActive() {
    return phase != Phase.IDLE;
  }

  // ---- the request's way

  /**
   * Begins with a complete head, which must stay as it is until the exchange ends. May end before
   * it returns.
   *
   * @param startNanos the loop's clock at the request's first byte
   * @param startEpochMillis wall clock then
   */
  public void start(RequestHead head, long startNanos, long startEpochMillis) {
    assert phase == Phase.IDLE;
    phase = Phase.CONNECTING;
    request = head;
    tries = 0;
    continueSent = false;
    bodyTouched = false;
    responseBegun = false;
    bodyBytes = 0;
    Snapshot current = scope.published().current();
    snapshot = current;
    downstream.identity().begin(head, current.forwardedRules());
    describe(head, startNanos, startEpochMillis);
    CompiledRoute found =
        current
            .router()
            .find(
                head.bytes(),
                head.hostStart(),
                head.hostNameEnd(),
                head.pathStart(),
                head.pathEnd());
    route = found;
    RouteMeters meters = found == null ? scope.unmatched() : found.meters();
    record.route = meters.identity();
    cell = meters.cell(loop.index());
    cell.begin();
    if (found == null) {
      fail(ProxyFailure.NO_ROUTE);
      return;
    }
    LocalAnswer answer = runStages(head, found, current);
    if (answer != null) {
      answer(answer);
      return;
    }
    Upstream chosen = found.chooseUpstream();
    upstream = chosen;
    if (chosen != null) pools(chosen).onRequest();
    tryNext(false);
  }

  /** Answers a head that broke a rule, and ends. The connection is not to be used again. */
  public void refuse(RequestHead head, Refusal refusal, long startNanos, long startEpochMillis) {
    beginUnread(head, startNanos, startEpochMillis);
    answer(LocalAnswer.of(refusal.status(), ResponseFlag.BAD_REQUEST).closing());
  }

  /** Answers a head that took too long, and ends. The connection is not to be used again. */
  public void timeOut(RequestHead head, long startNanos, long startEpochMillis) {
    beginUnread(head, startNanos, startEpochMillis);
    answer(LocalAnswer.of(408, ResponseFlag.REQUEST_TIMEOUT).closing());
  }

  /** An exchange of which only the start is known: nothing in the head may be relied on. */
  private void beginUnread(RequestHead head, long startNanos, long startEpochMillis) {
    phase = Phase.CONNECTING;
    request = head;
    bodyBytes = 0;
    responseBegun = false;
    record.startNanos = startNanos;
    record.startEpochMillis = startEpochMillis;
    record.tls = downstream.isTls();
    record.remoteAddress.set(downstream.remoteAddress());
    if (head.lineEnd() > 0) record.requestLine.set(head.bytes(), 0, head.lineEnd());
    newRequestId();
    record.route = scope.unmatched().identity();
    cell = scope.unmatched().cell(loop.index());
    cell.begin();
  }

  /** All stages, in ingress-nginx's order; the first answer ends it. */
  private @Nullable LocalAnswer runStages(RequestHead head, CompiledRoute to, Snapshot current) {
    if (head.passages() >= PASSAGES_MAX) return LocalAnswer.of(508, ResponseFlag.LOOP);
    if (head.framing() == Framing.LENGTH && head.contentLength() > to.requestBodyBytesMax) {
      return LocalAnswer.of(413, ResponseFlag.BODY_TOO_LARGE);
    }
    var denied = to.respond();
    if (denied != null) return LocalAnswer.of(denied.status(), ResponseFlag.DENIED);
    byte[] location =
        HttpsRedirect.location(
            head,
            downstream.identity(),
            to.httpsRedirect(),
            current.settings().httpsRedirect(),
            downstream.publicHttpsPort());
    if (location == null) return null;
    int status = current.settings().httpsRedirect().status();
    return new LocalAnswer(status, ResponseFlag.REDIRECT, location, null, false);
  }

  /**
   * Asks the next endpoint.
   *
   * @param fresh not over a connection that was used before: one just proved stale
   */
  private void tryNext(boolean fresh) {
    Upstream from = upstream;
    CompiledRoute to = required(route);
    if (from == null) {
      fail(ProxyFailure.NO_ENDPOINT);
      return;
    }
    EndpointPool pool = pools(from).pick(tried);
    if (pool == null) {
      fail(ProxyFailure.NO_ENDPOINT);
      return;
    }
    tries++;
    attempt = record.beginAttempt(pool.endpoint().text(), loop.nanos());
    UpstreamStream idle = fresh ? null : pool.takeIdle(this);
    if (idle != null) {
      begin(idle);
      return;
    }
    borrow = pool.open(this, to.connectTimeoutMillis);
    if (borrow == null) fail(ProxyFailure.OVERFLOW);
  }

  private LoopPool pools(Upstream of) {
    return of.on(loop, scope.connector());
  }

  @Override
  public void onLent(UpstreamStream lent) {
    borrow = null;
    begin(lent);
  }

  @Override
  public void onNotLent(UpstreamEndpoint endpoint, UpstreamFailure failure) {
    borrow = null;
    tried.add(endpoint);
    failOrRetry(ProxyFailure.of(failure), false);
  }

  private void begin(UpstreamStream to) {
    stream = to;
    phase = Phase.STREAMING;
    CompiledRoute by = required(route);
    RequestHead head = required(request);
    required(attempt).connectNanos = loop.nanos();
    to.timeouts(by.readTimeoutNanos, by.sendTimeoutNanos);
    boolean hasBody =
        head.framing() == Framing.CHUNKED
            || head.framing() == Framing.LENGTH && head.contentLength() > 0;
    to.sendHead(head, downstream.identity(), hasBody);
    if (!hasBody) return;
    if (head.expectsContinue() && !continueSent) {
      continueSent = true;
      downstream.sendContinue();
    }
    downstream.demand(true);
  }

  /** A part of the request's body, or of a tunnel; takes {@code data}. */
  public void onRequestData(ByteBuf data) {
    UpstreamStream to = stream;
    if (to == null) {
      data.release();
      if (isActive()) throw new IllegalStateException("body data that nobody asked for");
      return;
    }
    int length = data.readableBytes();
    bodyBytes += length;
    if (phase == Phase.TUNNEL) {
      touchTunnel();
      to.sendRaw(data);
    } else {
      bodyTouched = true;
      if (bodyBytes > required(route).requestBodyBytesMax) {
        data.release();
        fail(ProxyFailure.BODY_TOO_LARGE);
        return;
      }
      to.sendData(data);
    }
    if (!to.isWritable()) downstream.demand(false);
  }

  /** What the client sent in one go has been told. */
  public void onRequestReadComplete() {
    if (stream != null) stream.flush();
  }

  /** The request's body is complete. */
  public void onRequestEnd(@Nullable Fields trailers) {
    bodyTouched = true;
    if (stream != null) stream.sendEnd(trailers);
  }

  /** The request's body cannot be completed. */
  public void onRequestFailed(ProxyFailure failure) {
    if (isActive()) fail(failure);
  }

  public void onDownstreamWritable() {
    if (stream != null) stream.demand(true);
  }

  /** The client takes nothing of its answer. */
  public void onDownstreamStalled() {
    if (!isActive()) return;
    record.flag = ProxyFailure.DOWNSTREAM_STALLED.flag();
    downstream.reset();
    end();
  }

  /**
   * When memory is short: gives the attempt up if a part of a large head came from the backend and
   * no more, and the request is so old.
   *
   * @return bytes of the budget for heads of answers that this gives back
   */
  public int endUnfinishedHead(long nanos) {
    UpstreamStream from = stream;
    return from == null || loop.nanos() - record.startNanos < nanos ? 0 : from.endUnfinishedHead();
  }

  /** The gateway ends at once. */
  public void onShutdown() {
    if (!isActive()) return;
    record.flag = ResponseFlag.DRAINING;
    downstream.reset();
    end();
  }

  /**
   * A fault of the gateway's own came to light.
   *
   * @return whether there was something to end
   */
  public boolean onFault() {
    if (!isActive()) return false;
    fail(ProxyFailure.INTERNAL);
    return true;
  }

  /** The client is gone; nothing can be sent to it any more. */
  public void onDownstreamClosed() {
    if (!isActive()) return;
    if (phase == Phase.TUNNEL) {
      UpstreamStream to = stream;
      stream = null;
      if (to != null) to.endRaw();
    } else {
      record.flag = ResponseFlag.DOWNSTREAM_CLOSED;
      if (!responseBegun) record.status = ProxyFailure.DOWNSTREAM_CLOSED.status();
    }
    end();
  }

  // ---- the response's way

  @Override
  public void onInformational(ResponseHead head) {
    downstream.sendInformational(head);
  }

  @Override
  public void onResponseHead(ResponseHead head) {
    responseBegun = true;
    record.status = head.status();
    Attempt at = required(attempt);
    at.status = head.status();
    at.headNanos = loop.nanos();
    downstream.sendHead(head, hsts());
  }

  @Override
  public void onResponseData(ByteBuf data) {
    int length = data.readableBytes();
    record.bodyBytesSent += length;
    required(attempt).responseLength += length;
    if (phase == Phase.TUNNEL) {
      touchTunnel();
      downstream.sendRaw(data);
    } else {
      downstream.sendData(data);
    }
    if (stream != null && !downstream.isWritable()) stream.demand(false);
  }

  @Override
  public void onResponseEnd(@Nullable Fields trailers) {
    stream = null;
    downstream.sendEnd(trailers);
    end();
  }

  @Override
  public void onUpstreamReadComplete() {
    if (isActive()) downstream.flush();
  }

  @Override
  public void onUpstreamWritable() {
    if (isActive()) downstream.demand(true);
  }

  @Override
  public void onUpstreamFailed(UpstreamFailure failure, boolean responseStarted) {
    UpstreamStream failed = required(stream);
    stream = null;
    boolean stale = failure == UpstreamFailure.CLOSED_BEFORE_RESPONSE && failed.isReused();
    if (!stale) tried.add(failed.endpoint());
    if (responseStarted) fail(ProxyFailure.of(failure));
    else failOrRetry(ProxyFailure.of(failure), stale);
  }

  // ---- tunnel

  @Override
  public void onUpgraded(ResponseHead head) {
    phase = Phase.TUNNEL;
    responseBegun = true;
    record.status = head.status();
    Attempt at = required(attempt);
    at.status = head.status();
    at.headNanos = loop.nanos();
    if (tunnelIdle == null) tunnelIdle = loop.deadline(this::onTunnelIdle);
    downstream.upgrade(head);
    touchTunnel();
    downstream.demand(true);
  }

  private void touchTunnel() {
    if (tunnelIdle != null && snapshot != null) {
      tunnelIdle.in(snapshot.settings().deadlines().tunnelIdle().toNanos());
    }
  }

  @Override
  public void onTunnelClosed() {
    stream = null;
    downstream.endRaw();
    end();
  }

  private void onTunnelIdle() {
    if (phase != Phase.TUNNEL) return;
    record.flag = ResponseFlag.REQUEST_TIMEOUT;
    downstream.endRaw();
    end();
  }

  // ---- ends

  private void failOrRetry(ProxyFailure failure, boolean stale) {
    boolean may =
        switch (failure.retry()) {
          case NEVER -> false;
          case ALWAYS -> true;
          case IF_REPEATABLE -> !bodyTouched && required(request).method().isIdempotent();
        };
    if (!may || responseBegun || tries >= required(route).tries || !hasAnother(stale)) {
      fail(failure);
      return;
    }
    endAttempt(failure.status());
    phase = Phase.CONNECTING;
    downstream.demand(false);
    tryNext(stale);
  }

  private boolean hasAnother(boolean stale) {
    Upstream from = upstream;
    if (from == null) return false;
    if (stale) return pools(from).mayRetry();
    return pools(from).hasUntried(tried) && pools(from).mayRetry();
  }

  private void fail(ProxyFailure failure) {
    record.flag = failure.flag();
    if (attempt != null && attempt.status == 0) endAttempt(failure.status());
    dropStream();
    if (responseBegun) {
      downstream.reset();
      end();
    } else {
      LocalAnswer answer = LocalAnswer.of(failure.status(), failure.flag());
      boolean last = bodyTouched || failure.endsConnection();
      answer(last ? answer.closing() : answer);
    }
  }

  private void answer(LocalAnswer answer) {
    record.status = answer.status();
    record.flag = answer.flag();
    record.bodyBytesSent = downstream.answer(answer.withHsts(hsts()));
    end();
  }

  private byte @Nullable [] hsts() {
    CompiledRoute by = route;
    Snapshot in = snapshot;
    return by != null && in != null && by.hsts() && downstream.isTls() ? in.hsts() : null;
  }

  private void endAttempt(int status) {
    Attempt at = attempt;
    if (at == null) return;
    if (at.status == 0) at.status = status;
    if (at.endNanos == ExchangeRecord.UNSET) at.endNanos = loop.nanos();
  }

  private void dropStream() {
    if (borrow != null) borrow.cancel();
    borrow = null;
    UpstreamStream last = stream;
    stream = null;
    if (last != null) last.cancel();
  }

  /**
   * Counts, logs, forgets, and lets the connection go on. The last thing that happens to an
   * exchange.
   */
  private void end() {
    dropStream();
    if (tunnelIdle != null) tunnelIdle.cancel();
    endAttempt(0);
    record.endNanos = loop.nanos();
    record.requestLength = required(request).headBytes() + bodyBytes;
    record.bytesSent = downstream.bytesSent();
    required(cell).record(record);
    scope.log().log(record);
    record.reset();
    tried.clear();
    request = null;
    snapshot = null;
    route = null;
    upstream = null;
    attempt = null;
    cell = null;
    phase = Phase.IDLE;
    downstream.finished();
  }

  /** Fills what is known at the start: for the log, and for the identity fields. */
  private void describe(RequestHead head, long startNanos, long startEpochMillis) {
    record.startNanos = startNanos;
    record.startEpochMillis = startEpochMillis;
    record.tls = downstream.isTls();
    Identity client = downstream.identity();
    record.remoteAddress.set(client.addressBytes(), client.addressStart(), client.addressEnd());
    record.requestLine.set(head.bytes(), 0, head.lineEnd());
    record.host.set(head.bytes(), head.hostStart(), head.hostEnd());
    Fields fields = head.fields();
    describe(fields, FieldName.REFERER, record.referer);
    describe(fields, FieldName.USER_AGENT, record.userAgent);
    if (head.requestIdEnd() > head.requestIdStart()) {
      record.requestId.set(head.bytes(), head.requestIdStart(), head.requestIdEnd());
    } else {
      newRequestId();
    }
  }

  private void newRequestId() {
    Identity identity = downstream.identity();
    identity.newRequestId(scope.requestIds().nextLong(), scope.requestIds().nextLong());
    record.requestId.set(identity.requestId());
  }

  private static void describe(Fields fields, FieldName name, ByteSpan span) {
    int at = fields.find(name);
    if (at >= 0) span.set(fields.bytes(), fields.valueStart(at), fields.valueEnd(at));
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) throw new IllegalStateException("not in an exchange");
    return value;
  }
}

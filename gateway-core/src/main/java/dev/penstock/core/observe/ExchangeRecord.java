package dev.penstock.core.observe;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one exchange, for meters and log. One object per exchange, filled as the
 * exchange goes, read once at its end by {@link RouteMeters.Cell#record} and {@link
 * AccessLog.LoopLog#log}, then {@link #reset}. Owned by the exchange's event loop; nothing here
 * allocates, except a further {@link Attempt} at the first retry.
 *
 * <p>The spans point into buffers of the exchange, which have to live until the record was logged.
 */
public final class ExchangeRecord {
  /** A reading of the clock that was never taken; {@link System#nanoTime()} may well be 0. */
  public static final long UNSET = Long.MIN_VALUE;

  /** More tries than this are not kept one by one: the last place is used again. */
  public static final int ATTEMPTS_MAX = 10;

  /** The client's address as text, without a port. */
  public final ByteSpan remoteAddress = new ByteSpan();

  /** The user of basic authentication, once it succeeded. */
  public final ByteSpan remoteUser = new ByteSpan();

  /** The request line as received, without its line end. */
  public final ByteSpan requestLine = new ByteSpan();

  /** The authority that the request was routed by. */
  public final ByteSpan host = new ByteSpan();

  /** The value of the Referer field. */
  public final ByteSpan referer = new ByteSpan();

  /** The value of the User-Agent field. */
  public final ByteSpan userAgent = new ByteSpan();

  /** The request's id: kept from {@code X-Request-ID} or made by the gateway. */
  public final ByteSpan requestId = new ByteSpan();

  /** The name of the canary upstream when it was chosen, as {@code namespace-service-port}. */
  public final ByteSpan alternativeUpstream = new ByteSpan();

  /** Other fields of the request, for formats that name them. */
  public @Nullable RequestFields fields;

  /** Whether the listener speaks TLS: the scheme is https. */
  public boolean tls;

  /** {@link System#nanoTime()} at the first byte of the request. */
  public long startNanos = UNSET;

  /** The wall clock at that moment, milliseconds since 1970. */
  public long startEpochMillis;

  /** {@link System#nanoTime()} when the last byte of the answer had been written. */
  public long endNanos = UNSET;

  /** Bytes of request line, fields and body. */
  public long requestLength;

  /** The status sent to the client; as in nginx 499 when it went away before; 0 = none. */
  public int status;

  /** Bytes of the response's body that were sent, without framing. */
  public long bodyBytesSent;

  /** All bytes of the response that were sent. */
  public long bytesSent;

  /** Why the gateway decided, when it did. */
  public ResponseFlag flag = ResponseFlag.NONE;

  /** The names of the route that took the request. */
  public RouteIdentity route = RouteIdentity.UNMATCHED;

  private final @Nullable Attempt[] attempts = new @Nullable Attempt[ATTEMPTS_MAX];
  private int attemptCount;

  /**
   * Begins a try at an endpoint. The caller fills what it learns into the result, until it begins
   * the next one.
   */
  public Attempt beginAttempt(String endpoint, long nowNanos) {
    if (attemptCount < ATTEMPTS_MAX) attemptCount++;
    Attempt attempt = attempts[attemptCount - 1];
    if (attempt == null) attempts[attemptCount - 1] = attempt = new Attempt();
    attempt.reset();
    attempt.endpoint = endpoint;
    attempt.startNanos = nowNanos;
    return attempt;
  }

  /** How many tries there were, at most {@link #ATTEMPTS_MAX}. */
  public int attemptCount() {
    return attemptCount;
  }

  /**
   * A try.
   *
   * @param index 0 to {@code attemptCount() - 1}
   */
  public Attempt attempt(int index) {
    Attempt attempt = index < attemptCount ? attempts[index] : null;
    if (attempt == null) throw new IndexOutOfBoundsException(index);
    return attempt;
  }

  /** From the first byte of the request to the last of the answer; 0 when either is unknown. */
  public long durationNanos() {
    if (startNanos == UNSET || endNanos == UNSET) return 0;
    return Math.max(0, endNanos - startNanos);
  }

  /** The wall clock at the end, milliseconds since 1970; follows the monotonic clock from start. */
  public long endEpochMillis() {
    return startEpochMillis + durationNanos() / 1_000_000;
  }

  /** As new; lets go of every buffer. */
  public void reset() {
    remoteAddress.clear();
    remoteUser.clear();
    requestLine.clear();
    host.clear();
    referer.clear();
    userAgent.clear();
    requestId.clear();
    alternativeUpstream.clear();
    fields = null;
    tls = false;
    startNanos = UNSET;
    startEpochMillis = 0;
    endNanos = UNSET;
    requestLength = 0;
    status = 0;
    bodyBytesSent = 0;
    bytesSent = 0;
    flag = ResponseFlag.NONE;
    route = RouteIdentity.UNMATCHED;
    for (int i = 0; i < attemptCount; i++) attempt(i).reset();
    attemptCount = 0;
  }
}

package dev.penstock.core.exchange;

import dev.penstock.core.http1.Refusal;
import dev.penstock.core.observe.ResponseFlag;
import dev.penstock.core.upstream.UpstreamFailure;

/**
 * Why a request could not be answered by a backend. Status, log flag and whether another endpoint
 * may be tried follow from it, and nowhere else.
 */
public enum ProxyFailure {
  NO_ROUTE(404, ResponseFlag.NO_ROUTE, Retry.NEVER),
  NO_ENDPOINT(503, ResponseFlag.NO_ENDPOINT, Retry.NEVER),
  OVERFLOW(503, ResponseFlag.UPSTREAM_OVERFLOW, Retry.NEVER),
  NO_SOCKET(503, ResponseFlag.UPSTREAM_OVERFLOW, Retry.NEVER),
  CONNECT_FAILED(502, ResponseFlag.CONNECT_FAILED, Retry.ALWAYS),
  CONNECT_TIMEOUT(504, ResponseFlag.CONNECT_FAILED, Retry.ALWAYS),
  CLOSED_BEFORE_RESPONSE(502, ResponseFlag.UPSTREAM_RESET, Retry.IF_REPEATABLE),
  CUT(502, ResponseFlag.UPSTREAM_RESET, Retry.NEVER),
  PROTOCOL(502, ResponseFlag.UPSTREAM_PROTOCOL, Retry.NEVER),
  READ_TIMEOUT(504, ResponseFlag.UPSTREAM_TIMEOUT, Retry.IF_REPEATABLE),
  SEND_TIMEOUT(504, ResponseFlag.UPSTREAM_TIMEOUT, Retry.NEVER),
  BODY_TOO_LARGE(413, ResponseFlag.BODY_TOO_LARGE, Retry.NEVER),
  BODY_TOO_SLOW(408, ResponseFlag.REQUEST_TIMEOUT, Retry.NEVER),
  BODY_MALFORMED(400, ResponseFlag.BAD_REQUEST, Retry.NEVER),
  TRAILERS_TOO_LARGE(431, ResponseFlag.BAD_REQUEST, Retry.NEVER),
  /** As nginx logs it; nobody is there to read it. */
  DOWNSTREAM_CLOSED(499, ResponseFlag.DOWNSTREAM_CLOSED, Retry.NEVER),
  /** The client took nothing of the answer for the write stall deadline. */
  DOWNSTREAM_STALLED(408, ResponseFlag.REQUEST_TIMEOUT, Retry.NEVER),
  /** A fault of the gateway itself; the log has it. */
  INTERNAL(500, ResponseFlag.INTERNAL, Retry.NEVER);

  /** When another endpoint may be asked. */
  enum Retry {
    NEVER,
    /** Not a byte was sent. */
    ALWAYS,
    /**
     * The method is idempotent, the client's body was not touched and no byte of a response came.
     */
    IF_REPEATABLE
  }

  private final int status;
  private final ResponseFlag flag;
  private final Retry retry;

  ProxyFailure(int status, ResponseFlag flag, Retry retry) {
    this.status = status;
    this.flag = flag;
    this.retry = retry;
  }

  int status() {
    return status;
  }

  ResponseFlag flag() {
    return flag;
  }

  Retry retry() {
    return retry;
  }

  /** Whether what follows on the client's connection cannot be read, or is not to be trusted. */
  boolean endsConnection() {
    return switch (this) {
      case BODY_TOO_SLOW, BODY_MALFORMED, TRAILERS_TOO_LARGE, INTERNAL -> true;
      default -> false;
    };
  }

  /** Of a client's body. */
  public static ProxyFailure of(Refusal refusal) {
    return refusal.status() == 431 ? TRAILERS_TOO_LARGE : BODY_MALFORMED;
  }

  static ProxyFailure of(UpstreamFailure failure) {
    return switch (failure) {
      case NO_SOCKET -> NO_SOCKET;
      case CONNECT_FAILED -> CONNECT_FAILED;
      case CONNECT_TIMEOUT -> CONNECT_TIMEOUT;
      case OVERFLOW, MEMORY -> OVERFLOW;
      case CLOSED_BEFORE_RESPONSE -> CLOSED_BEFORE_RESPONSE;
      case CUT -> CUT;
      case PROTOCOL -> PROTOCOL;
      case READ_TIMEOUT -> READ_TIMEOUT;
      case SEND_TIMEOUT -> SEND_TIMEOUT;
      case INTERNAL -> INTERNAL;
    };
  }
}

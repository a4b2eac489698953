package dev.penstock.core.observe;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a text log format: names and meanings are nginx's and ingress-nginx's. One table
 * is compiler, validator and manual.
 */
public enum LogVariable {
  REMOTE_ADDR("client address", (r, out) -> out.span(r.remoteAddress)),
  REMOTE_USER("user of basic authentication", (r, out) -> out.span(r.remoteUser)),
  TIME_LOCAL(
      "local time of the exchange's end in Common Log Format",
      (r, out) -> out.line.raw(out.line.clock().local(r.endEpochMillis()))),
  TIME_ISO8601(
      "local time of the exchange's end in ISO 8601",
      (r, out) -> out.line.raw(out.line.clock().iso(r.endEpochMillis()))),
  MSEC(
      "the same in seconds since 1970, with milliseconds",
      (r, out) -> out.line.seconds(r.endEpochMillis())),
  REQUEST("full original request line", (r, out) -> out.span(r.requestLine)),
  REQUEST_METHOD(
      "method of the request line",
      (r, out) -> {
        RequestLine.method(r.requestLine, out.empty());
        out.span(out.scratch);
      }),
  REQUEST_URI(
      "target of the request line, as received",
      (r, out) -> {
        RequestLine.uri(r.requestLine, out.empty());
        out.span(out.scratch);
      }),
  SERVER_PROTOCOL(
      "protocol of the request line",
      (r, out) -> {
        RequestLine.protocol(r.requestLine, out.empty());
        out.span(out.scratch);
      }),
  HOST("authority that the request was routed by", (r, out) -> out.span(r.host)),
  SCHEME("http or https, by the listener", (r, out) -> out.line.ascii(r.tls ? "https" : "http")),
  STATUS("status of the response, three digits", (r, out) -> out.line.padded(r.status, 3)),
  BODY_BYTES_SENT(
      "bytes of the response's body sent", (r, out) -> out.line.number(r.bodyBytesSent)),
  BYTES_SENT("all bytes of the response sent", (r, out) -> out.line.number(r.bytesSent)),
  HTTP_REFERER("the Referer field", (r, out) -> out.span(r.referer)),
  HTTP_USER_AGENT("the User-Agent field", (r, out) -> out.span(r.userAgent)),
  REQUEST_LENGTH(
      "bytes of request line, fields and body", (r, out) -> out.line.number(r.requestLength)),
  REQUEST_TIME(
      "seconds from the request's first byte to the answer's last, with milliseconds",
      (r, out) -> out.line.seconds(r.durationNanos() / 1_000_000)),
  PROXY_UPSTREAM_NAME(
      "namespace-service-port of the route's upstream",
      (r, out) -> out.name(r.route.upstreamBytes)),
  PROXY_ALTERNATIVE_UPSTREAM_NAME(
      "the same for the canary; empty, as in ingress-nginx, when none was chosen",
      (r, out) -> {
        if (r.alternativeUpstream.isSet()) out.span(r.alternativeUpstream);
      }),
  UPSTREAM_ADDR(
      "address:port of the backend, of each try",
      (r, out) -> out.tries(r, (a, to) -> to.line.ascii(a.endpoint))),
  UPSTREAM_RESPONSE_LENGTH(
      "bytes of the backend's response body, of each try",
      (r, out) -> out.tries(r, (a, to) -> to.line.number(a.responseLength))),
  UPSTREAM_CONNECT_TIME(
      "seconds until the connection was there, of each try",
      (r, out) -> out.tries(r, (a, to) -> to.span(a.startNanos, a.connectNanos))),
  UPSTREAM_HEADER_TIME(
      "seconds until the response's head was there, of each try",
      (r, out) -> out.tries(r, (a, to) -> to.span(a.startNanos, a.headNanos))),
  UPSTREAM_RESPONSE_TIME(
      "seconds until the response was there or the try was given up, of each try",
      (r, out) -> out.tries(r, (a, to) -> to.span(a.startNanos, a.endNanos))),
  UPSTREAM_STATUS(
      "status of the backend, of each try; 502 or 504 for a try without an answer",
      (r, out) ->
          out.tries(
              r,
              (a, to) -> {
                if (a.status == 0) to.line.raw('-');
                else to.line.padded(a.status, 3);
              })),
  REQ_ID(
      "the request's id: X-Request-ID when well-formed, else made",
      (r, out) -> out.span(r.requestId)),
  REQUEST_ID("the same", (r, out) -> out.span(r.requestId)),
  NAMESPACE("namespace of the Ingress", (r, out) -> out.name(r.route.namespaceBytes)),
  INGRESS_NAME("name of the Ingress", (r, out) -> out.name(r.route.ingressBytes)),
  SERVICE_NAME("Service that the Ingress names", (r, out) -> out.name(r.route.serviceBytes)),
  SERVICE_PORT("its port as the Ingress names it", (r, out) -> out.name(r.route.servicePortBytes)),
  RESPONSE_FLAGS(
      "why the gateway decided how the exchange ended", (r, out) -> out.line.ascii(r.flag.code())),
  ROUTE("host and path of the route", (r, out) -> out.name(r.route.routeBytes));

  /** Writes the value of one exchange. */
  @FunctionalInterface
  interface Appender {
    void append(ExchangeRecord exchange, Output out);
  }

  /** Writes what belongs to one try. */
  @FunctionalInterface
  interface TryAppender {
    void append(Attempt attempt, Output out);
  }

  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // the functions above hold nothing
  private final Appender appender;

  LogVariable(String meaning, Appender appender) {
    this.meaning = meaning;
    this.appender = appender;
  }

  /** As it stands in a format, without the {@code $}. */
  public String variable() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For the manual. */
  public String meaning() {
    return meaning;
  }

  Appender appender() {
    return appender;
  }

  /** The line that is written, and how a value is put there. One per event loop. */
  static final class Output {
    private static final byte[] SEPARATOR = ", ".getBytes(StandardCharsets.US_ASCII);

    final LineBuffer line;
    final ByteSpan scratch = new ByteSpan();

    Output(LineBuffer line) {
      this.line = line;
    }

    ByteSpan empty() {
      scratch.clear();
      return scratch;
    }

    void span(ByteSpan span) {
      if (span.isSet()) line.field(span.bytes(), span.start(), span.end(), Escape.NGINX);
      else line.raw('-');
    }

    void name(byte @Nullable [] name) {
      if (name == null) line.raw('-');
      else line.field(name, 0, name.length, Escape.NGINX);
    }

    void span(long fromNanos, long toNanos) {
      if (fromNanos == ExchangeRecord.UNSET || toNanos == ExchangeRecord.UNSET) line.raw('-');
      else line.seconds(Math.max(0, toNanos - fromNanos) / 1_000_000);
    }

    void tries(ExchangeRecord exchange, TryAppender appender) {
      if (exchange.attemptCount() == 0) line.raw('-');
      for (int i = 0; i < exchange.attemptCount(); i++) {
        if (i > 0) line.raw(SEPARATOR);
        appender.append(exchange.attempt(i), this);
      }
    }
  }
}

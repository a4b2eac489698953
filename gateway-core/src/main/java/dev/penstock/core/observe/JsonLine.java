package dev.penstock.core.observe;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as one JSON object: always the same keys in the same order, {@code null} for what is
 * not known, names after the Elastic Common Schema where it has one. Always valid, and printable
 * ASCII, whatever bytes a client sent.
 */
public final class JsonLine {
  /** Keys in their order. Those of each try stand in the array {@code penstock.attempts}. */
  public static final List<String> KEYS =
      List.of(
          "@timestamp",
          "event.duration",
          "client.address",
          "user.name",
          "url.scheme",
          "url.domain",
          "http.request.method",
          "url.original",
          "http.version",
          "http.request.id",
          "http.request.bytes",
          "http.request.referrer",
          "user_agent.original",
          "http.response.status_code",
          "http.response.body.bytes",
          "http.response.bytes",
          "penstock.response_flags",
          "penstock.route",
          "penstock.namespace",
          "penstock.ingress",
          "penstock.service",
          "penstock.service_port",
          "penstock.upstream",
          "penstock.alternative_upstream",
          "penstock.attempts");

  /** Keys of one try, in their order. Times in nanoseconds from the try's beginning. */
  public static final List<String> ATTEMPT_KEYS =
      List.of("endpoint", "status", "response_bytes", "connect_ns", "head_ns", "end_ns");

  private static final byte[][] KEY_BYTES = keyBytes(KEYS);
  private static final byte[][] ATTEMPT_KEY_BYTES = keyBytes(ATTEMPT_KEYS);
  private static final byte[] NULL = ascii("null");
  private static final byte[] HTTP = ascii("HTTP/");

  private final LineBuffer line;
  private final ByteSpan scratch = new ByteSpan();
  private int key;

  JsonLine(LineBuffer line) {
    this.line = line;
  }

  private static byte[][] keyBytes(List<String> keys) {
    byte[][] bytes = new byte[keys.size()][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = ascii((i == 0 ? "{\"" : ",\"") + keys.get(i) + "\":");
    }
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  void append(ExchangeRecord exchange) {
    key = 0;
    timestamp(exchange.endEpochMillis());
    next().number(exchange.durationNanos());
    text(exchange.remoteAddress);
    text(exchange.remoteUser);
    nextText(exchange.tls ? "https" : "http");
    text(exchange.host);
    requestLine(exchange.requestLine);
    text(exchange.requestId);
    next().number(exchange.requestLength);
    text(exchange.referer);
    text(exchange.userAgent);
    next().number(exchange.status);
    next().number(exchange.bodyBytesSent);
    next().number(exchange.bytesSent);
    flag(exchange.flag);
    RouteIdentity route = exchange.route;
    text(route.routeBytes);
    text(route.namespaceBytes);
    text(route.ingressBytes);
    text(route.serviceBytes);
    text(route.servicePortBytes);
    text(route.upstreamBytes);
    text(exchange.alternativeUpstream);
    next().raw('[');
    for (int i = 0; i < exchange.attemptCount(); i++) {
      if (i > 0) line.raw(',');
      attempt(exchange.attempt(i));
    }
    line.raw(']');
    line.raw('}');
    assert key == KEYS.size();
  }

  private void timestamp(long epochMillis) {
    next().raw('"');
    line.raw(line.clock().utc(epochMillis));
    line.raw('.');
    line.padded(Math.floorMod(epochMillis, 1000), 3);
    line.raw('Z');
    line.raw('"');
  }

  private void requestLine(ByteSpan requestLine) {
    scratch.clear();
    RequestLine.method(requestLine, scratch);
    text(scratch);
    scratch.clear();
    RequestLine.uri(requestLine, scratch);
    text(scratch);
    scratch.clear();
    RequestLine.protocol(requestLine, scratch);
    if (startsWithHttp()) {
      scratch.set(scratch.bytes(), scratch.start() + HTTP.length, scratch.end());
    }
    text(scratch);
    scratch.clear();
  }

  private boolean startsWithHttp() {
    if (scratch.length() < HTTP.length) return false;
    for (int i = 0; i < HTTP.length; i++) {
      if (scratch.bytes()[scratch.start() + i] != HTTP[i]) return false;
    }
    return true;
  }

  private void flag(ResponseFlag flag) {
    if (flag == ResponseFlag.NONE) next().raw(NULL);
    else nextText(flag.code());
  }

  private void attempt(Attempt attempt) {
    line.raw(ATTEMPT_KEY_BYTES[0]);
    line.raw('"');
    line.ascii(attempt.endpoint);
    line.raw('"');
    line.raw(ATTEMPT_KEY_BYTES[1]);
    if (attempt.status == 0) line.raw(NULL);
    else line.number(attempt.status);
    line.raw(ATTEMPT_KEY_BYTES[2]);
    line.number(attempt.responseLength);
    line.raw(ATTEMPT_KEY_BYTES[3]);
    span(attempt.startNanos, attempt.connectNanos);
    line.raw(ATTEMPT_KEY_BYTES[4]);
    span(attempt.startNanos, attempt.headNanos);
    line.raw(ATTEMPT_KEY_BYTES[5]);
    span(attempt.startNanos, attempt.endNanos);
    line.raw('}');
  }

  private void span(long fromNanos, long toNanos) {
    if (fromNanos == ExchangeRecord.UNSET || toNanos == ExchangeRecord.UNSET) line.raw(NULL);
    else line.number(Math.max(0, toNanos - fromNanos));
  }

  private void text(ByteSpan span) {
    if (span.isSet()) value(span.bytes(), span.start(), span.end());
    else next().raw(NULL);
  }

  private void text(byte @Nullable [] text) {
    if (text != null) value(text, 0, text.length);
    else next().raw(NULL);
  }

  private void value(byte[] bytes, int start, int end) {
    next().raw('"');
    line.field(bytes, start, end, Escape.JSON);
    line.raw('"');
  }

  private void nextText(String text) {
    next().raw('"');
    line.ascii(text);
    line.raw('"');
  }

  private LineBuffer next() {
    line.raw(KEY_BYTES[key++]);
    return line;
  }
}

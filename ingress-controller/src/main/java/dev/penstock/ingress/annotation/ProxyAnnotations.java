package dev.penstock.ingress.annotation;

import dev.penstock.configmap.RouteDefaults;
import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import dev.penstock.ingress.annotation.Annotation.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** How long, how often and how much is tried with a backend. */
final class ProxyAnnotations {
  private ProxyAnnotations() {}

  static final Setting<Duration> CONNECT_TIMEOUT =
      new Setting<>(
          "proxy-connect-timeout",
          Risk.LOW,
          RouteDefaults::connectTimeout,
          Value.SECONDS,
          "bounds the time to connect to an endpoint");

  static final Setting<Duration> SEND_TIMEOUT =
      new Setting<>(
          "proxy-send-timeout",
          Risk.LOW,
          RouteDefaults::sendTimeout,
          Value.SECONDS,
          "bounds the time between two writes to an endpoint");

  static final Setting<Duration> READ_TIMEOUT =
      new Setting<>(
          "proxy-read-timeout",
          Risk.LOW,
          RouteDefaults::readTimeout,
          Value.SECONDS,
          "bounds the time between two reads from an endpoint");

  static final Setting<Integer> TRIES =
      new Setting<>(
          "proxy-next-upstream-tries",
          Risk.LOW,
          RouteDefaults::tries,
          Value.COUNT,
          "bounds the endpoints tried for one request; 0 = as many as Penstock ever tries");

  static final Setting<Long> BODY_SIZE =
      new Setting<>(
          "proxy-body-size",
          Risk.MEDIUM,
          RouteDefaults::requestBodyBytesMax,
          Value.SIZE_BYTES,
          "bounds the request body; over it: 413");

  static final List<Annotation> ALL =
      List.of(
          CONNECT_TIMEOUT,
          SEND_TIMEOUT,
          READ_TIMEOUT,
          new Pending(
              "proxy-next-upstream",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.WARN,
              "says after which failures another endpoint is tried"),
          new Pending(
              "proxy-next-upstream-timeout",
              Risk.LOW,
              Annotation.ZERO,
              Meanwhile.WARN,
              "bounds the time of all tries together"),
          TRIES,
          BODY_SIZE,
          new Pending(
              "client-body-buffer-size",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "sets the memory for a body before it goes to disk; bodies are streamed here"),
          new Pending(
              "proxy-request-buffering",
              Risk.LOW,
              Annotation.OFF,
              Meanwhile.WARN,
              "reads the whole body before the backend is asked; bodies are streamed here"),
          new Pending(
              "proxy-buffering",
              Risk.LOW,
              Annotation.OFF,
              Meanwhile.WARN,
              "reads answers ahead; answers are streamed here"),
          new Pending(
              "proxy-buffers-number",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "sets the number of answer buffers"),
          new Pending(
              "proxy-buffer-size",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "sets the buffer for the head of an answer"),
          new Pending(
              "proxy-busy-buffers-size",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "sets the answer buffers in flight"),
          new Pending(
              "proxy-max-temp-file-size",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "bounds the disk space for an answer; no answer is written to disk here"),
          new Pending(
              "proxy-http-version",
              Risk.LOW,
              Set.of("1.1"),
              Meanwhile.WARN,
              "speaks HTTP/1.0 to the backend"),
          new Pending(
              "connection-proxy-header",
              Risk.LOW,
              Set.of("keep-alive"),
              Meanwhile.WARN,
              "sets the Connection field towards the backend"),
          new Pending(
              "proxy-cookie-domain",
              Risk.MEDIUM,
              Annotation.OFF,
              Meanwhile.WARN,
              "rewrites the domain of the backend's cookies"),
          new Pending(
              "proxy-cookie-path",
              Risk.MEDIUM,
              Annotation.OFF,
              Meanwhile.WARN,
              "rewrites the path of the backend's cookies"),
          new Pending(
              "proxy-redirect-from",
              Risk.MEDIUM,
              Annotation.OFF,
              Meanwhile.WARN,
              "rewrites the backend's redirects"),
          new Detail(
              "proxy-redirect-to",
              Risk.MEDIUM,
              List.of("proxy-redirect-from"),
              "says what the backend's redirects become"));
}

package dev.penstock.configmap;

import java.util.List;

/** Towards backends; most are the defaults of annotations. */
final class ProxyKeys {
  private ProxyKeys() {}

  static final List<Key> ALL =
      List.of(
          new Key.Acting<>(
              "proxy-body-size",
              Syntax.SIZE_BYTES,
              "1m",
              Draft::requestBodyBytesMax,
              "bounds the request body, over it 413; 0 = no bound"),
          new Key.Acting<>(
              "proxy-connect-timeout",
              Syntax.SECONDS,
              "5",
              Draft::connectTimeout,
              "bounds the time to connect to an endpoint"),
          new Key.Acting<>(
              "proxy-read-timeout",
              Syntax.SECONDS,
              "60",
              Draft::readTimeout,
              "bounds the time between two reads from an endpoint"),
          new Key.Acting<>(
              "proxy-send-timeout",
              Syntax.SECONDS,
              "60",
              Draft::sendTimeout,
              "bounds the time between two writes to an endpoint"),
          new Key.Waiting(
              "proxy-next-upstream",
              Syntax.someOf(
                  "error",
                  "timeout",
                  "invalid_header",
                  "http_500",
                  "http_502",
                  "http_503",
                  "http_504",
                  "http_403",
                  "http_404",
                  "http_429",
                  "non_idempotent",
                  "off"),
              "error timeout",
              "says after which failures another endpoint is tried"),
          new Key.Waiting(
              "proxy-next-upstream-timeout",
              Syntax.COUNT,
              "0",
              "bounds the time of all tries together, in seconds"),
          new Key.Acting<>(
              "proxy-next-upstream-tries",
              Syntax.COUNT,
              "3",
              Draft::tries,
              "bounds the endpoints tried for one request; 0 = as many as Penstock ever tries"),
          new Key.Waiting(
              "retry-non-idempotent",
              Syntax.BOOL,
              "false",
              "tries POST, LOCK and PATCH again, too"),
          new Key.Waiting(
              "proxy-request-buffering",
              Syntax.oneOf("on", "off"),
              "on",
              "off",
              "reads the whole body before the backend is asked; bodies are streamed here"),
          new Key.Waiting(
              "proxy-buffering",
              Syntax.oneOf("on", "off"),
              "off",
              "reads answers ahead; answers are streamed here"),
          new Key.Waiting(
              "proxy-cookie-path",
              Syntax.LINE,
              "off",
              "rewrites the path of the backend's cookies"),
          new Key.Waiting(
              "proxy-cookie-domain",
              Syntax.LINE,
              "off",
              "rewrites the domain of the backend's cookies"),
          new Key.Waiting(
              "proxy-redirect-from", Syntax.LINE, "off", "rewrites the backend's redirects"),
          new Key.Waiting(
              "proxy-redirect-to", Syntax.LINE, "off", "says what the backend's redirects become"),
          new Key.Waiting(
              "proxy-http-version",
              Syntax.oneOf("1.0", "1.1"),
              "1.1",
              "says which HTTP version the backend is spoken to with"),
          new Key.Waiting(
              "service-upstream",
              Syntax.BOOL,
              "false",
              "sends to the Service's own address instead of its endpoints"),
          new Key.Waiting(
              "load-balance",
              Syntax.oneOf("round_robin", "ewma"),
              "round_robin",
              "says how an endpoint is chosen"),
          new Key.Waiting("upstream-hash-by", Syntax.LINE, "", "chooses the endpoint by a hash"),
          new Key.Waiting(
              "upstream-keepalive-connections",
              Syntax.COUNT,
              "320",
              "bounds the idle connections to a backend"),
          new Key.Acting<>(
              "upstream-keepalive-time",
              Syntax.DURATION_POSITIVE,
              "1h",
              Draft::poolAgeMax,
              "bounds the age of a kept connection"),
          new Key.Acting<>(
              "upstream-keepalive-timeout",
              Syntax.SECONDS,
              "60",
              Draft::poolIdle,
              "says how long an unused connection is kept"),
          new Key.Acting<>(
              "upstream-keepalive-requests",
              Syntax.number(1, Integer.MAX_VALUE),
              "10000",
              Draft::poolRequestsMax,
              "bounds the requests over one connection"),
          new Key.Waiting(
              "proxy-set-headers",
              Syntax.NAMESPACED_NAME,
              "",
              "names a ConfigMap of headers that are added to requests"),
          new Key.Waiting(
              "add-headers",
              Syntax.NAMESPACED_NAME,
              "",
              "names a ConfigMap of headers that are added to answers"),
          new Key.Waiting(
              "hide-headers",
              Syntax.FIELD_NAMES,
              "",
              "names headers of the backend that are not passed on"),
          new Key.Waiting(
              "allow-backend-server-header",
              Syntax.BOOL,
              "false",
              "passes the backend's Server header on"),
          new Key.Acting<>(
              "server-tokens",
              Syntax.BOOL,
              "false",
              Draft::serverTokens,
              "sends 'Server: Penstock', never with a version; --server-header goes before"),
          new Key.Waiting(
              "default-type", Syntax.LINE, "text/html", "says the type of an answer that has none"),
          new Key.Acting<>(
              "preserve-trailing-slash",
              Syntax.BOOL,
              "false",
              Draft::keepTrailingSlash,
              "keeps the trailing slash of the path in the redirect to https"),
          new Key.Waiting(
              "use-port-in-redirects", Syntax.BOOL, "false", "puts the https port into redirects"),
          new Key.Waiting("app-root", Syntax.LINE, "", "redirects the root path to another"),
          new Key.Waiting(
              "proxy-buffers-number", Syntax.COUNT, "4", "sets the number of answer buffers"),
          new Key.Waiting(
              "proxy-buffer-size",
              Syntax.SIZE_BYTES,
              "4k",
              "sets the buffer for the head of an answer"),
          new Key.Waiting(
              "proxy-busy-buffers-size",
              Syntax.SIZE_BYTES,
              "8k",
              "sets the answer buffers in flight"),
          new Key.Waiting(
              "proxy-max-temp-file-size",
              Syntax.SIZE_BYTES,
              "1024m",
              "bounds the disk space for an answer; none is written to disk here"),
          new Key.Waiting(
              "grpc-buffer-size-kb",
              Syntax.COUNT,
              "0",
              "sets the buffer for the head of a gRPC answer, in kilobytes"),
          new Key.Waiting(
              "disable-proxy-intercept-errors",
              Syntax.BOOL,
              "false",
              "passes the backend's error pages on where custom-http-errors would replace them"));
}

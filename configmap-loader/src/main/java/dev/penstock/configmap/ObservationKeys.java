package dev.penstock.configmap;

import java.util.List;

/** Logs and traces. */
final class ObservationKeys {
  private ObservationKeys() {}

  private static final String FORMAT =
      "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
          + "\"$http_referer\" \"$http_user_agent\" $request_length $request_time "
          + "[$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr "
          + "$upstream_response_length $upstream_response_time $upstream_status $req_id";

  private static final String STREAM_FORMAT =
      "[$remote_addr] [$time_local] $protocol $status $bytes_sent $bytes_received"
          + " $session_time";

  static final List<Key> ALL =
      List.of(
          new Key.Waiting("disable-access-log", Syntax.BOOL, "false", "writes no access log"),
          new Key.Waiting(
              "disable-http-access-log", Syntax.BOOL, "false", "writes no access log for HTTP"),
          new Key.Waiting(
              "disable-stream-access-log",
              Syntax.BOOL,
              "false",
              "writes no access log for TCP and UDP"),
          new Key.Waiting(
              "access-log-path",
              Syntax.LINE,
              "/var/log/nginx/access.log",
              "names the file of the access log"),
          new Key.Waiting(
              "http-access-log-path", Syntax.LINE, "", "names the file of the access log for HTTP"),
          new Key.Waiting(
              "stream-access-log-path",
              Syntax.LINE,
              "",
              "names the file of the access log for TCP and UDP"),
          new Key.Waiting(
              "access-log-params", Syntax.LINE, "", "sets parameters of nginx's access_log"),
          new Key.Waiting(
              "enable-access-log-for-default-backend",
              Syntax.BOOL,
              "false",
              "logs requests to the default backend, too"),
          new Key.Waiting(
              "enable-auth-access-log",
              Syntax.BOOL,
              "false",
              "logs questions to the external service, too"),
          new Key.Waiting(
              "skip-access-log-urls", Syntax.LIST, "", "names paths that are not logged"),
          new Key.Waiting(
              "log-format-upstream", Syntax.TEXT, FORMAT, "sets the format of the access log"),
          new Key.Waiting(
              "log-format-escape-json",
              Syntax.BOOL,
              "false",
              "escapes values of the access log for JSON"),
          new Key.Waiting(
              "log-format-escape-none", Syntax.BOOL, "false", "escapes nothing in the access log"),
          new Key.Waiting(
              "log-format-stream",
              Syntax.TEXT,
              STREAM_FORMAT,
              "sets the format of the access log for TCP and UDP"),
          new Key.Waiting(
              "error-log-path",
              Syntax.LINE,
              "/var/log/nginx/error.log",
              "names the file of the error log"),
          new Key.Waiting(
              "error-log-level",
              Syntax.oneOf("debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"),
              "notice",
              "sets the level of the error log"),
          new Key.Waiting(
              "enable-syslog", Syntax.BOOL, "false", "sends the logs to a syslog server"),
          new Key.Waiting("syslog-host", Syntax.LINE, "", "names that server"),
          new Key.Waiting(
              "syslog-port", Syntax.number(1, 65_535), "514", "sets that server's port"),
          new Key.Waiting("enable-opentelemetry", Syntax.BOOL, "false", "traces requests"),
          new Key.Waiting(
              "opentelemetry-trust-incoming-span",
              Syntax.BOOL,
              "true",
              "continues the client's trace"),
          new Key.Waiting("opentelemetry-operation-name", Syntax.LINE, "", "names the spans"),
          new Key.Waiting(
              "opentelemetry-config",
              Syntax.LINE,
              "/etc/ingress-controller/telemetry/opentelemetry.toml",
              "names a file of another tracer"),
          new Key.Waiting("otlp-collector-host", Syntax.LINE, "", "names the collector of traces"),
          new Key.Waiting(
              "otlp-collector-port", Syntax.number(1, 65_535), "4317", "sets the collector's port"),
          new Key.Waiting("otel-max-queuesize", Syntax.COUNT, "2048", "bounds the spans that wait"),
          new Key.Waiting(
              "otel-schedule-delay-millis",
              Syntax.COUNT,
              "5000",
              "sets the time between two exports"),
          new Key.Waiting(
              "otel-max-export-batch-size", Syntax.COUNT, "512", "bounds the spans of an export"),
          new Key.Waiting("otel-service-name", Syntax.LINE, "nginx", "names the service in traces"),
          new Key.Waiting(
              "otel-sampler",
              Syntax.oneOf("AlwaysOn", "AlwaysOff", "TraceIdRatioBased", "remote"),
              "AlwaysOn",
              "says which requests are traced"),
          new Key.Waiting(
              "otel-sampler-parent-based", Syntax.BOOL, "true", "follows the client's decision"),
          new Key.Waiting(
              "otel-sampler-ratio",
              Syntax.RATIO,
              "0.01",
              "sets the share of requests that are traced"));
}

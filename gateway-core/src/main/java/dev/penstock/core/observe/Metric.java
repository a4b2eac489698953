package dev.penstock.core.observe;

import java.util.List;

/** Every metric that the gateway makes itself: what the scrape shows and what the manual lists. */
public enum Metric {
  REQUESTS(
      Type.COUNTER,
      "penstock_requests",
      "Requests that have ended.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "service_port",
      "status",
      "method"),
  REQUEST_DURATION(
      Type.HISTOGRAM,
      "penstock_request_duration_seconds",
      "From a request's first byte to the last byte of its answer.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "service_port"),
  REQUEST_BYTES(
      Type.COUNTER,
      "penstock_request_bytes",
      "Bytes of request lines, fields and bodies received.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "service_port"),
  RESPONSE_BYTES(
      Type.COUNTER,
      "penstock_response_bytes",
      "Bytes sent to clients.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "service_port"),
  REQUESTS_IN_FLIGHT(
      Type.GAUGE,
      "penstock_requests_in_flight",
      "Requests that were routed and have not ended.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "service_port"),
  RESPONSE_FLAGS(
      Type.COUNTER,
      "penstock_response_flags",
      "Exchanges whose end the gateway decided, by response flag.",
      "flag"),
  NGINX_REQUESTS(
      Type.UNTYPED,
      "nginx_ingress_controller_requests",
      "Requests that have ended (a counter).",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "status",
      "method"),
  NGINX_REQUEST_DURATION(
      Type.HISTOGRAM,
      "nginx_ingress_controller_request_duration_seconds",
      "From a request's first byte to the last byte of its answer.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "status",
      "method"),
  NGINX_RESPONSE_DURATION(
      Type.HISTOGRAM,
      "nginx_ingress_controller_response_duration_seconds",
      "From choosing an endpoint to the last byte of its answer; the last try of a request.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "method"),
  NGINX_HEADER_DURATION(
      Type.HISTOGRAM,
      "nginx_ingress_controller_header_duration_seconds",
      "From choosing an endpoint to the head of its answer.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "method"),
  NGINX_CONNECT_DURATION(
      Type.HISTOGRAM,
      "nginx_ingress_controller_connect_duration_seconds",
      "From choosing an endpoint to having a connection to it.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "method"),
  NGINX_REQUEST_SIZE(
      Type.HISTOGRAM,
      "nginx_ingress_controller_request_size",
      "Bytes of a request: line, fields and body.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "method"),
  NGINX_RESPONSE_SIZE(
      Type.HISTOGRAM,
      "nginx_ingress_controller_response_size",
      "Bytes sent to the client for a request.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "method"),
  NGINX_BYTES_SENT(
      Type.HISTOGRAM,
      "nginx_ingress_controller_bytes_sent",
      "The same with other buckets; ingress-nginx calls it deprecated.",
      "host",
      "path",
      "namespace",
      "ingress",
      "service",
      "canary",
      "method"),
  DROPPED_SERIES(
      Type.GAUGE,
      "penstock_metrics_dropped_series",
      "Series that had no place any more; their requests are counted in ingress __overflow__."),
  SERIES(Type.GAUGE, "penstock_metrics_series", "Series of routes in use."),
  ACCESS_LOG_LINES(
      Type.COUNTER, "penstock_access_log_lines", "Access log lines that the target has taken."),
  ACCESS_LOG_BYTES(Type.COUNTER, "penstock_access_log_bytes", "Bytes of these lines."),
  ACCESS_LOG_DROPPED(
      Type.COUNTER,
      "penstock_access_log_dropped",
      "Access log lines lost because the target was too slow or refused."),
  READY(Type.GAUGE, "penstock_ready", "1 when /readyz says so."),
  SNAPSHOT_VERSION(
      Type.GAUGE, "penstock_snapshot_version", "Version of the configuration that serves."),
  SNAPSHOT_TIMESTAMP(
      Type.GAUGE,
      "penstock_snapshot_timestamp_seconds",
      "When that configuration began to serve, in seconds since 1970."),
  SNAPSHOT_AGE(
      Type.GAUGE, "penstock_snapshot_age_seconds", "How long that configuration has been serving."),
  SNAPSHOT_HOSTS(Type.GAUGE, "penstock_snapshot_hosts", "Hosts of that configuration."),
  SNAPSHOT_ROUTES(Type.GAUGE, "penstock_snapshot_routes", "Its routes."),
  SNAPSHOT_UPSTREAMS(Type.GAUGE, "penstock_snapshot_upstreams", "Its upstreams."),
  SNAPSHOT_CERTIFICATES(
      Type.GAUGE,
      "penstock_snapshot_certificates",
      "Its certificates, as far as they can be served."),
  SNAPSHOT_COMPILES(
      Type.COUNTER,
      "penstock_snapshot_compiles",
      "Configurations that came to serve since the start."),
  SNAPSHOT_COMPILE_TIME(
      Type.GAUGE,
      "penstock_snapshot_compile_seconds",
      "How long the last one took, from being handed over to serving."),
  SNAPSHOT_REFUSED(
      Type.COUNTER,
      "penstock_snapshot_refusals",
      "Configurations that were refused, or could not be had, since the start."),
  SNAPSHOT_LAST_ERROR(
      Type.GAUGE,
      "penstock_snapshot_last_error",
      "1 when a later configuration was refused and the last good one serves on."),
  SNAPSHOT_FAILURE(
      Type.INFO, "penstock_snapshot_failure", "Why the last configuration was refused.", "reason"),
  DIAGNOSTICS(
      Type.GAUGE,
      "penstock_diagnostics",
      "What is wrong with the manifests now, by level; the log says each.",
      "level"),
  STATE_FAILING(
      Type.GAUGE,
      "penstock_state_write_failing",
      "1 while the last good state cannot be written to --state-dir."),
  LEADER(
      Type.GAUGE,
      "penstock_leader",
      "1 while this replica writes status and Events to the Kubernetes API."),
  UPSTREAM_ENDPOINTS(
      Type.GAUGE, "penstock_upstream_endpoints", "Endpoints of an upstream.", "upstream"),
  UPSTREAM_PAUSED(
      Type.GAUGE,
      "penstock_upstream_paused_endpoints",
      "Those of them that an event loop passes over, because it could not connect a moment ago.",
      "upstream"),
  UPSTREAM_OPEN(
      Type.GAUGE,
      "penstock_upstream_open_connections",
      "Open connections to an upstream.",
      "upstream"),
  UPSTREAM_IDLE(
      Type.GAUGE,
      "penstock_upstream_idle_connections",
      "Those of them that wait for a request.",
      "upstream"),
  UPSTREAM_WAITING(
      Type.GAUGE,
      "penstock_upstream_waiting_requests",
      "Requests that wait for a connection to an upstream.",
      "upstream"),
  UPSTREAM_OPENED(
      Type.COUNTER,
      "penstock_upstream_opened_connections",
      "Connections made to an upstream.",
      "upstream"),
  UPSTREAM_CONNECT_TIME(
      Type.COUNTER,
      "penstock_upstream_connect_seconds",
      "How long making them took, added up.",
      "upstream"),
  UPSTREAM_CLOSED(
      Type.COUNTER,
      "penstock_upstream_closed_connections",
      "Connections that were made and are gone.",
      "upstream"),
  UPSTREAM_WAITED(
      Type.COUNTER,
      "penstock_upstream_waited_requests",
      "Requests that had to wait for a connection, and do not any more.",
      "upstream"),
  UPSTREAM_WAIT_TIME(
      Type.COUNTER,
      "penstock_upstream_wait_seconds",
      "How long they waited, added up.",
      "upstream"),
  UPSTREAM_FAILURES(
      Type.COUNTER,
      "penstock_upstream_failures",
      "What went wrong with an upstream, by kind; kinds that did not occur are not shown.",
      "upstream",
      "kind"),
  UPSTREAM_RETRIES(
      Type.COUNTER, "penstock_upstream_retries", "Requests that were sent again.", "upstream"),
  UPSTREAM_RETRIES_REFUSED(
      Type.COUNTER,
      "penstock_upstream_refused_retries",
      "Requests that were not sent again because the retry budget was used up.",
      "upstream"),
  UPSTREAM_PAUSES(
      Type.COUNTER,
      "penstock_upstream_endpoint_pauses",
      "How often an event loop began to pass over an endpoint.",
      "upstream"),
  LISTENER_ACCEPTED(
      Type.COUNTER,
      "penstock_listener_accepted_connections",
      "Connections accepted from clients.",
      "listener"),
  LISTENER_OPEN(
      Type.GAUGE,
      "penstock_listener_open_connections",
      "Connections of clients that are open.",
      "listener"),
  LISTENER_CLOSED(
      Type.COUNTER,
      "penstock_listener_closed_connections",
      "Connections of clients that have ended, by reason.",
      "listener",
      "reason"),
  CONNECTIONS_MAX(
      Type.GAUGE,
      "penstock_listener_connections_max",
      "Connections of clients that may be open, of all listeners together."),
  ACCEPT_PAUSES(
      Type.COUNTER,
      "penstock_listener_accept_pauses",
      "Times that accepting stopped: so many connections as may be were open, or it failed.",
      "reason"),
  TLS_HANDSHAKES(
      Type.COUNTER,
      "penstock_tls_handshakes",
      "TLS handshakes that succeeded, by what was agreed on.",
      "protocol",
      "cipher"),
  TLS_FAILURES(
      Type.COUNTER,
      "penstock_tls_handshake_failures",
      "TLS handshakes that did not, by reason.",
      "reason"),
  TLS_DURATION(
      Type.HISTOGRAM,
      "penstock_tls_handshake_duration_seconds",
      "From a client's complete ClientHello to the end of its handshake."),
  CERTIFICATE_EXPIRY(
      Type.GAUGE,
      "penstock_certificate_expiry_timestamp_seconds",
      "When a certificate expires, in seconds since 1970.",
      "certificate"),
  LOOP_ALLOCATED(
      Type.COUNTER,
      "penstock_event_loop_allocated_bytes",
      "Bytes that the thread of an event loop has allocated on the heap.",
      "loop"),
  LOOP_CPU(
      Type.COUNTER,
      "penstock_event_loop_cpu_seconds",
      "Processor time that the thread of an event loop has used.",
      "loop"),
  LOOP_LAG(
      Type.HISTOGRAM,
      "penstock_event_loop_lag_seconds",
      "By how much the timer of an event loop came late; it ticks every 100 ms.",
      "loop"),
  BUFFERS_RESERVED(
      Type.GAUGE,
      "penstock_buffers_reserved_bytes",
      "Memory that the pool of buffers has taken, by area.",
      "area"),
  BUFFERS_USED(
      Type.GAUGE, "penstock_buffers_used_bytes", "Memory of it that buffers hold now.", "area"),
  NGINX_CONFIG_HASH(
      Type.GAUGE,
      "nginx_ingress_controller_config_hash",
      "Of the configuration that serves: equal ones have the same."),
  NGINX_RELOAD_SUCCESSFUL(
      Type.GAUGE,
      "nginx_ingress_controller_config_last_reload_successful",
      "0 when a later configuration was refused, or none serves yet."),
  NGINX_RELOAD_TIMESTAMP(
      Type.GAUGE,
      "nginx_ingress_controller_config_last_reload_successful_timestamp_seconds",
      "When the configuration that serves began to, in seconds since 1970."),
  NGINX_LEADER(
      Type.GAUGE,
      "nginx_ingress_controller_leader_election_status",
      "1 while this replica leads, by the name of the election.",
      "name"),
  NGINX_SUCCESS(
      Type.UNTYPED,
      "nginx_ingress_controller_success",
      "Configurations that began to serve since the start (a counter)."),
  NGINX_ERRORS(
      Type.UNTYPED,
      "nginx_ingress_controller_errors",
      "Configurations that were refused, or could not be had, since the start (a counter)."),
  NGINX_SSL_EXPIRY(
      Type.GAUGE,
      "nginx_ingress_controller_ssl_expire_time_seconds",
      "When the certificate of a host expires, in seconds since 1970.",
      "namespace",
      "class",
      "host",
      "secret_name",
      "identifier"),
  NGINX_SSL_INFO(
      Type.INFO,
      "nginx_ingress_controller_ssl_certificate",
      "What the certificate of a host is.",
      "namespace",
      "class",
      "host",
      "secret_name",
      "identifier",
      "issuer_organization",
      "issuer_common_name",
      "serial_number",
      "public_key_algorithm"),
  NGINX_BUILD(Type.INFO, "nginx_ingress_controller_build", "What is running.", "release", "build"),
  NGINX_CONNECTIONS(
      Type.GAUGE,
      "nginx_ingress_controller_nginx_process_connections",
      "Connections of clients that are open (active), and requests under way (writing).",
      "state"),
  NGINX_CONNECTIONS_TOTAL(
      Type.UNTYPED,
      "nginx_ingress_controller_nginx_process_connections_total",
      "Connections accepted from clients; every one is handled (a counter).",
      "state"),
  NGINX_REQUESTS_TOTAL(
      Type.COUNTER, "nginx_ingress_controller_nginx_process_requests", "Requests that have ended."),
  NGINX_PROCESSES(Type.GAUGE, "nginx_ingress_controller_nginx_process_num_procs", "Always 1."),
  NGINX_START_TIME(
      Type.GAUGE,
      "nginx_ingress_controller_nginx_process_oldest_start_time_seconds",
      "When the process began, in seconds since 1970."),
  NGINX_RESIDENT(
      Type.GAUGE,
      "nginx_ingress_controller_nginx_process_resident_memory_bytes",
      "Memory of the process that is in the machine's memory."),
  NGINX_VIRTUAL(
      Type.GAUGE,
      "nginx_ingress_controller_nginx_process_virtual_memory_bytes",
      "Address space of the process."),
  NGINX_CPU(
      Type.COUNTER,
      "nginx_ingress_controller_nginx_process_cpu_seconds",
      "Processor time that the process has used."),
  NGINX_READ(
      Type.COUNTER,
      "nginx_ingress_controller_nginx_process_read_bytes",
      "Bytes that the process has read from disks."),
  NGINX_WRITTEN(
      Type.COUNTER,
      "nginx_ingress_controller_nginx_process_write_bytes",
      "Bytes that the process has written to disks."),
  BUILD(Type.INFO, "penstock_build", "What is running.", "version", "revision");

  /** How a metric is shown. */
  public enum Type {
    COUNTER("_total"),
    GAUGE(""),
    HISTOGRAM(""),
    /** A counter whose name does not end in {@code _total}, which Prometheus reads all the same. */
    UNTYPED(""),
    INFO("_info");

    private final String suffix;

    Type(String suffix) {
      this.suffix = suffix;
    }
  }

  private final Type type;
  private final String base;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  Metric(Type type, String base, String help, String... labels) {
    this.type = type;
    this.base = base;
    this.help = help;
    this.labels = List.of(labels);
  }

  public Type type() {
    return type;
  }

  /** As a scrape shows it; a histogram's series have further endings. */
  public String exposedName() {
    return base + type.suffix;
  }

  public String help() {
    return help;
  }

  /** Names of its labels; those of a controller in a cluster are not among them. */
  public List<String> labels() {
    return labels;
  }

  /** Without the ending that the exposition adds by itself. */
  String base() {
    return base;
  }
}

package dev.penstock.core.observe;

/** Every metric that the gateway makes itself: what the scrape shows and what the manual lists. */
public enum Metric {
  REQUESTS(Type.COUNTER, "penstock_requests", "Requests that have ended."),
  REQUEST_DURATION(
      Type.HISTOGRAM,
      "penstock_request_duration_seconds",
      "From a request's first byte to the last byte of its answer."),
  REQUEST_BYTES(
      Type.COUNTER,
      "penstock_request_bytes",
      "Bytes of request lines, fields and bodies received."),
  RESPONSE_BYTES(Type.COUNTER, "penstock_response_bytes", "Bytes sent to clients."),
  REQUESTS_IN_FLIGHT(
      Type.GAUGE, "penstock_requests_in_flight", "Requests that were routed and have not ended."),
  RESPONSE_FLAGS(
      Type.COUNTER,
      "penstock_response_flags",
      "Exchanges whose end the gateway decided, by response flag."),
  NGINX_REQUESTS(
      Type.UNTYPED, "nginx_ingress_controller_requests", "Requests that have ended (a counter)."),
  NGINX_REQUEST_DURATION(
      Type.HISTOGRAM,
      "nginx_ingress_controller_request_duration_seconds",
      "From a request's first byte to the last byte of its answer."),
  DROPPED_SERIES(
      Type.GAUGE,
      "penstock_metrics_dropped_series",
      "Series that had no place any more; their requests are counted in ingress __overflow__."),
  SERIES(Type.GAUGE, "penstock_metrics_series", "Series of routes in use, of at most 50,000."),
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
  SNAPSHOT_LAST_ERROR(
      Type.GAUGE,
      "penstock_snapshot_last_error",
      "1 when a later configuration was refused and the last good one serves on."),
  SNAPSHOT_FAILURE(
      Type.INFO, "penstock_snapshot_failure", "Why the last configuration was refused."),
  DIAGNOSTICS(
      Type.GAUGE,
      "penstock_diagnostics",
      "What is wrong with the manifests now, by level; the log says each."),
  UPSTREAM_ENDPOINTS(Type.GAUGE, "penstock_upstream_endpoints", "Endpoints of an upstream."),
  UPSTREAM_OPEN(
      Type.GAUGE, "penstock_upstream_open_connections", "Open connections to an upstream."),
  UPSTREAM_IDLE(
      Type.GAUGE, "penstock_upstream_idle_connections", "Those of them that wait for a request."),
  UPSTREAM_WAITING(
      Type.GAUGE,
      "penstock_upstream_waiting_requests",
      "Requests that wait for a connection to an upstream."),
  LOOP_ALLOCATED(
      Type.COUNTER,
      "penstock_event_loop_allocated_bytes",
      "Bytes that the thread of an event loop has allocated on the heap."),
  LOOP_CPU(
      Type.COUNTER,
      "penstock_event_loop_cpu_seconds",
      "Processor time that the thread of an event loop has used."),
  BUILD(Type.INFO, "penstock_build", "What is running.");

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

  Metric(Type type, String base, String help) {
    this.type = type;
    this.base = base;
    this.help = help;
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

  /** Without the ending that the exposition adds by itself. */
  String base() {
    return base;
  }
}

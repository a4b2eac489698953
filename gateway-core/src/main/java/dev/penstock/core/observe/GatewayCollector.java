package dev.penstock.core.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.function.BooleanSupplier;

/**
 * Reads cells and states at a scrape. Not by Micrometer, because its counters always end in {@code
 * _total}, which {@code nginx_ingress_controller_requests} must not.
 */
final class GatewayCollector {
  private final Exposition.Sources sources;

  GatewayCollector(Exposition.Sources sources) {
    this.sources = sources;
  }

  Families collect() {
    Families families = new Families();
    new RouteCollector(sources, families).collect();
    RouteMeterTable routes = sources.routes();
    for (ResponseFlag flag : ResponseFlag.values()) {
      if (flag == ResponseFlag.NONE) continue;
      families.add(Metric.RESPONSE_FLAGS, Labels.of("flag", flag.code()), routes.flagged(flag));
    }
    families.add(Metric.SERIES, routes.series());
    families.add(Metric.DROPPED_SERIES, routes.droppedSeries());
    families.add(Metric.ACCESS_LOG_LINES, sources.accessLog().writtenLines());
    families.add(Metric.ACCESS_LOG_BYTES, sources.accessLog().writtenBytes());
    families.add(Metric.ACCESS_LOG_DROPPED, sources.accessLog().droppedLines());
    state(families);
    new PlaneCollector(sources.dataPlane(), families).collect();
    if (routes.options().mode().ingressNginxNames())
      new NginxCollector(sources, families).collect();
    Exposition.Build build = sources.build();
    Labels labels = Labels.of("version", build.version(), "revision", build.revision());
    families.add(Metric.BUILD, labels, 1);
    return families;
  }

  private void state(Families families) {
    ServingState.Moment now = sources.state().now();
    families.add(Metric.READY, now.ready() ? 1 : 0);
    families.add(Metric.SNAPSHOT_VERSION, now.version());
    families.add(Metric.SNAPSHOT_TIMESTAMP, now.sinceEpochMillis() / 1000.0);
    families.add(Metric.SNAPSHOT_AGE, sources.state().ageSeconds(now));
    String error = now.error();
    families.add(Metric.SNAPSHOT_REFUSED, sources.state().refusals());
    families.add(Metric.SNAPSHOT_LAST_ERROR, error == null ? 0 : 1);
    if (error != null) {
      families.add(Metric.SNAPSHOT_FAILURE, Labels.of("reason", now.errorLabel()), 1);
    }
    families.add(Metric.DIAGNOSTICS, Labels.of("level", "error"), now.errors());
    families.add(Metric.DIAGNOSTICS, Labels.of("level", "warning"), now.warnings());
    BooleanSupplier savingFails = sources.state().savingFails();
    if (savingFails != null) {
      families.add(Metric.STATE_FAILING, savingFails.getAsBoolean() ? 1 : 0);
    }
    ServingState.Leader leader = sources.state().leader();
    if (leader != null) families.add(Metric.LEADER, leader.leads() ? 1 : 0);
  }
}

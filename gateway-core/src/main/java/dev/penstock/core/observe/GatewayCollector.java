package dev.penstock.core.observe;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads cells and states at a scrape. A collector of its own, because Micrometer's counters always
 * end in {@code _total}, which {@code nginx_ingress_controller_requests} must not.
 */
final class GatewayCollector implements MultiCollector {
  private final Exposition.Sources sources;

  GatewayCollector(Exposition.Sources sources) {
    this.sources = sources;
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families();
    routes(families);
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
    Exposition.Build build = sources.build();
    Labels labels = Labels.of("version", build.version(), "revision", build.revision());
    families.add(Metric.BUILD, labels, 1);
    return families.toSnapshots();
  }

  private void routes(Families families) {
    MetricsMode mode = sources.routes().mode();
    Map<Labels, RouteMeters.Totals> byRoute = new LinkedHashMap<>();
    Map<Labels, RouteMeters.Totals> byPair = new LinkedHashMap<>();
    Map<Labels, RouteMeters.Totals> byNginxPair = new LinkedHashMap<>();
    for (RouteMeters meters : sources.routes().shown()) {
      RouteIdentity.Names names = meters.identity().names();
      Labels own = nativeLabels(names);
      for (int pair : meters.grantedPairs()) {
        RouteMeters.Totals totals = meters.totals(pair);
        String status = RouteMeters.statusOf(pair);
        String method = RouteMeters.methodOf(pair);
        sum(byRoute, own).add(totals);
        sum(byPair, own.merge(Labels.of("status", status, "method", method))).add(totals);
        sum(byNginxPair, nginxLabels(names, status, method)).add(totals);
      }
      RouteMeters.Totals all = byRoute.get(own);
      if (all != null) all.inFlight += meters.inFlight();
    }
    if (mode.nativeNames()) nativeRoutes(byRoute, byPair, families);
    if (!mode.ingressNginxNames()) return;
    byNginxPair.forEach((labels, totals) -> {
      families.add(Metric.NGINX_REQUESTS, labels, totals.count());
      families.add(Metric.NGINX_REQUEST_DURATION, labels, totals.durations());
    });
  }

  /**
   * Routes whose labels are equal are one series: such as two ports of one Service, which
   * ingress-nginx's labels do not tell apart. A scrape with a series twice would be refused whole.
   */
  private static RouteMeters.Totals sum(Map<Labels, RouteMeters.Totals> sums, Labels labels) {
    return sums.computeIfAbsent(labels, key -> new RouteMeters.Totals());
  }

  private static void nativeRoutes(
      Map<Labels, RouteMeters.Totals> byRoute,
      Map<Labels, RouteMeters.Totals> byPair,
      Families families) {
    byPair.forEach((labels, totals) -> families.add(Metric.REQUESTS, labels, totals.count()));
    byRoute.forEach((labels, totals) -> {
      families.add(Metric.REQUEST_DURATION, labels, totals.durations());
      families.add(Metric.REQUEST_BYTES, labels, totals.requestBytes);
      families.add(Metric.RESPONSE_BYTES, labels, totals.sentBytes);
      families.add(Metric.REQUESTS_IN_FLIGHT, labels, totals.inFlight);
    });
  }

  private static Labels nativeLabels(RouteIdentity.Names names) {
    return Labels.of(
        "host", names.host(),
        "path", names.path(),
        "namespace", names.namespace(),
        "ingress", names.ingress(),
        "service", names.service(),
        "service_port", names.servicePort());
  }

  private Labels nginxLabels(RouteIdentity.Names names, String status, String method) {
    List<String> labels = new ArrayList<>(22);
    labels.addAll(List.of("host", names.host(), "status", status, "method", method));
    labels.addAll(List.of("path", names.path(), "namespace", names.namespace()));
    labels.addAll(List.of("ingress", names.ingress(), "service", names.service(), "canary", ""));
    ControllerLabels controller = sources.controller();
    addUnlessEmpty(labels, "controller_namespace", controller.namespace());
    addUnlessEmpty(labels, "controller_class", controller.controllerClass());
    addUnlessEmpty(labels, "controller_pod", controller.pod());
    return Labels.of(labels.toArray(String[]::new));
  }

  private static void addUnlessEmpty(List<String> labels, String name, String value) {
    if (!value.isEmpty()) labels.addAll(List.of(name, value));
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
    if (error != null) families.add(Metric.SNAPSHOT_FAILURE, Labels.of("reason", error), 1);
    families.add(Metric.DIAGNOSTICS, Labels.of("level", "error"), now.errors());
    families.add(Metric.DIAGNOSTICS, Labels.of("level", "warning"), now.warnings());
  }
}

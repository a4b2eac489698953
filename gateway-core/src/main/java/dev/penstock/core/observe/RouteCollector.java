package dev.penstock.core.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The series of the routes. Routes whose labels are equal are one series, such as two ports of one
 * Service, which ingress-nginx's labels do not tell apart: a scrape with a series twice would be
 * refused whole.
 */
final class RouteCollector {
  private final Exposition.Sources sources;
  private final Families families;
  private final Labels constant;

  private final Map<Labels, RouteMeters.Totals> byRoute = new LinkedHashMap<>();
  private final Map<Labels, RouteMeters.Totals> byPair = new LinkedHashMap<>();
  private final Map<Labels, RouteMeters.Totals> byNginxPair = new LinkedHashMap<>();
  private final Map<Labels, RouteMeters.Totals> byNginxMethod = new LinkedHashMap<>();

  RouteCollector(Exposition.Sources sources, Families families) {
    this.sources = sources;
    this.families = families;
    this.constant = sources.controller().labels();
  }

  void collect() {
    sources.routes().shown().forEach(this::add);
    MetricsMode mode = sources.routes().options().mode();
    if (mode.nativeNames()) penstock();
    if (mode.ingressNginxNames()) ingressNginx();
  }

  private void add(RouteMeters meters) {
    RouteIdentity.Names names = meters.identity().names();
    Labels own =
        Labels.of(
            "host", names.host(),
            "path", names.path(),
            "namespace", names.namespace(),
            "ingress", names.ingress(),
            "service", names.service(),
            "service_port", names.servicePort());
    Labels nginx =
        constant.merge(
            Labels.of(
                "host", names.host(),
                "path", names.path(),
                "namespace", names.namespace(),
                "ingress", names.ingress(),
                "service", names.service(),
                "canary", ""));
    for (int pair : meters.grantedPairs()) {
      RouteMeters.Totals totals = meters.totals(pair);
      Labels method = Labels.of("method", RouteMeters.methodOf(pair));
      Labels statusAndMethod = method.add("status", RouteMeters.statusOf(pair));
      sum(byRoute, own, totals);
      sum(byPair, own.merge(statusAndMethod), totals);
      sum(byNginxPair, nginx.merge(statusAndMethod), totals);
      sum(byNginxMethod, nginx.merge(method), totals);
    }
    RouteMeters.Totals all = byRoute.get(own);
    if (all != null) all.inFlight += meters.inFlight();
  }

  private void sum(Map<Labels, RouteMeters.Totals> sums, Labels labels, RouteMeters.Totals totals) {
    sums.computeIfAbsent(labels, key -> new RouteMeters.Totals(sources.routes().layout()))
        .add(totals);
  }

  private void penstock() {
    byPair.forEach((labels, totals) -> families.add(Metric.REQUESTS, labels, totals.count()));
    byRoute.forEach((labels, totals) -> {
      families.add(Metric.REQUEST_DURATION, labels, totals.durations());
      families.add(Metric.REQUEST_BYTES, labels, totals.requestBytes());
      families.add(Metric.RESPONSE_BYTES, labels, totals.sentBytes());
      families.add(Metric.REQUESTS_IN_FLIGHT, labels, totals.inFlight);
    });
  }

  private void ingressNginx() {
    byNginxPair.forEach((labels, totals) -> {
      families.add(Metric.NGINX_REQUESTS, labels, totals.count());
      families.add(Metric.NGINX_REQUEST_DURATION, labels, totals.durations());
    });
    boolean all = sources.routes().options().allHistograms();
    byNginxMethod.forEach((labels, totals) -> {
      families.add(Metric.NGINX_RESPONSE_DURATION, labels, totals.responses());
      families.addBytes(Metric.NGINX_REQUEST_SIZE, labels, totals.requestLengths());
      families.addBytes(Metric.NGINX_RESPONSE_SIZE, labels, totals.sentLengths());
      if (!all) return;
      families.add(Metric.NGINX_HEADER_DURATION, labels, totals.headers());
      families.add(Metric.NGINX_CONNECT_DURATION, labels, totals.connects());
      families.addBytes(Metric.NGINX_BYTES_SENT, labels, totals.sentSizes());
    });
  }
}

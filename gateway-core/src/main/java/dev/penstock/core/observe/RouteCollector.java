package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;
import dev.penstock.core.observe.RouteMeters.Totals;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The series of the routes. Routes whose labels are equal are one series, such as two ports of one
 * Service, which ingress-nginx's labels do not tell apart: a scrape with a series twice would be
 * refused whole.
 *
 * <p>They are most of a scrape. So each family is found, read and written for itself, and not even
 * the labels of the others are in memory meanwhile.
 */
final class RouteCollector {
  private final RouteMeterTable routes;
  private final Families families;
  private final Labels constant;

  RouteCollector(Exposition.Sources sources, Families families) {
    this.routes = sources.routes();
    this.families = families;
    this.constant = sources.controller().labels();
  }

  void collect() {
    MetricsMode mode = routes.options().mode();
    if (mode.nativeNames()) penstock();
    if (mode.ingressNginxNames()) ingressNginx();
  }

  private void penstock() {
    counts(Metric.REQUESTS, this::ownPair, Totals::count);
    times(Metric.REQUEST_DURATION, this::own, Totals::durations);
    counts(Metric.REQUEST_BYTES, this::own, Totals::requestBytes);
    counts(Metric.RESPONSE_BYTES, this::own, Totals::sentBytes);
    each(
        Metric.REQUESTS_IN_FLIGHT,
        this::own,
        (family, series) -> family.add(series.labels, series.inFlight()));
  }

  private void ingressNginx() {
    counts(Metric.NGINX_REQUESTS, this::nginxPair, Totals::count);
    times(Metric.NGINX_REQUEST_DURATION, this::nginxPair, Totals::durations);
    times(Metric.NGINX_RESPONSE_DURATION, this::nginxMethod, Totals::responses);
    sizes(Metric.NGINX_REQUEST_SIZE, Totals::requestLengths);
    sizes(Metric.NGINX_RESPONSE_SIZE, Totals::sentLengths);
    if (!routes.options().allHistograms()) return;
    times(Metric.NGINX_HEADER_DURATION, this::nginxMethod, Totals::headers);
    times(Metric.NGINX_CONNECT_DURATION, this::nginxMethod, Totals::connects);
    sizes(Metric.NGINX_BYTES_SENT, Totals::sentSizes);
  }

  /** The labels of a route, or of one of its pairs of status and method. */
  private interface Naming {
    Labels labels(RouteIdentity.Names names, int pair);
  }

  private Labels own(RouteIdentity.Names names, int pair) {
    return Labels.of(
        "host", names.host(),
        "path", names.path(),
        "namespace", names.namespace(),
        "ingress", names.ingress(),
        "service", names.service(),
        "service_port", names.servicePort());
  }

  private Labels ownPair(RouteIdentity.Names names, int pair) {
    return own(names, pair).merge(statusAndMethod(pair));
  }

  private static Labels statusAndMethod(int pair) {
    return Labels.of("status", RouteMeters.statusOf(pair), "method", RouteMeters.methodOf(pair));
  }

  private Labels nginx(RouteIdentity.Names names) {
    return constant.merge(
        Labels.of(
            "host", names.host(),
            "path", names.path(),
            "namespace", names.namespace(),
            "ingress", names.ingress(),
            "service", names.service(),
            "canary", ""));
  }

  private Labels nginxPair(RouteIdentity.Names names, int pair) {
    return nginx(names).merge(statusAndMethod(pair));
  }

  private Labels nginxMethod(RouteIdentity.Names names, int pair) {
    return nginx(names).add("method", RouteMeters.methodOf(pair));
  }

  /**
   * What a route counted for a pair.
   *
   * @param same what else is counted in this series; what one route counted stands together
   */
  private record Series(Labels labels, RouteMeters meters, int pair, @Nullable Series same) {
    static Series joined(Series before, Series one) {
      return new Series(one.labels, one.meters, one.pair, before);
    }

    Totals totals() {
      Totals totals = meters.totals(pair);
      for (Series each = same; each != null; each = each.same) {
        totals.add(each.meters.totals(each.pair));
      }
      return totals;
    }

    long inFlight() {
      long sum = meters.inFlight();
      for (Series each = this; each.same != null; each = each.same) {
        if (each.same.meters != each.meters) sum += each.same.meters.inFlight();
      }
      return sum;
    }
  }

  private List<Series> series(Naming naming) {
    Map<Labels, Series> byLabels = new TreeMap<>();
    for (RouteMeters meters : routes.shown()) {
      for (int pair : meters.grantedPairs()) {
        Labels labels = naming.labels(meters.identity().names(), pair);
        byLabels.merge(labels, new Series(labels, meters, pair, null), Series::joined);
      }
    }
    return List.copyOf(byLabels.values());
  }

  private void each(Metric metric, Naming naming, BiConsumer<Family, Series> add) {
    families.each(metric, () -> series(naming), add);
  }

  private void counts(Metric metric, Naming naming, ToLongFunction<Totals> count) {
    each(
        metric,
        naming,
        (family, series) -> family.add(series.labels, count.applyAsLong(series.totals())));
  }

  private void times(Metric metric, Naming naming, Function<Totals, Histogram.Reading> nanos) {
    each(
        metric,
        naming,
        (family, series) -> family.add(series.labels, nanos.apply(series.totals())));
  }

  private void sizes(Metric metric, Function<Totals, Histogram.Reading> bytes) {
    each(
        metric,
        this::nginxMethod,
        (family, series) -> family.addBytes(series.labels, bytes.apply(series.totals())));
  }
}

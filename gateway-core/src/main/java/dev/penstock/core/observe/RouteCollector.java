package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;
import dev.penstock.core.observe.RouteIdentity.Names;
import dev.penstock.core.observe.RouteMeters.Totals;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
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
 * <p>They are most of a scrape. So each family is found, read and written for itself, and labels
 * are made for a part of it only.
 */
final class RouteCollector {
  /** The order of labels is that of their names: host, ingress, method, namespace, path, … */
  private static final Comparator<Series> HOST = by(Names::host).thenComparing(by(Names::ingress));

  private static final Comparator<Series> METHOD =
      Comparator.comparing(each -> RouteMeters.methodOf(each.pair));
  private static final Comparator<Series> SERVICE =
      by(Names::namespace).thenComparing(by(Names::path)).thenComparing(by(Names::service));
  private static final Comparator<Series> PORT = by(Names::servicePort);
  private static final Comparator<Series> STATUS =
      Comparator.comparing(each -> RouteMeters.statusOf(each.pair));

  private static Comparator<Series> by(Function<Names, String> part) {
    return Comparator.comparing(each -> part.apply(each.names()));
  }

  private final RouteMeterTable routes;
  private final Families families;
  private final Labels constant;
  private final Naming own = new Naming(HOST.thenComparing(SERVICE).thenComparing(PORT), this::own);
  private final Naming ownPair =
      new Naming(
          HOST.thenComparing(METHOD)
              .thenComparing(SERVICE)
              .thenComparing(PORT)
              .thenComparing(STATUS),
          this::ownPair);
  private final Naming nginxPair =
      new Naming(
          HOST.thenComparing(METHOD).thenComparing(SERVICE).thenComparing(STATUS), this::nginxPair);
  private final Naming nginxMethod =
      new Naming(HOST.thenComparing(METHOD).thenComparing(SERVICE), this::nginxMethod);

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
    counts(Metric.REQUESTS, ownPair, Totals::count);
    times(Metric.REQUEST_DURATION, own, Totals::durations);
    counts(Metric.REQUEST_BYTES, own, Totals::requestBytes);
    counts(Metric.RESPONSE_BYTES, own, Totals::sentBytes);
    families.each(
        Metric.REQUESTS_IN_FLIGHT,
        this::inFlight,
        (family, place) -> family.add(own(place.getKey()), place.getValue()));
  }

  private void ingressNginx() {
    counts(Metric.NGINX_REQUESTS, nginxPair, Totals::count);
    times(Metric.NGINX_REQUEST_DURATION, nginxPair, Totals::durations);
    times(Metric.NGINX_RESPONSE_DURATION, nginxMethod, Totals::responses);
    sizes(Metric.NGINX_REQUEST_SIZE, Totals::requestLengths);
    sizes(Metric.NGINX_RESPONSE_SIZE, Totals::sentLengths);
    if (!routes.options().allHistograms()) return;
    times(Metric.NGINX_HEADER_DURATION, nginxMethod, Totals::headers);
    times(Metric.NGINX_CONNECT_DURATION, nginxMethod, Totals::connects);
    sizes(Metric.NGINX_BYTES_SENT, Totals::sentSizes);
  }

  /**
   * The labels of a route, or of one of its pairs of status and method.
   *
   * @param order that of the labels; nothing where they are equal
   */
  private record Naming(Comparator<Series> order, Function<Series, Labels> labels) {}

  private Labels own(Series series) {
    Names names = series.names();
    return Labels.of(
        "host", names.host(),
        "path", names.path(),
        "namespace", names.namespace(),
        "ingress", names.ingress(),
        "service", names.service(),
        "service_port", names.servicePort());
  }

  private Labels ownPair(Series series) {
    return own(series).merge(statusAndMethod(series.pair));
  }

  private static Labels statusAndMethod(int pair) {
    return Labels.of("status", RouteMeters.statusOf(pair), "method", RouteMeters.methodOf(pair));
  }

  private Labels nginx(Series series) {
    Names names = series.names();
    return constant.merge(
        Labels.of(
            "host", names.host(),
            "path", names.path(),
            "namespace", names.namespace(),
            "ingress", names.ingress(),
            "service", names.service(),
            "canary", ""));
  }

  private Labels nginxPair(Series series) {
    return nginx(series).merge(statusAndMethod(series.pair));
  }

  private Labels nginxMethod(Series series) {
    return nginx(series).add("method", RouteMeters.methodOf(series.pair));
  }

  /**
   * What a route counted for a pair.
   *
   * @param same what else is counted in this series; what one route counted stands together
   */
  private record Series(RouteMeters meters, int pair, @Nullable Series same) {
    static Series joined(Series before, Series one) {
      return new Series(one.meters, one.pair, before);
    }

    Names names() {
      return meters.identity().names();
    }

    Totals totals() {
      Totals totals = meters.totals(pair);
      for (Series each = same; each != null; each = each.same) {
        totals.add(each.meters.totals(each.pair));
      }
      return totals;
    }
  }

  private List<Series> series(Naming naming) {
    Map<Series, Series> sorted = new TreeMap<>(naming.order);
    for (RouteMeters meters : routes.shown()) {
      for (int pair : meters.grantedPairs()) {
        Series one = new Series(meters, pair, null);
        sorted.merge(one, one, Series::joined);
      }
    }
    return List.copyOf(sorted.values());
  }

  /** One for each name of a route; what has no series of its own is the overflow route's. */
  private List<Map.Entry<Series, Long>> inFlight() {
    Map<Series, Long> sorted = new TreeMap<>(own.order);
    for (RouteMeters meters : routes.shown()) {
      long count = meters.inFlight();
      if (count == 0 && !meters.isShown()) continue;
      RouteMeters place = meters.isShown() ? meters : routes.overflow();
      sorted.merge(new Series(place, 0, null), count, Long::sum);
    }
    return List.copyOf(sorted.entrySet());
  }

  private void each(Metric metric, Naming naming, BiConsumer<Family, Series> add) {
    families.each(metric, () -> series(naming), add);
  }

  private void counts(Metric metric, Naming naming, ToLongFunction<Totals> count) {
    each(
        metric,
        naming,
        (family, series) ->
            family.add(naming.labels.apply(series), count.applyAsLong(series.totals())));
  }

  private void times(Metric metric, Naming naming, Function<Totals, Histogram.Reading> nanos) {
    each(
        metric,
        naming,
        (family, series) -> family.add(naming.labels.apply(series), nanos.apply(series.totals())));
  }

  private void sizes(Metric metric, Function<Totals, Histogram.Reading> bytes) {
    each(
        metric,
        nginxMethod,
        (family, series) -> family.addBytes(nginxMethod(series), bytes.apply(series.totals())));
  }
}

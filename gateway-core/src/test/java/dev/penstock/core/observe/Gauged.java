package dev.penstock.core.observe;

import dev.penstock.testkit.VirtualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Everything that a scrape reads, with a clock to turn. */
final class Gauged implements AutoCloseable {
  final VirtualClock clock = new VirtualClock();
  private final long startNanos = clock.getAsLong();
  final ServingState state =
      new ServingState(
          () -> Samples.START_EPOCH_MILLIS + (clock.getAsLong() - startNanos) / 1_000_000);
  final FakePlane plane = new FakePlane();
  final RouteMeterTable routes;
  final Exposition exposition;

  Gauged(MetricsMode mode, ControllerLabels labels, int seriesMax) {
    routes = new RouteMeterTable(1, mode, seriesMax);
    exposition =
        new Exposition(
            new Exposition.Sources(
                routes,
                AccessLog.off(1),
                state,
                plane,
                labels,
                new Exposition.Build("1.2.3", "abcdef")),
            clock);
  }

  Gauged() {
    this(MetricsMode.BOTH, ControllerLabels.none(), RouteMeterTable.SERIES_MAX);
  }

  /** A request of a route that is compiled for it; returns what the route holds. */
  RouteMeters hit(RouteIdentity route, String requestLine, int status, Duration duration) {
    RouteMeters meters = routes.acquire(route);
    RouteMeters.Cell cell = meters.cell(0);
    cell.begin();
    cell.record(Samples.answered(requestLine, status, duration.toNanos()));
    return meters;
  }

  String text() {
    try {
      return new String(exposition.scrape().text(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  PrometheusText scrape() {
    clock.advance(Duration.ofSeconds(1));
    return PrometheusText.parse(text());
  }

  @Override
  public void close() {
    exposition.close();
  }
}

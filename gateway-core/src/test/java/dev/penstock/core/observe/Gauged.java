package dev.penstock.core.observe;

import dev.penstock.testkit.VirtualClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

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
    this(new MetricsOptions(mode, false, seriesMax), labels);
  }

  Gauged(MetricsOptions options, ControllerLabels labels) {
    routes = new RouteMeterTable(1, options);
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
    this(MetricsOptions.DEFAULT, ControllerLabels.none());
  }

  /** A request of a route that is compiled for it; returns what the route holds. */
  RouteMeters hit(RouteIdentity route, String requestLine, int status, Duration duration) {
    return hit(route, Samples.answered(requestLine, status, duration.toNanos()));
  }

  RouteMeters hit(RouteIdentity route, ExchangeRecord exchange) {
    RouteMeters meters = routes.acquire(route);
    RouteMeters.Cell cell = meters.cell(0);
    cell.begin();
    cell.record(exchange);
    return meters;
  }

  String text() {
    try (var page = new GZIPInputStream(new ByteArrayInputStream(exposition.scrape()))) {
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
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

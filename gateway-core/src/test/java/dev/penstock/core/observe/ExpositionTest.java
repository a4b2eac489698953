package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  /** Of a name, which the order leaves out. */
  private static final String ENDING = "_(total|info)$";

  private static final String GET = "GET / HTTP/1.1";

  @Test
  void aRequestIsShownUnderBothNames() {
    try (Gauged gateway = new Gauged()) {
      gateway.hit(Samples.route("a.test", "/x"), GET, 200, Duration.ofMillis(30));
      PrometheusText text = gateway.scrape();
      String labels =
          "ingress=\"front\",method=\"GET\",namespace=\"shop\",path=\"/x\",service=\"web\"";
      String own = "{host=\"a.test\"," + labels + ",service_port=\"http\",status=\"200\"}";
      String nginx = "{canary=\"\",host=\"a.test\"," + labels + ",status=\"200\"}";
      assertThat(text.types)
          .containsEntry("penstock_requests_total", "counter")
          .containsEntry("nginx_ingress_controller_requests", "untyped")
          .containsEntry("nginx_ingress_controller_request_duration_seconds", "histogram");
      assertThat(text.samples)
          .containsEntry("penstock_requests_total" + own, 1.0)
          .containsEntry("nginx_ingress_controller_requests" + nginx, 1.0)
          .containsEntry("nginx_ingress_controller_request_duration_seconds_sum" + nginx, 0.03);
    }
  }

  @Test
  void theBucketsAreThoseOfIngressNginx() {
    try (Gauged gateway = new Gauged()) {
      gateway.hit(Samples.route("a.test", "/x"), GET, 200, Duration.ofMillis(30));
      assertThat(gateway.scrape().samples.keySet())
          .filteredOn(series -> series.startsWith("nginx_ingress_controller_request_duration"))
          .filteredOn(series -> series.contains("_bucket"))
          .extracting(series -> series.replaceAll(".*le=\"([^\"]*)\".*", "$1"))
          .containsExactly(
              "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0",
              "+Inf");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theModeDecidesTheNames(boolean allHistograms) {
    for (MetricsMode mode : MetricsMode.values()) {
      MetricsOptions options = new MetricsOptions(mode, allHistograms, 1000);
      try (Gauged gateway = new Gauged(options, ControllerLabels.none())) {
        gateway.hit(Samples.route("a.test", "/x"), GET, 200, MILLI);
        gateway.hit(Samples.route("a.test", "/x"), GET, 404, MILLI);
        gateway.hit(Samples.route("a.test", "/x"), "PUT / HTTP/1.1", 404, MILLI);
        PrometheusText text = gateway.scrape();
        assertThat(text.types.containsKey("penstock_requests_total")).isEqualTo(mode.nativeNames());
        assertThat(text.types.containsKey("nginx_ingress_controller_requests"))
            .isEqualTo(mode.ingressNginxNames());
        long series =
            text.samples.keySet().stream().filter(each -> each.contains("a.test")).count();
        assertThat(series).as("series counted in " + mode).isEqualTo(gateway.routes.series());
      }
    }
  }

  @Test
  void theControllerLabelsStandOnTheCompatibleSeriesOnly() {
    ControllerLabels labels = new ControllerLabels("edge", "k8s.io/ingress-nginx", "pod-1");
    try (Gauged gateway = new Gauged(MetricsMode.BOTH, labels, 1000)) {
      gateway.hit(Samples.route("a.test", "/x"), GET, 200, MILLI);
      assertThat(gateway.scrape().samples.keySet())
          .filteredOn(series -> series.contains("controller_pod=\"pod-1\""))
          .isNotEmpty()
          .allMatch(series -> series.startsWith("nginx_ingress_controller_"))
          .allMatch(series -> series.contains("controller_class=\"k8s.io/ingress-nginx\""))
          .allMatch(series -> series.contains("controller_namespace=\"edge\""));
    }
  }

  @Test
  void routesThatTheLabelsDoNotTellApartAreAddedUp() {
    try (Gauged gateway = new Gauged()) {
      for (String port : new String[] {"80", "81"}) {
        var names =
            new RouteIdentity.Names(
                "a.test", "/", "shop", "front", "web", port, "shop-web-" + port);
        gateway.hit(new RouteIdentity(names), GET, 200, MILLI);
      }
      assertThat(gateway.scrape().samples)
          .containsEntry(
              "nginx_ingress_controller_requests{canary=\"\",host=\"a.test\",ingress=\"front\","
                  + "method=\"GET\",namespace=\"shop\",path=\"/\",service=\"web\",status=\"200\"}",
              2.0);
    }
  }

  @Test
  void hostileLabelsAreEscaped() {
    try (Gauged gateway = new Gauged()) {
      gateway.hit(Samples.route("a.test", "/\"} 1\nfake \\"), GET, 200, MILLI);
      gateway.state.refused("line one\nfake_metric 1 \"\\");
      assertThat(gateway.scrape().types).doesNotContainKey("fake_metric");
    }
  }

  @Test
  void tenThousandHostsStayBelowTheLimit() {
    try (Gauged gateway = new Gauged()) {
      for (int i = 0; i < 10_000; i++) {
        gateway.hit(Samples.route("h" + i + ".test", "/"), GET, 200, MILLI);
      }
      PrometheusText text = gateway.scrape();
      assertThat(text.samples.keySet().stream().filter(series -> series.contains(".test")).count())
          .isLessThanOrEqualTo(MetricsOptions.SERIES_MAX)
          .isGreaterThan(MetricsOptions.SERIES_MAX - 100);
      assertThat(text.samples.get("penstock_metrics_dropped_series")).isPositive();
      double counted =
          text.samples.entrySet().stream()
              .filter(sample -> sample.getKey().startsWith("penstock_requests_total"))
              .mapToDouble(sample -> sample.getValue())
              .sum();
      assertThat(counted).isEqualTo(10_000);
      assertThat(text.samples.keySet()).anyMatch(series -> series.contains("__overflow__"));
    }
  }

  @Test
  void whatIsInFlightIsShownThoughNoneOfItHasEnded() {
    try (Gauged gateway = new Gauged()) {
      for (int i = 0; i < 10_000; i++) {
        RouteMeters meters = gateway.routes.acquire(Samples.route("h" + i + ".test", "/"));
        meters.cell(0).begin();
      }
      Map<String, Double> inFlight = new HashMap<>(gateway.scrape().samples);
      inFlight.keySet().removeIf(series -> !series.startsWith("penstock_requests_in_flight"));
      assertThat(inFlight).anySatisfy((series, value) -> assertThat(series).contains("h0.test"));
      assertThat(inFlight).anySatisfy((series, value) -> assertThat(series).contains("__overflow"));
      assertThat(inFlight.values().stream().mapToDouble(value -> value).sum()).isEqualTo(10_000);
    }
  }

  @Test
  void aDeletedRouteVanishesFromTheText() {
    try (Gauged gateway = new Gauged()) {
      RouteMeters meters = gateway.hit(Samples.route("a.test", "/"), GET, 200, MILLI);
      assertThat(gateway.scrape().samples.keySet()).anyMatch(each -> each.contains("a.test"));
      gateway.routes.release(meters);
      assertThat(gateway.scrape().samples.keySet()).anyMatch(each -> each.contains("a.test"));
      assertThat(gateway.scrape().samples.keySet()).anyMatch(each -> each.contains("a.test"));
      assertThat(gateway.scrape().samples.keySet()).noneMatch(each -> each.contains("a.test"));
    }
  }

  @Test
  void theStateOfTheConfigurationIsShown() {
    try (Gauged gateway = new Gauged()) {
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_ready", 0.0)
          .containsEntry("penstock_snapshot_version", -1.0)
          .containsEntry("penstock_snapshot_last_error", 0.0);
      gateway.state.serving(7);
      gateway.clock.advance(Duration.ofSeconds(4));
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_ready", 1.0)
          .containsEntry("penstock_snapshot_version", 7.0)
          .containsEntry("penstock_snapshot_age_seconds", 5.0);
      gateway.state.refused("no such thing");
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_ready", 1.0)
          .containsEntry("penstock_snapshot_last_error", 1.0)
          .containsEntry("penstock_snapshot_failure_info{reason=\"no such thing\"}", 1.0);
      gateway.state.serving(8);
      gateway.state.drain();
      PrometheusText text = gateway.scrape();
      assertThat(text.samples)
          .containsEntry("penstock_ready", 0.0)
          .containsEntry("penstock_snapshot_last_error", 0.0);
      assertThat(text.types).doesNotContainKey("penstock_snapshot_failure_info");
    }
  }

  @Test
  void whatIsWrongIsCountedWhateverElseChanges() {
    try (Gauged gateway = new Gauged()) {
      gateway.state.diagnosed(2, 3);
      gateway.state.serving(1);
      gateway.state.refused("no such thing");
      gateway.state.recovered();
      gateway.state.drain();
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_diagnostics{level=\"error\"}", 2.0)
          .containsEntry("penstock_diagnostics{level=\"warning\"}", 3.0);
    }
  }

  @Test
  void whoLeadsIsShownWhereAnybodyWrites() {
    try (Gauged gateway = new Gauged()) {
      assertThat(gateway.scrape().samples).doesNotContainKey("penstock_leader");
      gateway.state.leads("penstock-leader", true);
      gateway.state.drain();
      assertThat(gateway.scrape().samples).containsEntry("penstock_leader", 1.0);
      gateway.state.leads("penstock-leader", false);
      assertThat(gateway.scrape().samples).containsEntry("penstock_leader", 0.0);
    }
  }

  @Test
  void whetherTheStateIsWrittenIsShownWhereItIs() {
    try (Gauged gateway = new Gauged()) {
      assertThat(gateway.scrape().samples).doesNotContainKey("penstock_state_write_failing");
      AtomicBoolean isFailing = new AtomicBoolean(true);
      gateway.state.saved(isFailing::get);
      gateway.state.serving(1);
      assertThat(gateway.scrape().samples).containsEntry("penstock_state_write_failing", 1.0);
      isFailing.set(false);
      gateway.state.serving(2);
      assertThat(gateway.scrape().samples).containsEntry("penstock_state_write_failing", 0.0);
    }
  }

  @Test
  void thePageIsMadeOnceASecond() {
    try (Gauged gateway = new Gauged()) {
      String first = gateway.text();
      gateway.hit(Samples.route("a.test", "/"), GET, 200, MILLI);
      gateway.clock.advance(Duration.ofMillis(999));
      assertThat(gateway.text()).isEqualTo(first);
      gateway.clock.advance(MILLI);
      assertThat(gateway.text()).contains("a.test");
    }
  }

  @Test
  void aPageThatBrokeOffIsNotKept() {
    try (Gauged gateway = new Gauged()) {
      gateway.hit(Samples.route("a.test", "/"), GET, 200, MILLI);
      assertThat(gateway.text()).contains("a.test");
      gateway.clock.advance(Duration.ofSeconds(1));
      gateway.plane.upstreams.add(null);
      assertThatThrownBy(gateway.exposition::scrape).isInstanceOf(NullPointerException.class);
      gateway.plane.upstreams.clear();
      assertThat(PrometheusText.parse(gateway.text()).samples.keySet())
          .anyMatch(each -> each.contains("a.test"));
    }
  }

  @Test
  void aPageThatBrokeOffBringsNoDeletedRouteNearerToItsEnd() {
    try (Gauged gateway = new Gauged()) {
      gateway.routes.release(gateway.hit(Samples.route("a.test", "/"), GET, 200, MILLI));
      gateway.plane.upstreams.add(null);
      for (int i = 0; i < RouteMeterTable.SCRAPES_AFTER_DELETION; i++) {
        assertThatThrownBy(gateway.exposition::scrape).isInstanceOf(NullPointerException.class);
      }
      gateway.plane.upstreams.clear();
      for (int i = 0; i < RouteMeterTable.SCRAPES_AFTER_DELETION; i++) {
        assertThat(gateway.scrape().samples.keySet()).anyMatch(each -> each.contains("a.test"));
      }
      assertThat(gateway.scrape().samples.keySet()).noneMatch(each -> each.contains("a.test"));
    }
  }

  @Test
  void familiesAreInTheOrderOfTheirNamesAndSeriesInThatOfTheirLabels() {
    MetricsOptions everything = new MetricsOptions(MetricsMode.BOTH, true, 1_000_000);
    try (Gauged gateway = new Gauged(everything, ControllerLabels.none())) {
      gateway.plane.fill();
      for (int i = 0; i < 3 * Families.PART_SERIES; i++) {
        String name = Integer.toString(i * 7919 % 1000); // in no order
        var names =
            new RouteIdentity.Names(
                i % 7 + ".test", "/" + name, "n" + i % 5, "i" + i % 3, "web", "http", "-");
        gateway.hit(new RouteIdentity(names), GET, 200, MILLI);
        gateway.hit(new RouteIdentity(names), GET, 404, MILLI);
        gateway.hit(new RouteIdentity(names), "PUT / HTTP/1.1", 404, MILLI);
        gateway.plane.upstreams.add(FakePlane.upstream(name, 1, Map.of("cut", 1L)));
        gateway.plane.certificates.add(FakePlane.certificate("shop/" + name, i, name + ".test"));
      }
      gateway.plane.upstreams.sort(Comparator.comparing(DataPlane.UpstreamFigures::upstream));
      PrometheusText text = gateway.scrape();
      assertThat(text.types.keySet().stream().map(name -> name.replaceFirst(ENDING, "")).toList())
          .isSorted();
      for (Metric metric : Metric.values()) {
        String series = metric.exposedName() + "(_count)?\\{.*";
        assertThat(text.samples.keySet().stream().filter(each -> each.matches(series)).toList())
            .as(metric.exposedName())
            .isSorted();
      }
    }
  }

  @Test
  void afterItsCloseThereIsNoScrape() {
    Gauged gateway = new Gauged();
    gateway.close();
    assertThatThrownBy(gateway.exposition::scrape).isInstanceOf(IOException.class);
  }
}

package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaneCollectorTest {
  @Test
  void upstreamsBeyondTheLimitAreAddedUp() {
    try (Gauged gateway = new Gauged()) {
      for (int i = 0; i < PlaneCollector.UPSTREAMS_MAX; i++) {
        gateway.plane.upstreams.add(FakePlane.upstream("u" + i, 1, Map.of()));
      }
      gateway.plane.upstreams.add(FakePlane.upstream("x", 4, Map.of("cut", 1L)));
      gateway.plane.upstreams.add(FakePlane.upstream("y", 3, Map.of("cut", 2L, "protocol", 5L)));
      PrometheusText text = gateway.scrape();
      assertThat(text.samples)
          .containsEntry("penstock_upstream_open_connections{upstream=\"u0\"}", 1.0)
          .containsEntry("penstock_upstream_connect_seconds_total{upstream=\"u0\"}", 1.0)
          .doesNotContainKey("penstock_upstream_open_connections{upstream=\"x\"}")
          .containsEntry("penstock_upstream_waiting_requests{upstream=\"__overflow__\"}", 7.0)
          .containsEntry("penstock_upstream_endpoints{upstream=\"__overflow__\"}", 7.0)
          .containsEntry("penstock_upstream_wait_seconds_total{upstream=\"__overflow__\"}", 7.0)
          .containsEntry(
              "penstock_upstream_failures_total{kind=\"cut\",upstream=\"__overflow__\"}", 3.0)
          .containsEntry(
              "penstock_upstream_failures_total{kind=\"protocol\",upstream=\"__overflow__\"}", 5.0);
    }
  }

  @Test
  void oneUpstreamBeyondTheLimitIsShownAsTheOverflow() {
    try (Gauged gateway = new Gauged()) {
      for (int i = 0; i <= PlaneCollector.UPSTREAMS_MAX; i++) {
        gateway.plane.upstreams.add(FakePlane.upstream("u" + i, 2, Map.of()));
      }
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_upstream_endpoints{upstream=\"__overflow__\"}", 2.0);
    }
  }

  @Test
  void theCertificatesThatExpireFirstAreShown() {
    try (Gauged gateway = new Gauged()) {
      for (int i = 0; i < PlaneCollector.CERTIFICATES_MAX + 100; i++) {
        gateway.plane.certificates.add(FakePlane.certificate("shop/c" + i, 2_000_000 - i));
      }
      PrometheusText text = gateway.scrape();
      String metric = "penstock_certificate_expiry_timestamp_seconds{certificate=\"shop/c";
      assertThat(text.samples)
          .containsEntry(metric + "2099\"}", 2_000_000.0 - 2099)
          .containsEntry(metric + "100\"}", 2_000_000.0 - 100)
          .doesNotContainKey(metric + "99\"}");
    }
  }

  @Test
  void whatHasNotEndedIsOpen() {
    try (Gauged gateway = new Gauged()) {
      gateway.plane.listeners.add(
          new DataPlane.ListenerFigures("http", 9, Map.of("client", 2L, "idle", 3L)));
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_listener_open_connections{listener=\"http\"}", 4.0)
          .containsEntry(
              "penstock_listener_closed_connections_total{listener=\"http\",reason=\"idle\"}", 3.0);
    }
  }

  @Test
  void pausesOfAcceptingAreToldApartByTheirReason() {
    try (Gauged gateway = new Gauged()) {
      gateway.plane.accepting = new DataPlane.AcceptFigures(9, 7, 3);
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_listener_connections_max", 9.0)
          .containsEntry("penstock_listener_accept_pauses_total{reason=\"connections_max\"}", 7.0)
          .containsEntry("penstock_listener_accept_pauses_total{reason=\"failure\"}", 3.0);
    }
  }

  @Test
  void whatTheVirtualMachineDoesNotSayOfALoopIsNotShown() {
    try (Gauged gateway = new Gauged()) {
      gateway.plane.loops.add(FakePlane.loop(0, 4096, 1_500_000_000));
      gateway.plane.loops.add(FakePlane.loop(1, -1, -1));
      assertThat(gateway.scrape().samples)
          .containsEntry("penstock_event_loop_allocated_bytes_total{loop=\"0\"}", 4096.0)
          .containsEntry("penstock_event_loop_cpu_seconds_total{loop=\"0\"}", 1.5)
          .doesNotContainKey("penstock_event_loop_allocated_bytes_total{loop=\"1\"}")
          .doesNotContainKey("penstock_event_loop_cpu_seconds_total{loop=\"1\"}");
    }
  }
}

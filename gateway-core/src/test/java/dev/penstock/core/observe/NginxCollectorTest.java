package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NginxCollectorTest {
  private static final String PREFIX = "nginx_ingress_controller_";
  private static final ControllerLabels LABELS =
      new ControllerLabels("edge", "k8s.io/ingress-nginx", "pod-1");
  private static final String CONSTANT =
      "controller_class=\"k8s.io/ingress-nginx\",controller_namespace=\"edge\",controller_pod=\"pod-1\"";

  private static Gauged gateway() {
    return new Gauged(MetricsOptions.DEFAULT, LABELS);
  }

  @Test
  void whoLeadsIsShownByTheNameOfTheElection() {
    try (Gauged gateway = gateway()) {
      gateway.state.leads("ingress-nginx-leader", true);
      assertThat(gateway.scrape().samples)
          .containsEntry(
              PREFIX + "leader_election_status{" + CONSTANT + ",name=\"ingress-nginx-leader\"}",
              1.0);
    }
  }

  /**
   * Every series, by name and labels, that the dashboards nginx.json and
   * request-handling-performance.json (9614) of ingress-nginx ask for.
   */
  @Test
  void whatTheDashboardsAskForIsThere() {
    try (Gauged gateway = gateway()) {
      gateway.plane.fill();
      gateway.state.serving(1);
      gateway.hit(Samples.route("a.test", "/x"), Samples.full());
      PrometheusText text = gateway.scrape();
      Set<String> route =
          Set.of(
              "controller_class",
              "controller_namespace",
              "controller_pod",
              "host",
              "ingress",
              "method",
              "namespace",
              "path");
      for (String name :
          new String[] {
            "response_duration_seconds_bucket",
            "response_duration_seconds_sum",
            "request_size_sum",
            "response_size_sum",
            "response_size_count",
            "response_size_bucket"
          }) {
        has(text, name, route);
      }
      Set<String> withStatus = new TreeSet<>(route);
      withStatus.add("status");
      has(text, "requests", withStatus);
      has(text, "request_duration_seconds_bucket", withStatus);
      has(text, "request_duration_seconds_count", withStatus);
      Set<String> controller = Set.of("controller_class", "controller_namespace", "controller_pod");
      for (String name :
          new String[] {
            "success",
            "config_last_reload_successful",
            "config_last_reload_successful_timestamp_seconds",
            "config_hash",
            "nginx_process_resident_memory_bytes",
            "nginx_process_cpu_seconds_total"
          }) {
        has(text, name, controller);
      }
      has(text, "nginx_process_connections", Set.of("controller_pod", "state"));
      has(text, "ssl_expire_time_seconds", Set.of("host", "namespace"));
    }
  }

  private static void has(PrometheusText text, String name, Set<String> labels) {
    assertThat(text.samples.keySet())
        .as(name)
        .anyMatch(series ->
            (series.equals(PREFIX + name) || series.startsWith(PREFIX + name + "{"))
                && labels.stream().allMatch(label -> series.contains(label + "=\"")));
  }

  @Test
  void theFiguresAreOurs() {
    try (Gauged gateway = gateway()) {
      gateway.plane.listeners.add(new DataPlane.ListenerFigures("http", 9, Map.of("client", 2L)));
      gateway.plane.activeRequests = 3;
      gateway.state.serving(1);
      gateway.state.serving(2);
      gateway.state.refused("no");
      gateway.hit(Samples.route("a.test", "/x"), Samples.full());
      assertThat(gateway.scrape().samples)
          .containsEntry(PREFIX + "success{" + CONSTANT + "}", 2.0)
          .containsEntry(PREFIX + "errors{" + CONSTANT + "}", 1.0)
          .containsEntry(PREFIX + "config_last_reload_successful{" + CONSTANT + "}", 0.0)
          .containsEntry(
              PREFIX + "nginx_process_connections{" + CONSTANT + ",state=\"active\"}", 7.0)
          .containsEntry(
              PREFIX + "nginx_process_connections{" + CONSTANT + ",state=\"writing\"}", 3.0)
          .containsEntry(
              PREFIX + "nginx_process_connections_total{" + CONSTANT + ",state=\"accepted\"}", 9.0)
          .containsEntry(PREFIX + "nginx_process_requests_total{" + CONSTANT + "}", 1.0);
    }
  }

  @Test
  void aCertificateIsShownForEachOfItsHosts() {
    try (Gauged gateway = gateway()) {
      gateway.plane.certificates.add(
          FakePlane.certificate("shop/tls", 1_800_000_000, "a.test", "*.b.test"));
      PrometheusText text = gateway.scrape();
      for (String host : new String[] {"a.test", "*.b.test"}) {
        String labels =
            "class=\"k8s.io/ingress-nginx\",host=\"%s\",identifier=\"-4711\"".formatted(host);
        String secret = "namespace=\"shop\",";
        assertThat(text.samples)
            .containsEntry(
                "%sssl_expire_time_seconds{%s,%ssecret_name=\"tls\"}"
                    .formatted(PREFIX, labels, secret),
                1.8e9)
            .containsEntry(
                ("%sssl_certificate_info{%s,issuer_common_name=\"Test CA\","
                        + "issuer_organization=\"Test Org\",%spublic_key_algorithm=\"ECDSA\","
                        + "secret_name=\"tls\",serial_number=\"4711\"}")
                    .formatted(PREFIX, labels, secret),
                1.0);
      }
    }
  }

  @Test
  void anIssuerMayHaveCommasAndMayHaveNothing() {
    assertThat(DistinguishedName.parse("CN=A\\, B,OU=x,O=Acme\\, Inc."))
        .isEqualTo(new DistinguishedName("A, B", "Acme, Inc."));
    assertThat(DistinguishedName.parse("OU=CN\\=no,C=DE")).isEqualTo(new DistinguishedName("", ""));
    assertThat(DistinguishedName.parse("")).isEqualTo(new DistinguishedName("", ""));
  }

  @Test
  void withoutTheCompatibleNamesNothingOfThemIsShown() {
    try (Gauged gateway = new Gauged(MetricsMode.NATIVE, LABELS, 1000)) {
      gateway.plane.fill();
      assertThat(gateway.text()).doesNotContain(PREFIX);
    }
  }
}

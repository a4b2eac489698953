package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Prometheus is told. */
class MonitoringTest {
  @Test
  void everyMetricOfTheRulesIsInTheManual() {
    String manual = Chart.read(Path.of("../docs/observability.md"));
    Matcher metric =
        Pattern.compile("\\bpenstock_\\w+")
            .matcher(Chart.read(Chart.DIRECTORY.resolve("files/rules.yaml")));

    int found = 0;
    for (; metric.find(); found++) {
      assertThat(manual).contains("| `" + metric.group() + "` |");
    }
    assertThat(found).isPositive();
  }

  @Test
  void rulesOfOnesOwnStandBesideThoseOfTheChart() {
    String own = "rules: [{alert: Slow, expr: vector(1)}]";

    assertThat(rules(own))
        .hasSizeGreaterThan(1)
        .last()
        .extracting(rule -> rule.path("alert").asText())
        .isEqualTo("Slow");
    assertThat(rules(own + ", defaultRules: false")).hasSize(1);
  }

  private static JsonNode rules(String values) {
    return Chart.render("controller: {metrics: {prometheusRule: {enabled: true, " + values + "}}}")
        .one(Kind.PrometheusRule)
        .at("/spec/groups/0/rules");
  }

  @Test
  void aServiceMonitorSelectsTheServiceOfTheMetricsAlone() {
    Manifest manifest = Chart.render("controller: {metrics: {serviceMonitor: {enabled: true}}}");
    JsonNode selected = manifest.one(Kind.ServiceMonitor).at("/spec/selector/matchLabels");

    assertThat(manifest.of(Kind.Service))
        .filteredOn(service ->
            selected.properties().stream()
                .allMatch(label ->
                    service.at("/metadata/labels").path(label.getKey()).equals(label.getValue())))
        .extracting(service -> service.at("/metadata/name").asText())
        .containsExactly("penstock-metrics");
  }
}

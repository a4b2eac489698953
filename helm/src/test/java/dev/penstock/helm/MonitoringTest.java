package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Prometheus is told. */
class MonitoringTest {
  @Test
  void everyMetricOfTheRulesIsInTheManual() {
    String manual =
        Chart.read(Path.of("../docs/observability.md"))
            + Chart.read(Path.of("../docs/admission.md"));
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
    assertThat(selected("serviceMonitor", Kind.ServiceMonitor, Kind.Service, "/metadata/labels"))
        .containsExactly("penstock-metrics", "penstock-webhook");
  }

  @Test
  void aPodMonitorSelectsThePodsOfItsPart() {
    assertThat(
            selected(
                "podMonitor", Kind.PodMonitor, Kind.Deployment, "/spec/template/metadata/labels"))
        .containsExactly("penstock", "penstock-webhook");
  }

  /** Names of what the monitors select, first that of the gateway, then that of the webhook. */
  private static List<String> selected(String value, Kind monitor, Kind kind, String labels) {
    Manifest all = Chart.render("controller: {metrics: {%s: {enabled: true}}}".formatted(value));
    List<JsonNode> candidates =
        Stream.of(all, all.webhook()).flatMap(part -> part.of(kind).stream()).toList();
    return Stream.of(all, all.webhook())
        .map(part -> part.one(monitor).at("/spec/selector/matchLabels"))
        .flatMap(selector ->
            candidates.stream()
                .filter(object ->
                    selector.properties().stream()
                        .allMatch(label ->
                            object.at(labels).path(label.getKey()).equals(label.getValue()))))
        .map(object -> object.at("/metadata/name").asText())
        .toList();
  }
}

package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/observability.md says what the code does: its tables are those of the code, row by row. */
class ManualTest {
  private static final Path MANUAL = Path.of("..", "docs", "observability.md");

  /** The rows of the table behind {@code <!-- table: name -->}, without its head. */
  private static List<String> table(String name) throws IOException {
    List<String> lines = Files.readAllLines(MANUAL);
    int begin = lines.indexOf("<!-- table: " + name + " -->") + 3;
    assertThat(begin).as("table " + name).isGreaterThan(2);
    int end = begin;
    while (end < lines.size() && lines.get(end).startsWith("|")) end++;
    return lines.subList(begin, end);
  }

  @Test
  void everyMetricStandsInTheManualAndNoOther() throws IOException {
    assertThat(table("metrics"))
        .containsExactlyElementsOf(
            Arrays.stream(Metric.values())
                .map(each ->
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            each.exposedName(),
                            each.type().name().toLowerCase(Locale.ROOT),
                            labels(each),
                            each.help()))
                .toList());
  }

  private static String labels(Metric metric) {
    if (metric.labels().contains("path")) {
      return metric.labels().stream()
          .filter(each -> each.equals("status") || each.equals("method"))
          .map(each -> ", `" + each + "`")
          .collect(Collectors.joining("", "route", ""));
    }
    return metric.labels().stream().map(each -> "`" + each + "`").collect(Collectors.joining(", "));
  }

  @Test
  void everyVariableStandsInTheManualAndNoOther() throws IOException {
    assertThat(table("variables"))
        .containsExactlyElementsOf(
            Arrays.stream(LogVariable.values())
                .map(each -> "| `$%s` | %s |".formatted(each.variable(), each.meaning()))
                .toList());
  }

  @Test
  void everyFlagStandsInTheManualAndNoOther() throws IOException {
    assertThat(table("flags"))
        .containsExactlyElementsOf(
            Arrays.stream(ResponseFlag.values())
                .map(each -> "| `%s` | %s |".formatted(each.code(), each.meaning()))
                .toList());
  }

  @Test
  void everyKeyStandsInTheManualAndNoOther() throws IOException {
    List<String> keys = new ArrayList<>(JsonLine.KEYS);
    keys.addAll(JsonLine.ATTEMPT_KEYS);
    assertThat(table("keys"))
        .extracting(row -> row.substring(3, row.indexOf('`', 3)))
        .isEqualTo(keys);
  }

  @Test
  void theDefaultFormatAndTheBucketsAreTheManuals() throws IOException {
    String manual = Files.readString(MANUAL);
    assertThat(manual).contains("\n" + LogTemplate.INGRESS_NGINX + "\n");
    StringBuilder buckets = new StringBuilder("in seconds:");
    for (long nanos : SeriesLayout.TIME_NANOS) {
      String seconds = Double.toString(nanos / 1e9);
      buckets.append(' ').append(seconds.endsWith(".0") ? (long) (nanos / 1e9) + "" : seconds);
    }
    assertThat(manual).contains(buckets + ".");
  }

  @Test
  void aScrapeShowsEveryMetricOfTheManualAndNoOther() throws IOException {
    String manual = Files.readString(MANUAL);
    MetricsOptions everything = new MetricsOptions(MetricsMode.BOTH, true, 1000);
    try (Gauged gateway = new Gauged(everything, ControllerLabels.none())) {
      gateway.hit(Samples.route("a.test", "/"), "GET / HTTP/1.1", 200, Duration.ZERO);
      gateway.plane.fill();
      gateway.state.leads("penstock-leader", true);
      gateway.state.saved(() -> true);
      gateway.state.refused("for the metric that says so");
      PrometheusText text = gateway.scrape();
      for (String name : text.types.keySet()) assertThat(manual).contains("`" + name + "`");
      for (Metric metric : Metric.values()) {
        assertThat(text.types).containsKey(metric.exposedName());
        assertThat(text.labelsOf(metric.exposedName()))
            .as(metric.exposedName())
            .containsExactlyInAnyOrderElementsOf(metric.labels());
      }
      // Of the garbage collector there is nothing before it has run.
      assertThat(text.types.keySet())
          .containsAll(
              Pattern.compile("`((?:jvm_(?!gc_)|process_|system_)\\w+)`")
                  .matcher(manual)
                  .results()
                  .map(found -> found.group(1))
                  .toList());
    }
  }
}

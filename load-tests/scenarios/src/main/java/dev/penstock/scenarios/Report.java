package dev.penstock.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.scenarios.http.Latencies;
import dev.penstock.scenarios.http.Tally;
import java.util.ArrayList;
import java.util.List;

/** What one scenario found. Only a condition can fail it, never a figure. One thread. */
final class Report {
  private final String scenario;
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  Report(String scenario) {
    this.scenario = scenario;
  }

  void condition(String what, boolean holds, String detail) {
    conditions.add(new Condition(what, holds, detail));
  }

  /** Measured, without a target. */
  void figure(String what, double value, String unit) {
    figures.add(new Figure(what, value, unit, Double.NaN, Double.NaN));
  }

  /** Measured against a milestone and a target, both to stay at or below. */
  void figure(String what, double value, String unit, double milestone, double target) {
    figures.add(new Figure(what, value, unit, milestone, target));
  }

  /** Median and 99th percentile of these times, in milliseconds. */
  void times(String what, Latencies times) {
    figure(what + ", p50", times.percentileMillis(50), "ms");
    figure(what + ", p99", times.percentileMillis(99), "ms");
    figure(what + ", highest", times.percentileMillis(100), "ms");
  }

  /** No request of this load may have failed. */
  void noFailure(String whose, Tally tally) {
    condition(
        "no request of " + whose + " fails",
        tally.failed() == 0 && tally.right() > 0,
        "%,d right, %,d failed %s".formatted(tally.right(), tally.failed(), tally.failures()));
  }

  boolean holds() {
    return !conditions.isEmpty() && conditions.stream().allMatch(Condition::holds);
  }

  /** For people: conditions, then figures. */
  String table() {
    StringBuilder text = new StringBuilder(scenario).append('\n');
    for (Condition condition : conditions) {
      text.append(condition.holds() ? "  holds   " : "  FAILED  ").append(condition.what());
      text.append(": ").append(condition.detail()).append('\n');
    }
    int width = figures.stream().mapToInt(figure -> figure.what().length()).max().orElse(1);
    String row = "  %-" + width + "s  %12s %-5s  %9s  %9s  %s";
    text.append(row.formatted("", "measured", "", "milestone", "target", "").stripTrailing());
    for (Figure figure : figures) {
      text.append('\n')
          .append(
              row.formatted(
                      figure.what(),
                      Figure.number(figure.value()),
                      figure.unit(),
                      Figure.number(figure.milestone()),
                      Figure.number(figure.target()),
                      figure.verdict())
                  .stripTrailing());
    }
    return text.append('\n').toString();
  }

  /** For programs: the same. */
  JsonNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("scenario", scenario).put("holds", holds());
    ArrayNode held = root.putArray("conditions");
    for (Condition condition : conditions) {
      held.addObject()
          .put("what", condition.what())
          .put("holds", condition.holds())
          .put("detail", condition.detail());
    }
    ArrayNode measured = root.putArray("figures");
    for (Figure figure : figures) {
      ObjectNode node = measured.addObject().put("what", figure.what());
      node.put("value", figure.value()).put("unit", figure.unit());
      if (!Double.isNaN(figure.milestone())) {
        node.put("milestone", figure.milestone()).put("target", figure.target());
      }
    }
    return root;
  }
}

package dev.penstock.core.observe;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the Prometheus text format 0.0.4 and refuses what a scraper might: families that are not in
 * one piece, series given twice, names and escapes outside the grammar, histograms that do not add
 * up.
 */
final class PrometheusText {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (.*)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\"\\\\n])*)\"(?:,|$)");

  /** Type by family name. */
  final Map<String, String> types = new LinkedHashMap<>();

  /** Value by name and sorted labels, such as {@code x{a="1",b="2"}}. */
  final Map<String, Double> samples = new LinkedHashMap<>();

  private final Set<String> helped = new HashSet<>();
  private String family = "";
  private String histogramSeries = "";
  private double below;

  private PrometheusText() {}

  static PrometheusText parse(String text) {
    if (!text.endsWith("\n")) throw new AssertionError("no line end at the end");
    PrometheusText parsed = new PrometheusText();
    text.lines().forEach(parsed::line);
    return parsed;
  }

  /** The names of the labels of a family's series, {@code le} apart. */
  Set<String> labelsOf(String family) {
    Set<String> names = new TreeSet<>();
    for (String series : samples.keySet()) {
      int brace = series.indexOf('{');
      if (brace < 0 || !familyOf(series.substring(0, brace)).equals(family)) continue;
      names.addAll(labels(series.substring(brace + 1, series.length() - 1), series).keySet());
    }
    names.remove("le");
    return names;
  }

  private String familyOf(String sample) {
    return types.containsKey(sample) ? sample : sample.replaceFirst("_(bucket|count|sum)$", "");
  }

  private void line(String line) {
    Matcher help = HELP.matcher(line);
    Matcher type = TYPE.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (help.matches()) {
      check(helped.add(help.group(1)), "help given twice", line);
    } else if (type.matches()) {
      family = type.group(1);
      check(types.put(family, type.group(2)) == null, "family in two pieces", line);
    } else if (sample.matches()) {
      sample(sample.group(1), labels(sample.group(2), line), sample.group(3), line);
    } else {
      throw new AssertionError("not in the grammar: " + line);
    }
  }

  private static Map<String, String> labels(String text, String line) {
    Map<String, String> labels = new TreeMap<>();
    if (text == null) return labels;
    Matcher matcher = LABEL.matcher(text);
    int at = 0;
    while (matcher.find() && matcher.start() == at) {
      check(labels.put(matcher.group(1), matcher.group(2)) == null, "label given twice", line);
      at = matcher.end();
    }
    check(at == text.length(), "labels not in the grammar", line);
    return labels;
  }

  private void sample(String name, Map<String, String> labels, String number, String line) {
    String type = String.valueOf(types.get(family));
    double value = number.endsWith("Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(number);
    switch (type) {
      case "histogram" -> histogram(name, labels, value, line);
      case "summary" -> check(name.startsWith(family), "sample outside its family", line);
      default -> check(name.equals(family), "sample outside its family", line);
    }
    check(!type.equals("counter") || value >= 0, "counter below zero", line);
    check(samples.put(key(name, labels), value) == null, "series given twice", line);
  }

  private void histogram(String name, Map<String, String> labels, double value, String line) {
    Map<String, String> series = new TreeMap<>(labels);
    String bound = series.remove("le");
    String key = key(family, series);
    if (name.equals(family + "_bucket")) {
      check(bound != null, "bucket without a bound", line);
      if (!key.equals(histogramSeries)) below = 0;
      histogramSeries = key;
      check(value >= below, "buckets do not grow", line);
      below = value;
    } else if (name.equals(family + "_count")) {
      check(key.equals(histogramSeries) && value == below, "count is not the last bucket", line);
    } else {
      check(name.equals(family + "_sum"), "sample outside its family", line);
    }
  }

  private static String key(String name, Map<String, String> labels) {
    StringBuilder key = new StringBuilder(name);
    String separator = "{";
    for (Map.Entry<String, String> label : labels.entrySet()) {
      key.append(separator).append(label.getKey()).append("=\"").append(label.getValue());
      key.append('"');
      separator = ",";
    }
    return labels.isEmpty() ? key.toString() : key.append('}').toString();
  }

  private static void check(boolean holds, String what, String line) {
    if (!holds) throw new AssertionError(what + ": " + line);
  }
}

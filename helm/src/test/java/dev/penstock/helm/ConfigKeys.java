package dev.penstock.helm;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code files/config.yaml}, by which NOTES.txt names the keys of {@code controller.config} that do
 * not act: made of the table of {@code docs/configmap.md}, which is made of the code.
 */
final class ConfigKeys {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9-]+)` \\|.*\\| ([^|]+) \\| ([^|]+) \\|");

  private ConfigKeys() {}

  static String file() {
    return ofManual().entrySet().stream()
        .map(key -> key.getKey() + ": '" + key.getValue().replace("'", "''") + "'\n")
        .collect(
            Collectors.joining(
                "",
                "# The keys of controller.config, and what NOTES.txt says of those that do not act; `make chart` writes it.\n",
                ""));
  }

  /** What is to be said where a key is set; empty = it acts. */
  static Map<String, String> ofManual() {
    String manual = Chart.read(Path.of("../docs/configmap.md"));
    Map<String, String> keys = new LinkedHashMap<>();
    manual
        .substring(manual.indexOf("<!-- table: keys -->"))
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .forEach(row -> keys.put(row.group(1), says(row.group(2), row.group(3))));
    return keys;
  }

  private static String says(String state, String manual) {
    return switch (state) {
      case "**acts**" -> "";
      case "refused" ->
          manual
              + ": refused; instead of it there are keys and annotations for one thing each, see docs/configmap.md";
      default -> manual + ": " + state.replace("*", "");
    };
  }
}

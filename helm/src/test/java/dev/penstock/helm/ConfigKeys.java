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
    int table = manual.indexOf("<!-- table: keys -->");
    Map<String, String> keys = new LinkedHashMap<>();
    manual
        .substring(table)
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .forEach(row -> {
          String key = row.group(1);
          boolean mayClose = manual.substring(0, table).contains("`" + key + "`");
          keys.put(key, says(row.group(2), row.group(3), mayClose));
        });
    return keys;
  }

  /**
   * @param mayClose of a key that is refused: the text above the table says when it closes routes
   */
  private static String says(String state, String does, boolean mayClose) {
    return switch (state) {
      case "**acts**" -> "";
      case "refused" ->
          does
              + ": refused"
              + (mayClose ? ", and closes all routes where it may limit who may ask" : "")
              + "; instead of it there are keys and annotations for one thing each, see docs/configmap.md";
      default -> does + ": " + state.replace("**", "");
    };
  }
}

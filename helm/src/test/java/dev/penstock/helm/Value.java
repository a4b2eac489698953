package dev.penstock.helm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A key of {@code values.yaml} with what its comments say. Where a map stands on lines of its own
 * its keys are all there are; where it stands on one line it takes any.
 *
 * @param path its keys, outermost first
 * @param written the default as it is written; empty for a map on lines of its own
 * @param says the text behind {@code # --}, on one line
 * @param schema what stands behind {@code # @schema}
 */
record Value(List<String> path, String written, String says, Map<?, ?> schema) {
  private static final Pattern KEY = Pattern.compile("( *)([\\w.]+):(?: +([^#\\s].*?))?( +#.*)?");
  private static final String SAYS = "# -- ";
  private static final String SCHEMA = "# @schema ";

  String key() {
    return String.join(".", path);
  }

  /** Whether its keys are all there are. */
  boolean isClosed() {
    return written.isEmpty() && schema.get("type") == null;
  }

  @Nullable Object initial() {
    return parse(written);
  }

  /** All of a values file, in its order. */
  static List<Value> of(String file) {
    List<Value> values = new ArrayList<>();
    List<String> path = new ArrayList<>();
    StringBuilder says = new StringBuilder();
    Map<?, ?> schema = Map.of();
    for (String line : file.lines().toList()) {
      String text = line.strip();
      if (text.startsWith(SAYS)) {
        says.append(text.substring(SAYS.length()));
      } else if (text.startsWith(SCHEMA)) {
        schema =
            (Map<?, ?>) java.util.Objects.requireNonNull(parse(text.substring(SCHEMA.length())));
      } else if (text.startsWith("# ") && !says.isEmpty()) {
        says.append(text.substring(1));
      } else if (!text.isEmpty() && !text.startsWith("#")) {
        Matcher key = KEY.matcher(line);
        if (!key.matches()) throw new IllegalArgumentException("no key in: " + line);
        path.subList(key.group(1).length() / 2, path.size()).clear();
        path.add(key.group(2));
        String written = key.group(3) == null ? "" : key.group(3);
        values.add(new Value(List.copyOf(path), written, says.toString(), schema));
        says.setLength(0);
        schema = Map.of();
      }
    }
    return values;
  }

  /** Null when it is empty. */
  static @Nullable Object parse(String yaml) {
    return new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }
}

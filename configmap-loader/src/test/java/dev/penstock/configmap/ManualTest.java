package dev.penstock.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/configmap.md is that of the code. With {@code -Dgolden.update=true} it is
 * written.
 */
class ManualTest {
  private static final Path MANUAL = Path.of("..", "docs", "configmap.md");
  private static final String BEGIN = "<!-- table: keys -->\n";

  /** Longer defaults are lists of types, ciphers and variables. */
  private static final int DEFAULT_CHARS_MAX = 60;

  @Test
  void everyKeyStandsInTheManualAndNoOther() throws IOException {
    String manual = Files.readString(MANUAL);
    int begin = manual.indexOf(BEGIN) + BEGIN.length();
    assertThat(begin).isGreaterThan(BEGIN.length());
    int end = manual.indexOf("\n\n", begin);
    String table = String.join("\n", rows());
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(
          MANUAL, manual.substring(0, begin) + table + (end < 0 ? "\n" : manual.substring(end)));
      return;
    }
    String written = manual.substring(begin, end < 0 ? manual.length() : end).strip();
    assertThat(written.lines()).containsExactlyElementsOf(table.lines().toList());
  }

  private static List<String> rows() {
    List<String> rows = new java.util.ArrayList<>();
    rows.add("| key | values | default of ingress-nginx | state | what it does |");
    rows.add("|---|---|---|---|---|");
    for (Key key : KeyTable.all().values()) rows.add(row(key));
    return rows;
  }

  private static String row(Key key) {
    String values = key instanceof Key.Valued valued ? valued.syntax().accepts() : "";
    String initial = key instanceof Key.Valued valued ? shown(valued.initial()) : "";
    String state =
        switch (key) {
          case Key.Acting<?> ignored -> "**acts**";
          case Key.Waiting ignored -> "accepted, not in force";
          case Key.Closing ignored -> "not in force: **closes** all routes";
          case Key.Meaningless ignored -> "void";
          case Key.Raw ignored -> "refused";
        };
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(key.name(), values, initial, state, key.manual());
  }

  private static String shown(String initial) {
    if (initial.isEmpty()) return "";
    boolean isLong = initial.length() > DEFAULT_CHARS_MAX;
    return "`" + (isLong ? initial.substring(0, DEFAULT_CHARS_MAX) + "…" : initial) + "`";
  }
}

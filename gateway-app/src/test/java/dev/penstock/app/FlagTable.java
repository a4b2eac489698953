package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/** The table of a command's flags in a guide. */
final class FlagTable {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(--[^`]+)` \\| ([^|]*?) \\|");

  private FlagTable() {}

  /** Fails unless the text has a row for each of these flags but help, and no other. */
  static void assertHolds(String text, List<OptionSpec> flags) {
    Map<String, String> documented = new LinkedHashMap<>();
    Matcher row = ROW.matcher(text);
    while (row.find()) documented.put(row.group(1), row.group(2));

    Map<String, String> expected = new LinkedHashMap<>();
    for (OptionSpec flag : flags) {
      Object initial = flag.defaultValue() == null ? flag.initialValue() : flag.defaultValue();
      boolean said = initial == null || initial.equals(false);
      String name = flag.longestName();
      expected.put(name, said ? documented.get(name) : "`" + initial + "`");
    }
    expected.remove("--help");

    assertThat(documented).containsExactlyInAnyOrderEntriesOf(expected);
  }
}

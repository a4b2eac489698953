package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.host.PostServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the guide of the webhook says is what the code does. */
class WebhookDocsTest {
  private static final Path GUIDE = Path.of("../docs/admission.md").toAbsolutePath().normalize();

  @Test
  void theTableOfFlagsHoldsEveryFlagWithItsDefault() throws IOException {
    Map<String, String> documented = new LinkedHashMap<>();
    Matcher row =
        Pattern.compile("(?m)^\\| `(--[^`]+)` \\| ([^|]*?) \\|").matcher(Files.readString(GUIDE));
    while (row.find()) documented.put(row.group(1), row.group(2));

    Map<String, String> expected = new LinkedHashMap<>();
    new WebhookCommand()
        .spec()
        .options()
        .forEach(option -> {
          String initial = option.defaultValue();
          boolean said = initial == null || initial.equals("false");
          String name = option.longestName();
          expected.put(name, said ? documented.get(name) : "`" + initial + "`");
        });
    expected.remove("--help");

    assertThat(documented).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void theTableOfLimitsHoldsTheirValues() throws IOException {
    String small = (PostServer.SMALL_BYTES_MAX >> 10) + " KiB";
    assertThat(Files.readString(GUIDE))
        .contains("| body | " + (PostServer.BODY_BYTES_MAX >> 20) + " MiB |")
        .contains(
            "| bodies up to " + small + " in memory at a time | " + PostServer.SMALL_MAX + " |")
        .contains(
            "| longer ones in memory at a time | "
                + PostServer.LARGE_MAX
                + ", and one every "
                + Durations.format(PostServer.LARGE_EVERY)
                + " |")
        .contains("short ones and others | " + PostServer.WAITING_MAX + " each |")
        .contains("has its turn | " + Durations.format(PostServer.ARRIVAL_MAX) + " |")
        .contains("its answer | " + Durations.format(PostServer.ANSWER_MAX) + " |");
  }
}

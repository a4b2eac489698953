package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code deploy/…/values.yaml} has its rendering beside it, for those who have no Helm. */
class StaticManifestsTest {
  /** What is of Helm and not of the object: where it comes from, and who looks after it. */
  private static final Pattern HELMS =
      Pattern.compile("(?m)^# Source: .*\n|^ +(helm.sh/chart|app.kubernetes.io/managed-by): .*\n");

  static Stream<Path> values() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("../deploy").toAbsolutePath().normalize(), 2)) {
      return files.filter(file -> file.endsWith("values.yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void theManifestIsWhatTheChartRenders(Path values) {
    String text = Chart.read(values);
    String head =
        text.lines().takeWhile(line -> line.startsWith("#")).collect(Collectors.joining("\n"));
    String rendered = HELMS.matcher(Chart.text("penstock", text)).replaceAll("");

    Golden.check(
        values.resolveSibling("penstock.yaml"),
        head
            + "\n# Made of values.yaml and the chart by `make chart`: change those.\n"
            + rendered.stripLeading().replaceFirst("^---\n", "").stripTrailing()
            + "\n");
    assertThat(Manifest.of(rendered).all())
        .isNotEmpty()
        .allSatisfy(object -> assertThat(Kind.fault(object)).isNull());
  }
}

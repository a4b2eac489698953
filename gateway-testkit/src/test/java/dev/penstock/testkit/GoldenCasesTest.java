package dev.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenCasesTest {
  @TempDir private Path root;
  private Path directory;
  private GoldenCases cases;

  @BeforeEach
  void aCase() throws IOException {
    directory = Files.createDirectories(root.resolve("group").resolve("case"));
    Files.writeString(directory.resolve("input.yaml"), "in");
    Files.writeString(directory.resolve("out.txt"), "out\n");
    Files.writeString(directory.resolve("class"), "further");
    cases = new GoldenCases(root, Set.of("class"));
  }

  @Test
  void aDirectoryWithAnInputIsACase() {
    assertThat(cases.cases()).containsExactly(directory);
    assertThat(cases.nameOf(directory)).isEqualTo("group/case");
    assertThat(cases.inputs(directory)).containsOnlyKeys("input.yaml");
  }

  @Test
  void equalOutputsPass() {
    assertThatCode(() -> cases.compare(directory, Map.of("out.txt", "out\n")))
        .doesNotThrowAnyException();
    assertThatCode(cases::requireNoStrayFile).doesNotThrowAnyException();
  }

  @Test
  void anotherTextFails() {
    assertThatThrownBy(() -> cases.compare(directory, Map.of("out.txt", "out")))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aMissingExpectedFileFails() {
    assertThatThrownBy(
            () -> cases.compare(directory, Map.of("out.txt", "out\n", "more.txt", "more")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("more.txt is missing");
  }

  @Test
  void anExpectedFileThatNothingUsesFails() throws IOException {
    Files.writeString(directory.resolve("old.txt"), "old");

    assertThatThrownBy(() -> cases.compare(directory, Map.of("out.txt", "out\n")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("old.txt");
  }

  @Test
  void aFileThatBelongsToNoCaseFails() throws IOException {
    Files.writeString(root.resolve("group").resolve("stray.txt"), "stray");

    assertThatThrownBy(cases::requireNoStrayFile)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("stray.txt");
  }
}

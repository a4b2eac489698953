package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import dev.penstock.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code make run} and every command that it prints, on other ports and in another directory. */
class ExamplesIT {
  private static final Path EXAMPLES = Path.of("../examples");
  private static final List<String> PORTS = List.of("8080", "8443", "10254", "3001", "3002");

  @TempDir Path root;

  private @Nullable Path built;

  @AfterEach
  void removeLink() throws IOException {
    if (built != null) Files.delete(built);
  }

  /**
   * One command of try.txt.
   *
   * @param expected {@code STATUS TEXT}; {@code - TEXT} when the command shows no status; empty
   *     when nothing is said
   */
  private record Step(String command, String expected) {}

  @Test
  void everyCommandThatIsPrintedAnswersAsTheExamplesSay() throws Exception {
    copyExamples();
    Path run = root.resolve("examples/run");
    try (Distribution examples = Distribution.start(run, Map.of(), List.of())) {
      Await.until(
          () -> "the examples run: " + examples.out() + examples.err(),
          Distribution.PATIENCE,
          () -> examples.out().contains("# Ctrl-C ends it all.") || !examples.isAlive());
      List<Step> steps = steps();
      assertThat(steps).hasSizeGreaterThan(8);
      assertThat(examples.out()).containsAll(steps.stream().map(Step::command).toList());
      for (Step step : steps) execute(step);

      List<ProcessHandle> family = examples.family();
      examples.terminate();
      assertThat(examples.awaitExit()).isZero();
      assertThat(family).hasSizeGreaterThan(3).noneMatch(ProcessHandle::isAlive);
    }
  }

  private void copyExamples() throws IOException {
    Map<String, String> ports = new HashMap<>();
    for (String port : PORTS) ports.put(port, Integer.toString(Ports.closed()));
    Path copies = Files.createDirectory(root.resolve("examples"));
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        for (Map.Entry<String, String> port : ports.entrySet()) {
          text = text.replaceAll("\\b" + port.getKey() + "\\b", "<" + port.getValue() + ">");
        }
        Path copy = copies.resolve(file.getFileName());
        Files.writeString(copy, text.replaceAll("<(\\d+)>", "$1"));
        assertThat(copy.toFile().setExecutable(Files.isExecutable(file))).isTrue();
      }
    }
    Path target = Files.createDirectories(root.resolve("gateway-app/target"));
    built = Files.createSymbolicLink(target.resolve("penstock"), Distribution.HOME);
  }

  private List<Step> steps() throws IOException {
    List<Step> steps = new ArrayList<>();
    for (String line : Files.readAllLines(root.resolve("examples/try.txt"))) {
      if (line.startsWith("#> ")) {
        Step last = steps.removeLast();
        steps.add(new Step(last.command, line.substring("#> ".length())));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        steps.add(new Step(line, ""));
      }
    }
    return steps;
  }

  /** A change needs a moment to be seen, so the answer may come at a later try. */
  private void execute(Step step) {
    List<String> last = new ArrayList<>();
    Await.until(
        () -> step + " answered " + last,
        Distribution.PATIENCE,
        () -> {
          String answer = shell(step.command);
          last.clear();
          last.add(answer);
          return isExpected(answer, step.expected);
        });
  }

  private static boolean isExpected(String answer, String expected) {
    if (expected.isEmpty()) return true;
    String[] parts = expected.split(" ", 2);
    boolean status = parts[0].equals("-") || answer.startsWith("HTTP/1.1 " + parts[0] + " ");
    return status && answer.contains(parts[1]);
  }

  private String shell(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(Distribution.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return answer;
  }
}

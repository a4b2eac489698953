package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that reads a peer's bytes, against random messages: {@code -Dpenstock.fuzz.seconds=600
 * -Dpenstock.fuzz.seed=7} goes on for longer and from another seed ({@code make fuzz}). What failed
 * once is kept below {@code src/test/resources/fuzz} and judged again in every build.
 */
class FuzzTest {
  private static final Path KEPT = Path.of("src/test/resources/fuzz");
  private static final Path REPORT = Path.of("target/fuzz.txt");

  /** The same in every build, so that a build that fails fails again. */
  private static final long SEED = Long.getLong("penstock.fuzz.seed", 20_261_122);

  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("penstock.fuzz.seconds", 60));

  /** On a machine that does other things too, the time alone may not do. */
  private static final long INPUTS_MIN = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger("seed");

  @Test
  void whateverComesIsReadAsTheRulesSayAndEveryStateIsReached()
      throws IOException, InterruptedException {
    LOG.info("fuzzing for {} s, -Dpenstock.fuzz.seed={}", TIME.toSeconds(), SEED);
    FuzzRun run = new FuzzRun(SEED, FuzzTarget::check, KEPT);
    run.run(TIME, INPUTS_MIN);
    String report = "%,d inputs, seed %d%n%s".formatted(run.inputs(), SEED, run.seen().report());
    Files.writeString(REPORT, report);
    assertThat(run.seen().missing()).as(report).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kept")
  void whatFailedOnceDoesNotFailAgain(FuzzTarget target, Path file) throws IOException {
    byte[] input = Files.readAllBytes(file);
    for (var limits : FuzzTarget.LIMITS) {
      target.check(input, limits, new FuzzCoverage());
    }
  }

  static Stream<Arguments> kept() throws IOException {
    Stream.Builder<Arguments> kept = Stream.builder();
    for (FuzzTarget target : FuzzTarget.values()) {
      for (Path file : files(KEPT.resolve(target.directory()))) {
        kept.add(Arguments.of(target, file));
      }
    }
    return kept.build();
  }

  private static List<Path> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  @Test
  void everyRefusalIsSomeTargets() {
    Set<Refusal> left = EnumSet.allOf(Refusal.class);
    for (FuzzTarget target : FuzzTarget.values()) {
      left.removeAll(target.refusals());
    }
    assertThat(left)
        .as("decided by the exchange or the memory of all, not by a reader")
        .containsOnly(Refusal.BODY_TOO_LARGE, Refusal.NO_MEMORY);
  }

  @Test
  void whatFailsIsMadeShortAndKept(@TempDir Path kept) throws IOException {
    FuzzRun run =
        new FuzzRun(
            1,
            (target, input, limits, seen) -> {
              boolean planted =
                  target == FuzzTarget.CHUNKED && Cuts.text(input).contains("0\r\n\r\n");
              assertThat(planted).isFalse();
            },
            kept);

    assertThatThrownBy(() -> run.run(Duration.ZERO, 10_000))
        .hasMessageContaining("CHUNKED, seed 1, input ")
        .hasMessageEndingWith(": 0\\x0d\\x0a\\x0d\\x0a");
    List<Path> files = files(kept.resolve("chunked"));
    assertThat(files).hasSize(1);
    assertThat(files.getFirst()).hasBinaryContent(Cuts.bytes("0\r\n\r\n"));
  }

  @Test
  void theSameSeedGivesTheSameInputs(@TempDir Path kept) throws InterruptedException {
    long[] sums = new long[2];
    for (int i = 0; i < sums.length; i++) {
      int run = i;
      new FuzzRun(
              3,
              (target, input, limits, seen) ->
                  sums[run] = 31 * sums[run] + java.util.Arrays.hashCode(input),
              kept)
          .run(Duration.ZERO, 1_000);
    }
    assertThat(sums[0]).isEqualTo(sums[1]).isNotZero();
  }

  @Test
  void aStateThatWasNotReachedIsNamed() {
    assertThat(new FuzzCoverage().missing())
        .contains(
            "never read a byte: body CHUNK_CR",
            "never refused a byte: chunk line QUOTED_PAIR",
            "never seen: REQUEST HOST")
        .doesNotContain("never refused a byte: body DATA", "never read a byte: body ENDED");
  }
}

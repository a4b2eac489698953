package dev.penstock.core.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.penstock.model.PathMatch;
import dev.penstock.model.RegexSize;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class PathRegexTest {
  private static final Logger SEEDS = LoggerFactory.getLogger("seed");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a{1000}){1000}",
        "((a{1000}){1000}){1000}",
        "((((a{1,31}){1,31}){1,31}){1,31})",
        "((?:){1000}){1000}",
        "\\Q[\\E(a{1000}){1000}",
        "[]](a{1000}){1000}[]]",
        "[^]](a{1000}){1000}]",
        "[\\]](a{1000}){1000}]",
        "[[:alpha:]](a{1000}){1000}]",
        "(a{0,1000}){0,1000}",
        "(?:a{1000,}){1000}",
        "(a?){1000}(a?){1000}",
        "(a?|b){999}",
        "\\pL{26}",
        "\\p{Greek}{26}",
        "[\\pL\\PN]{13}",
      })
  void aPatternThatWouldCompileToTooManyInstructionsIsRefusedUncompiled(String pattern) {
    assertThatThrownBy(() -> PathRegex.compile(new PathMatch.Regex(pattern, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("instructions");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "/(?i)something(/|$)(.*)",
        "/[^/]{1,255}/[^/]{1,255}/x",
        "/a{,5}{x}",
        "/\\{1000}{x",
      })
  void anOrdinaryPatternIsAccepted(String pattern) {
    assertThat(PathRegex.compile(new PathMatch.Regex(pattern, false))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[a", "a**{2}{3}", "(?<=a)b", "\\1", "a{1001}", "(?", "[", "\\"})
  void whatIsNoExpressionIsRefusedWithItsFault(String pattern) {
    assertThatThrownBy(() -> PathRegex.compile(new PathMatch.Regex(pattern, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not an RE2 expression: ");
  }

  @Test
  void theSizeIsNeverEstimatedTooLow() {
    long seed = new Random().nextLong();
    SEEDS.info("{}: {}", getClass().getSimpleName(), seed);
    Random random = new Random(seed);
    int compared = 0;
    for (int i = 0; i < 20_000; i++) {
      String pattern = pattern(random);
      long estimate = RegexSize.of(pattern);
      if (estimate > 20_000) continue;
      OptionalInt size = size(pattern);
      if (size.isEmpty()) continue;
      assertThat((long) size.getAsInt())
          .as("%s, seed %d", pattern, seed)
          .isLessThanOrEqualTo(estimate);
      compared++;
    }
    assertThat(compared).isGreaterThan(1_000);
  }

  private static OptionalInt size(String pattern) {
    try {
      return OptionalInt.of(Pattern.compile(pattern).programSize());
    } catch (PatternSyntaxException e) {
      return OptionalInt.empty();
    }
  }

  private static String pattern(Random random) {
    String[] parts = {
      "a", "(", ")", "(?:", "[", "]", "^", "{3}", "{2,4}", "{2,}", "{0,5}", "*", "+", "?", "|",
      "\\", "\\Q", "\\E", "[a]", "\\pL", ".", "$", "(?i)", "{", "}", "(a", "b)", "[^a-c]", "\\d",
      "\\b"
    };
    StringBuilder pattern = new StringBuilder();
    int length = 1 + random.nextInt(12);
    for (int i = 0; i < length; i++) pattern.append(parts[random.nextInt(parts.length)]);
    return pattern.toString();
  }

  /** On the stack of an event loop: 1 MiB is the JVM's default. */
  @Test
  void theDeepestAcceptedPatternDoesNotOverflowTheStack() throws InterruptedException {
    PathRegex regex = PathRegex.compile(new PathMatch.Regex("/((((a?)))){155}x", false));
    byte[] path = ("/" + "a".repeat(100)).getBytes(StandardCharsets.US_ASCII);
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(null, () -> regex.takes(path), "small stack", 512 << 10);
    thread.setUncaughtExceptionHandler((t, e) -> thrown[0] = e);
    thread.start();
    thread.join();
    assertThat(thrown[0]).isNull();
  }
}

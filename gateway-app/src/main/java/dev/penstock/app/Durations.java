package dev.penstock.app;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as flags write them: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}, {@code 0s}.
 */
final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private Durations() {}

  /**
   * The duration that {@code text} names.
   *
   * @throws IllegalArgumentException with what is wrong, when it names none
   */
  static Duration parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration such as 500ms, 10s, 2m or 1h");
    }
    long count = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }

  /** In the largest unit that keeps it whole, but seconds below two minutes. */
  static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) return millis + "ms";
    long seconds = millis / 1_000;
    if (seconds < 120 || seconds % 60 != 0) return seconds + "s";
    long minutes = seconds / 60;
    return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
  }
}

package dev.penstock.ingress.annotation;

import dev.penstock.model.text.NginxText;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts an annotation takes.
 *
 * @param accepts for the manual and for messages: what is accepted, with unit and range
 * @param reader empty when the text is not accepted
 */
public record Value<T>(String accepts, Function<String, Optional<T>> reader) {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})([bkmgBKMG]?)");

  /** As Go's {@code strconv.ParseBool}, which ingress-nginx uses. */
  public static final Value<Boolean> BOOL = new Value<>("true or false", NginxText::bool);

  /** A time in whole seconds; a unit behind the number is not accepted, as in ingress-nginx. */
  public static final Value<Duration> SECONDS =
      new Value<>(
          "a whole number of seconds from 1 to 2147483647, without a unit",
          text -> number(text, 1, Integer.MAX_VALUE).map(Duration::ofSeconds));

  public static final Value<Integer> COUNT =
      new Value<>(
          "a whole number from 0 to 2147483647",
          text -> number(text, 0, Integer.MAX_VALUE).map(Long::intValue));

  /** Bytes; the units are powers of 1,024, as in nginx. */
  public static final Value<Long> SIZE_BYTES =
      new Value<>(
          "a whole number of bytes with an optional unit b, k, m or g, such as 8m; 0 = no bound",
          Value::bytes);

  public Optional<T> parse(String text) {
    return reader.apply(text);
  }

  private static Optional<Long> number(String text, long min, long max) {
    if (!DIGITS.matcher(text).matches()) return Optional.empty();
    long number = Long.parseLong(text);
    return number < min || number > max ? Optional.empty() : Optional.of(number);
  }

  private static Optional<Long> bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    return matcher.matches()
        ? NginxText.bytes(matcher.group(1), matcher.group(2))
        : Optional.empty();
  }
}

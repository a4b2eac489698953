package dev.penstock.configmap;

import dev.penstock.model.text.NginxText;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts a key takes. All values of a ConfigMap are strings.
 *
 * @param accepts for the manual and for messages: what is accepted, with unit and range
 * @param reader empty when the text is not accepted
 */
record Syntax<T>(String accepts, Function<String, Optional<T>> reader) {
  /** Longer values are of no key; a log format is a tenth of this. */
  static final int CHARS_MAX = 8 * 1024;

  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([bkmgBKMG]?)");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)?");
  private static final Pattern FRACTION = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]{0,4}:[0-9a-fA-F:.]{1,40}");
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final Pattern NAMESPACED =
      Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9][-.a-z0-9]{0,252}");
  private static final Pattern STATUS = Pattern.compile("[345][0-9]{2}");
  private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]{1,256}");

  /** As Go's {@code strconv.ParseBool}, which ingress-nginx uses. */
  static final Syntax<Boolean> BOOL = new Syntax<>("true or false", NginxText::bool);

  static final Syntax<Integer> COUNT = number(0, Integer.MAX_VALUE);

  /** Bytes; the units are powers of 1,024, as in nginx. */
  static final Syntax<Long> SIZE_BYTES =
      new Syntax<>("a number of bytes with an optional unit b, k, m or g", Syntax::bytes);

  /** As nginx writes times; without a unit these are seconds. */
  static final Syntax<Duration> DURATION =
      new Syntax<>("a time such as 500ms, 60s, 10m or 1h, seconds without a unit", Syntax::time);

  static final Syntax<Duration> DURATION_POSITIVE =
      new Syntax<>(
          "a time such as 60s, 10m or 1h, at least 1 s, seconds without a unit",
          text -> time(text).filter(time -> time.toSeconds() >= 1));

  static final Syntax<Double> RATIO =
      new Syntax<>(
          "a number from 0 to 1",
          text ->
              FRACTION.matcher(text).matches()
                  ? Optional.of(Double.parseDouble(text)).filter(ratio -> ratio <= 1)
                  : Optional.empty());

  /** Of any number of lines. */
  static final Syntax<String> TEXT = new Syntax<>("text", Optional::of);

  /** Anything on one line. */
  static final Syntax<String> LINE =
      new Syntax<>(
          "text on one line",
          text ->
              text.chars().noneMatch(Character::isISOControl)
                  ? Optional.of(text)
                  : Optional.empty());

  /** Separated by commas; spaces around the items do not count. */
  static final Syntax<List<String>> LIST =
      new Syntax<>("a list separated by commas", text -> LINE.parse(text).map(Syntax::items));

  static final Syntax<List<String>> CIDRS =
      new Syntax<>(
          "a list of addresses or networks such as 10.0.0.0/8, separated by commas",
          text -> items(text, Syntax::isCidr));

  static final Syntax<List<String>> FIELD_NAMES =
      new Syntax<>(
          "a list of header names, separated by commas",
          text -> items(text, item -> TOKEN.matcher(item).matches()));

  static final Syntax<List<String>> STATUSES =
      new Syntax<>(
          "a list of statuses from 300 to 599, separated by commas",
          text -> items(text, item -> STATUS.matcher(item).matches()));

  static final Syntax<String> FIELD_NAME =
      new Syntax<>("a header name", text -> matching(text, TOKEN));

  static final Syntax<String> NAMESPACED_NAME =
      new Syntax<>("namespace/name", text -> matching(text, NAMESPACED));

  /** Seconds without a unit, as ingress-nginx's {@code int} keys have them. */
  static final Syntax<Duration> SECONDS =
      new Syntax<>(
          "a whole number of seconds from 1 to 2147483647, without a unit",
          text -> number(1, Integer.MAX_VALUE).parse(text).map(Duration::ofSeconds));

  static Syntax<Integer> number(int min, int max) {
    return new Syntax<>(
        max == Integer.MAX_VALUE
            ? "a whole number of at least " + min
            : "a whole number from " + min + " to " + max,
        text -> {
          if (!WHOLE.matcher(text).matches()) return Optional.empty();
          long number = Long.parseLong(text);
          return number < min || number > max ? Optional.empty() : Optional.of((int) number);
        });
  }

  static Syntax<String> oneOf(String... words) {
    List<String> known = List.of(words);
    return new Syntax<>(
        "one of " + String.join(", ", known),
        text -> known.contains(text) ? Optional.of(text) : Optional.empty());
  }

  /** Some of these words, separated by spaces. */
  static Syntax<List<String>> someOf(String... words) {
    List<String> known = List.of(words);
    return new Syntax<>(
        "some of " + String.join(", ", known) + ", separated by spaces",
        text -> {
          List<String> items = List.of(text.split(" +"));
          return known.containsAll(items) ? Optional.of(items) : Optional.empty();
        });
  }

  /** Empty when the text is not accepted. */
  Optional<T> parse(String text) {
    return text.length() > CHARS_MAX ? Optional.empty() : reader.apply(text);
  }

  private static Optional<Long> bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    return matcher.matches()
        ? NginxText.bytes(matcher.group(1), matcher.group(2))
        : Optional.empty();
  }

  private static Optional<Duration> time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) return Optional.empty();
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    Duration time =
        switch (unit) {
          case "ms" -> Duration.ofMillis(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofSeconds(number);
        };
    return time.toSeconds() <= Integer.MAX_VALUE ? Optional.of(time) : Optional.empty();
  }

  private static List<String> items(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static Optional<List<String>> items(String text, Predicate<String> fits) {
    return Optional.of(items(text)).filter(items -> items.stream().allMatch(fits));
  }

  private static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean isIpv4 = IPV4.matcher(address).matches();
    if (!isIpv4 && !IPV6.matcher(address).matches()) return false;
    int bitsMax = isIpv4 ? IPV4_BITS : IPV6_BITS;
    if (slash >= 0 && number(0, bitsMax).parse(text.substring(slash + 1)).isEmpty()) return false;
    try {
      InetAddress.ofLiteral(address);
      return true;
    } catch (IllegalArgumentException noAddress) {
      return false;
    }
  }

  private static Optional<String> matching(String text, Pattern pattern) {
    return pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }
}

package dev.penstock.model.text;

import java.util.Optional;
import java.util.Set;

/** What ingress-nginx and nginx take for a truth value and for a size, in annotations and keys. */
public final class NginxText {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  private NginxText() {}

  /** As Go's {@code strconv.ParseBool}, which ingress-nginx uses; empty when it is neither. */
  public static Optional<Boolean> bool(String text) {
    if (TRUE.contains(text)) return Optional.of(true);
    return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }

  /**
   * Bytes; the units are powers of 1,024, as in nginx.
   *
   * @param digits of a number that a {@code long} holds
   * @param unit k, m or g, or the same in upper case; anything else is bytes
   * @return empty when a {@code long} does not hold it
   */
  public static Optional<Long> bytes(String digits, String unit) {
    int shift =
        switch (unit) {
          case "k", "K" -> 10;
          case "m", "M" -> 20;
          case "g", "G" -> 30;
          default -> 0;
        };
    long number = Long.parseLong(digits);
    return number > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(number << shift);
  }
}

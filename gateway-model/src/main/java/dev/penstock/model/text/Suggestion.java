package dev.penstock.model.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** "Did you mean": the known word that is nearest to an unknown one. */
public final class Suggestion {
  /** Words longer than this are not compared: the cost is the product of both lengths. */
  private static final int WORD_CHARS_MAX = 80;

  /** Known words that a message lists. */
  private static final int LISTED_MAX = 12;

  private Suggestion() {}

  /** {@code ; did you mean 'x'?}, or the empty text when nothing is near. */
  public static String near(String word, Collection<String> known) {
    String nearest = nearest(word, known);
    return nearest.isEmpty() ? "" : "; did you mean " + Quote.of(nearest) + "?";
  }

  /** The known word that may have been meant; empty when none is near. */
  public static String nearest(String word, Collection<String> known) {
    if (word.length() > WORD_CHARS_MAX) return "";
    String lower = word.toLowerCase(Locale.ROOT);
    int allowed = Math.max(1, Math.min(3, word.length() / 3));
    record Near(String word, int distance) {}
    return known.stream()
        .map(candidate ->
            new Near(candidate, distance(lower, candidate.toLowerCase(Locale.ROOT), allowed)))
        .filter(near -> near.distance <= allowed)
        .min(Comparator.comparingInt(Near::distance).thenComparing(Near::word))
        .map(Near::word)
        .orElse("");
  }

  /** The known words for a message: {@code 'a', 'b' and 3 more}; {@code none} when empty. */
  public static String list(Collection<String> known) {
    if (known.isEmpty()) return "none";
    List<String> first = known.stream().sorted().limit(LISTED_MAX).toList();
    String listed = first.stream().map(Quote::of).collect(Collectors.joining(", "));
    int more = known.size() - first.size();
    return more == 0 ? listed : listed + " and " + more + " more";
  }

  /**
   * Insertions, deletions, replacements, and two letters swapped, each counted as one. An object
   * may hold thousands of unknown words, so only what can still be near is looked at.
   *
   * @param max a distance above it is some number above it
   */
  static int distance(String a, String b, int max) {
    if (Math.abs(a.length() - b.length()) > max) return max + 1;
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) previous[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      int first = Math.max(1, i - max);
      int last = Math.min(b.length(), i + max);
      current[first - 1] = first == 1 ? i : max + 1;
      int least = current[first - 1];
      for (int j = first; j <= last; j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int above = j < i + max ? previous[j] : max;
        current[j] = Math.min(replaced, 1 + Math.min(above, current[j - 1]));
        if (isSwapped(a, b, i, j)) current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
        least = Math.min(least, current[j]);
      }
      if (least > max) return least;
      int[] oldest = beforePrevious;
      beforePrevious = previous;
      previous = current;
      current = oldest;
    }
    return previous[b.length()];
  }

  private static boolean isSwapped(String a, String b, int i, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}

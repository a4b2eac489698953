package dev.penstock.core.router;

import dev.penstock.model.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The paths of one virtual host. Of the rules that take a path, the first in {@link
 * PathMatch#MOST_SPECIFIC_FIRST} order wins: the longest; at equal length Exact, Prefix, Regex
 * (Kubernetes {@code networking/v1}: "longest matching path first; at equal length Exact before
 * Prefix").
 *
 * <p>One pass over the path hashes it; at each segment's end the hash so far is looked up among the
 * prefixes, at the path's end among the exact paths. The pass stops where no rule can reach, and
 * probes no deeper than the deepest rule, so a long path of many segments costs no more than the
 * longest rule would. Only where a host has regexes, and only those that precede what was found,
 * are they tried, one by one.
 *
 * <p>Immutable; looked up by any thread.
 */
public final class PathTree<T> {
  /**
   * @param match its path may be written with any escapes; it is canonicalised
   * @param value what a look-up answers
   */
  public record Rule<T>(PathMatch match, T value) {}

  /** A regex that cannot be compiled and therefore takes no path; {@code why} is for a person. */
  public record Fault(PathMatch.Regex match, String why) {}

  private record NumberedRegex(int rule, PathRegex regex) {}

  /** How an index is made of its keys. */
  interface IndexFactory {
    KeyIndex index(List<KeyIndex.Key> keys);
  }

  /**
   * Instructions of regexes times bytes of a path, for one look-up: some ten milliseconds. A loop
   * does nothing else meanwhile.
   */
  public static final int REGEX_WORK_MAX = 250_000;

  /** The lowest bit of a key's hash says its kind, so that the kinds never equal each other. */
  private static final int EXACT = 1;

  private static final int PREFIX = 0;

  private final Object[] values;

  /** Exact paths and prefixes (without trailing slash), told apart by one bit of their hashes. */
  private final KeyIndex index;

  /** Bit n is set where a key has n bytes, modulo 64: most probes need not be made. */
  private final long exactLengths;

  private final long prefixLengths;

  /** Bytes of the longest key; nothing behind them can make a difference. */
  private final int keyBytesMax;

  /** Segments of the deepest prefix, and one for the prefix {@code /}; 0 without prefixes. */
  private final int prefixProbesMax;

  private final NumberedRegex[] regexes;

  /** Bytes of a path for which all regexes may be tried. */
  private final int regexPathBytesMax;

  private final List<Fault> faults;

  private PathTree(List<Rule<T>> rules, IndexFactory indexes) {
    List<KeyIndex.Key> exactKeys = new ArrayList<>();
    List<KeyIndex.Key> prefixKeys = new ArrayList<>();
    List<NumberedRegex> compiled = new ArrayList<>();
    List<Fault> uncompiled = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      switch (rules.get(i).match) {
        case PathMatch.Exact(String path) -> exactKeys.add(key(path, EXACT, i));
        case PathMatch.Prefix(String path) ->
            prefixKeys.add(key(withoutTrailingSlash(path), PREFIX, i));
        case PathMatch.Regex regex -> {
          try {
            compiled.add(new NumberedRegex(i, PathRegex.compile(regex)));
          } catch (IllegalArgumentException e) {
            uncompiled.add(new Fault(regex, String.valueOf(e.getMessage())));
          }
        }
      }
    }
    this.values = rules.stream().map(Rule::value).toArray();
    this.exactLengths = lengths(exactKeys);
    this.prefixLengths = lengths(prefixKeys);
    List<KeyIndex.Key> keys = new ArrayList<>(exactKeys);
    keys.addAll(prefixKeys);
    this.index = indexes.index(keys);
    this.keyBytesMax = keys.stream().mapToInt(key -> key.bytes().length).max().orElse(0);
    this.prefixProbesMax = prefixKeys.stream().mapToInt(PathTree::segments).max().orElse(-1) + 1;
    this.regexes = compiled.toArray(NumberedRegex[]::new);
    long instructions =
        rules.stream()
            .mapToLong(rule -> rule.match instanceof PathMatch.Regex r ? r.instructions() : 0)
            .sum();
    this.regexPathBytesMax = (int) (REGEX_WORK_MAX / Math.max(1, instructions));
    this.faults = List.copyOf(uncompiled);
  }

  /**
   * @param rules in any order. Of those that are the same rule (two prefixes that differ in a
   *     trailing slash, two spellings of one path) the first in {@link
   *     PathMatch#MOST_SPECIFIC_FIRST} order counts: {@code /foo} before {@code /foo/}; if equal
   *     there, the first in the list
   */
  public static <T> PathTree<T> of(List<Rule<T>> rules) {
    return of(rules, keys -> new KeyIndex(keys, false));
  }

  static <T> PathTree<T> of(List<Rule<T>> rules, IndexFactory indexes) {
    List<Rule<T>> ordered = new ArrayList<>(rules.size());
    for (Rule<T> rule : rules) ordered.add(new Rule<>(RulePath.canonical(rule.match), rule.value));
    ordered.sort(Comparator.comparing(Rule::match, PathMatch.MOST_SPECIFIC_FIRST));
    return new PathTree<>(ordered, indexes);
  }

  /** Regexes that were set aside; in order. */
  public List<Fault> faults() {
    return faults;
  }

  /**
   * The value of the rule that takes this path; none takes one for which the regexes would cost too
   * much. Allocates only when regexes have to be tried.
   *
   * @param bytes read only; a canonical absolute path, without query, from {@code start} to before
   *     {@code end}
   */
  @SuppressWarnings("unchecked") // values come from List<Rule<T>>
  public @Nullable T find(byte[] bytes, int start, int end) {
    int rule = literal(bytes, start, end);
    if (regexes.length > 0) {
      if (end - start > regexPathBytesMax) return null;
      rule = regexBefore(rule, bytes, start, end);
    }
    return rule == KeyIndex.NONE ? null : (T) values[rule];
  }

  private int literal(byte[] bytes, int start, int end) {
    int stop = end - start <= keyBytesMax ? end : start + keyBytesMax;
    int found = KeyIndex.NONE;
    int depth = 0;
    long hash = KeyIndex.SEED;
    for (int i = start; i < stop; i++) {
      byte next = bytes[i];
      if (next == '/' && depth++ < prefixProbesMax) {
        int prefix = prefix(hash, bytes, start, i);
        if (prefix != KeyIndex.NONE) found = prefix;
      }
      hash = KeyIndex.step(hash, next);
    }
    if (stop == end && (exactLengths >>> (end - start) & 1) != 0) {
      int exact = index.find(KeyIndex.finish(hash) | EXACT, bytes, start, end);
      if (exact != KeyIndex.NONE) return exact;
    }
    if (depth < prefixProbesMax && (stop == end || bytes[stop] == '/')) {
      int prefix = prefix(hash, bytes, start, stop);
      if (prefix != KeyIndex.NONE) found = prefix;
    }
    return found;
  }

  private int prefix(long hash, byte[] bytes, int start, int end) {
    if ((prefixLengths >>> (end - start) & 1) == 0) return KeyIndex.NONE;
    return index.find(KeyIndex.finish(hash) & ~EXACT, bytes, start, end);
  }

  private int regexBefore(int found, byte[] bytes, int start, int end) {
    byte @Nullable [] path = null;
    for (NumberedRegex candidate : regexes) {
      if (found != KeyIndex.NONE && candidate.rule > found) return found;
      if (path == null) path = Arrays.copyOfRange(bytes, start, end);
      if (candidate.regex.takes(path)) return candidate.rule;
    }
    return found;
  }

  private static KeyIndex.Key key(String text, int kind, int number) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    long hash = KeyIndex.SEED;
    for (byte next : bytes) hash = KeyIndex.step(hash, next);
    return new KeyIndex.Key(bytes, KeyIndex.finish(hash) & ~EXACT | kind, number);
  }

  private static String withoutTrailingSlash(String prefix) {
    return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
  }

  private static long lengths(List<KeyIndex.Key> keys) {
    long lengths = 0;
    for (KeyIndex.Key key : keys) lengths |= 1L << key.bytes().length;
    return lengths;
  }

  private static int segments(KeyIndex.Key key) {
    int segments = 0;
    for (byte next : key.bytes()) {
      if (next == '/') segments++;
    }
    return segments;
  }
}

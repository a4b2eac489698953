package dev.penstock.model;

import java.util.Comparator;

/**
 * Which request paths a route takes. Paths are canonical (escapes decoded where they may be, no dot
 * segments, no double slashes) before they are compared; matching is case-sensitive unless said
 * otherwise.
 *
 * <p>Source: Kubernetes {@code networking/v1} HTTPIngressPath.pathType.
 */
public sealed interface PathMatch {
  /** As written in the source object. */
  String text();

  /** The same path and nothing else: {@code /foo} refuses {@code /foo/}. */
  record Exact(String path) implements PathMatch {
    public Exact {
      requireAbsolute(path);
    }

    @Override
    public String text() {
      return path;
    }
  }

  /**
   * Whole segments only: {@code /api} takes {@code /api}, {@code /api/} and {@code /api/v1} and
   * refuses {@code /apis}. A trailing slash has no meaning: {@code /api/} is the same rule as
   * {@code /api}. {@code /} takes everything.
   */
  record Prefix(String path) implements PathMatch {
    public Prefix {
      requireAbsolute(path);
    }

    @Override
    public String text() {
      return path;
    }
  }

  /**
   * An RE2/J expression, matched from the start of the path, without an anchor at its end.
   *
   * @param pattern at most 1,000 characters
   * @param caseInsensitive as ingress-nginx's {@code location ~*}
   */
  record Regex(String pattern, boolean caseInsensitive) implements PathMatch {
    /** Characters; a longer pattern sets its object aside (security.md, Default limits). */
    public static final int PATTERN_CHARS_MAX = 1_000;

    /**
     * Instructions that the pattern may compile to. RE2/J follows those that take no character by
     * recursion, one stack frame each: 9,000 of them overflow a 1 MiB stack; and each may be looked
     * at for every character of a path. Real patterns need tens.
     */
    public static final int INSTRUCTIONS_MAX = 2_500;

    public Regex {
      Check.notBlank("pattern", pattern);
      Check.inRange("pattern length", pattern.length(), 1, PATTERN_CHARS_MAX);
      Check.inRange(
          "instructions",
          (int) Math.min(RegexSize.of(pattern), Integer.MAX_VALUE),
          0,
          INSTRUCTIONS_MAX);
    }

    /**
     * An upper bound of what the pattern compiles to: what it costs for each character of a path.
     */
    public int instructions() {
      return Math.toIntExact(RegexSize.of(pattern));
    }

    @Override
    public String text() {
      return pattern;
    }
  }

  /** Exact before Prefix before Regex at equal length. */
  private int rank() {
    return switch (this) {
      case Exact ignored -> 0;
      case Prefix ignored -> 1;
      case Regex ignored -> 2;
    };
  }

  /** Length that counts for precedence: a Prefix's trailing slash does not. */
  private int length() {
    return this instanceof Prefix prefix && prefix.path.endsWith("/") && prefix.path.length() > 1
        ? prefix.path.length() - 1
        : text().length();
  }

  /**
   * The longest path first; at equal length Exact, Prefix, Regex; then by text. Total, so that
   * equal input compiles to an equal router.
   */
  Comparator<PathMatch> MOST_SPECIFIC_FIRST =
      Comparator.comparingInt(PathMatch::length)
          .reversed()
          .thenComparingInt(PathMatch::rank)
          .thenComparing(PathMatch::text)
          .thenComparing(PathMatch::toString);

  private static void requireAbsolute(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path must begin with '/', was '" + path + "'");
    }
  }
}

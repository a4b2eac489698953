package dev.penstock.core.router;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.penstock.model.PathMatch;

/**
 * A compiled {@link PathMatch.Regex}: RE2/J, anchored at the start of the path, open at its end.
 * Time is linear in the path for every pattern; the factor is the size of the program, so that is
 * bounded, before compiling (a pattern of 15 characters can ask for a million instructions) and
 * again after.
 */
final class PathRegex {
  /**
   * The policy allows 10,000. RE2/J follows instructions that take no character by recursion, one
   * stack frame each: 9,000 of them overflow a 1 MiB stack, and 8,000 can cost 0.9 s on a path of 8
   * KiB. Real patterns need tens.
   */
  static final int INSTRUCTIONS_MAX = 2_500;

  private final Pattern pattern;

  private PathRegex(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * @throws IllegalArgumentException with the reason, for a person, when the pattern is no RE2
   *     expression or too large
   */
  static PathRegex compile(PathMatch.Regex regex) {
    RegexSize.requireAtMost(INSTRUCTIONS_MAX, regex.pattern());
    try {
      int flags = regex.caseInsensitive() ? Pattern.CASE_INSENSITIVE : 0;
      Pattern pattern = Pattern.compile(regex.pattern(), flags);
      RegexSize.requireAtMost(INSTRUCTIONS_MAX, pattern.programSize());
      return new PathRegex(pattern);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "not an RE2 expression: " + e.getDescription() + " '" + e.getPattern() + "'", e);
    }
  }

  /** Allocates. */
  boolean takes(byte[] path) {
    return pattern.matcher(path).lookingAt();
  }
}

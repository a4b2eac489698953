package dev.penstock.core.router;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.penstock.model.PathMatch;

/**
 * A compiled {@link PathMatch.Regex}: RE2/J, anchored at the start of the path, open at its end.
 * Time is linear in the path for every pattern; the factor is the size of the program, which {@link
 * PathMatch.Regex#INSTRUCTIONS_MAX} bounds.
 */
final class PathRegex {
  private final Pattern pattern;

  private PathRegex(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * @throws IllegalArgumentException with the reason, for a person, when the pattern is no RE2
   *     expression
   */
  static PathRegex compile(PathMatch.Regex regex) {
    try {
      int flags = regex.caseInsensitive() ? Pattern.CASE_INSENSITIVE : 0;
      return new PathRegex(Pattern.compile(regex.pattern(), flags));
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

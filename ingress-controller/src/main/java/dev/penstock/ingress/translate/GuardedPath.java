package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressObject;
import dev.penstock.model.PathMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an Ingress that denies its routes closes in place of a path that cannot be read. Were such a
 * path left out, its requests would fall through to a broader route of somebody else, which knows
 * nothing of the protection. So the longest part of the path that has one meaning only is closed:
 * this may close more than was meant, never less than what begins with that part.
 */
final class GuardedPath {
  private static final PathMatch EVERYTHING = new PathMatch.Prefix("/");

  /** Each character takes at most two in a pattern. */
  private static final int CHARS_MAX = PathMatch.Regex.PATTERN_CHARS_MAX / 2;

  private static final String LITERAL_EXTRA = "/._-~";
  private static final String LITERAL_IN_REGEX_EXTRA = "/_-";
  private static final String QUANTIFIERS = "?*+{";

  private GuardedPath() {}

  /**
   * A Prefix where the path is plain text; otherwise what begins with its first plain characters,
   * in any case of letters if the paths are expressions; the whole host if there are none.
   *
   * @param isRegex the annotations of the Ingress make its paths regular expressions
   */
  static PathMatch of(IngressObject.Path rule, boolean isRegex) {
    // An alternative may begin with anything.
    if (isRegex && rule.path().indexOf('|') >= 0) return EVERYTHING;
    String path = canonical(rule.path());
    int end = literalEnd(path, isRegex);
    boolean isWhole = end == path.length();
    if (isRegex && !isWhole && QUANTIFIERS.indexOf(path.charAt(end)) >= 0) end--;
    if (end <= 1) return EVERYTHING;
    String literal = path.substring(0, end);
    if (isWhole && !isRegex) return new PathMatch.Prefix(literal);
    return new PathMatch.Regex(literal.replace(".", "\\."), isRegex);
  }

  private static int literalEnd(String path, boolean isRegex) {
    String extra = isRegex ? LITERAL_IN_REGEX_EXTRA : LITERAL_EXTRA;
    int end = 0;
    while (end < Math.min(path.length(), CHARS_MAX)) {
      char c = path.charAt(end);
      boolean isPlain = c < 0x80 && Character.isLetterOrDigit(c) || extra.indexOf(c) >= 0;
      if (!isPlain) break;
      end++;
    }
    return end;
  }

  /** Absolute, without dot segments and double slashes; {@code /} where an escape hides a dot. */
  private static String canonical(String path) {
    if (path.toLowerCase(Locale.ROOT).contains("%2e")) return "/";
    List<String> kept = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..") && !kept.isEmpty()) kept.removeLast();
      boolean isDots = segment.equals(".") || segment.equals("..");
      if (!isDots && !segment.isEmpty()) kept.add(segment);
    }
    boolean isOpen = path.endsWith("/") && !kept.isEmpty();
    return "/" + String.join("/", kept) + (isOpen ? "/" : "");
  }
}

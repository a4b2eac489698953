package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressObject;
import dev.penstock.model.PathMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an Ingress that denies its routes closes in place of a path that cannot be read. Were such a
 * path left out, its requests would fall through to a broader route of somebody else, which knows
 * nothing of the protection. So the longest part of the path that has one meaning only is closed:
 * this may close more than was meant, never less than what begins with that part.
 */
final class GuardedPath {
  private static final int PATTERN_CHARS_MAX = PathMatch.Regex.PATTERN_CHARS_MAX;

  /** Each character takes at most two in a pattern. */
  private static final int CHARS_MAX = PATTERN_CHARS_MAX / 2;

  /** Takes nothing more; the longest pattern goes first. */
  private static final String WEIGHT = ".*?";

  private static final String LITERAL_EXTRA = "/._-~";
  private static final String LITERAL_IN_REGEX_EXTRA = "/_-";
  private static final String QUANTIFIERS = "?*+{";

  private static final Pattern EXPRESSION = Pattern.compile("[?*+|()\\[\\]^$\\\\]|\\{[0-9,]");

  /** Before a path: scheme and host, or a modifier of nginx's {@code location}. */
  private static final Pattern NO_PATH =
      Pattern.compile("^\\s*([A-Za-z][A-Za-z0-9+.-]*://[^/]*|(=|\\^~|~\\*?)\\s*)(?=[/^])");

  private static final Pattern LEADING_SLASHES = Pattern.compile("^/+");
  private static final Pattern DOUBLE_SLASH = Pattern.compile("//+");

  private GuardedPath() {}

  /**
   * Where the path is plain text, that text as an Exact and as a Prefix path, either of which may
   * have been meant. Otherwise what begins with its first plain characters, in any case of letters
   * if the paths are expressions; without such characters, every path. Text that looks like an
   * expression is closed by what it begins with if it is one. Nothing of it gives way to a match
   * that the path itself, were it readable, would go before.
   *
   * @param isRegex the annotations of the Ingress make its paths regular expressions
   */
  static List<PathMatch> of(IngressObject.Path rule, boolean isRegex) {
    String written = NO_PATH.matcher(rule.path()).replaceFirst("");
    if (!isRegex && looksLikeExpression(written)) return ofLikelyExpression(written);
    boolean isPlainText = !isRegex && !hidesDots(written) && !written.isEmpty();
    String path = canonical(written);
    int end = literalEnd(path, isRegex);
    boolean isWhole = end == path.length();
    if (isWhole && isPlainText)
      return List.of(new PathMatch.Exact(path), new PathMatch.Prefix(path));
    if (isRegex && !isWhole && QUANTIFIERS.indexOf(path.charAt(end)) >= 0) end--;
    // An alternative may begin with anything.
    if (isRegex && written.indexOf('|') >= 0) end = 1;
    String literal = path.substring(0, Math.max(1, end));
    return List.of(weighed(literal.replace(".", "\\."), Math.max(1, written.length()), isRegex));
  }

  /**
   * Whether a path that should be plain text holds what only expressions do. A dot alone does not
   * count: names of files have one.
   */
  static boolean looksLikeExpression(String path) {
    return EXPRESSION.matcher(path).find();
  }

  /** What each of its alternatives begins with, be the dots in it dots or any character. */
  private static List<PathMatch> ofLikelyExpression(String path) {
    Set<String> starts = new LinkedHashSet<>();
    for (String alternative : alternatives(path)) {
      String text = alternative.strip();
      if (text.startsWith("^")) text = text.substring(1);
      starts.add(startOfExpression(canonical(text)));
      starts.add(startOfExpression("/" + LEADING_SLASHES.matcher(text).replaceFirst("")));
    }
    return starts.stream().map(start -> weighed(start, path.length(), true)).toList();
  }

  /** Before the first character that may mean something, and before what a quantifier is for. */
  private static String startOfExpression(String path) {
    String text = DOUBLE_SLASH.matcher(path).replaceAll("/");
    int end = literalEnd(text, true);
    if (end < text.length() && QUANTIFIERS.indexOf(text.charAt(end)) >= 0) end--;
    return text.substring(0, Math.max(1, end));
  }

  /** Those outside of all parentheses; all there are when these do not match. */
  private static List<String> alternatives(String path) {
    List<String> found = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    for (int i = 0; i < path.length(); i++) {
      switch (path.charAt(i)) {
        case '\\' -> i++;
        case '(' -> depth++;
        case ')' -> depth--;
        case '|' -> {
          if (depth != 0) continue;
          found.add(path.substring(begin, i));
          begin = i + 1;
        }
        default -> {}
      }
    }
    if (depth != 0) return List.of(path.split("\\|", -1));
    found.add(path.substring(begin));
    return found;
  }

  /** A pattern that goes before everything that is no longer than the path as it is written. */
  private static PathMatch weighed(String pattern, int pathChars, boolean isRegex) {
    StringBuilder weighed = new StringBuilder(pattern);
    while (weighed.length() <= pathChars
        && weighed.length() + WEIGHT.length() <= PATTERN_CHARS_MAX) {
      weighed.append(WEIGHT);
    }
    return new PathMatch.Regex(weighed.toString(), isRegex);
  }

  /** What is closed begins with this. */
  static String shown(PathMatch closed) {
    return closed instanceof PathMatch.Regex
        ? closed.text().replace(WEIGHT, "").replace("\\.", ".")
        : closed.text();
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

  private static boolean hidesDots(String path) {
    return path.toLowerCase(Locale.ROOT).contains("%2e");
  }

  /** Absolute, without dot segments and double slashes; {@code /} where an escape hides a dot. */
  private static String canonical(String path) {
    if (hidesDots(path)) return "/";
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

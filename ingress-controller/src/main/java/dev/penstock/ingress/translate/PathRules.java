package dev.penstock.ingress.translate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.PathMatch;
import dev.penstock.model.RegexSize;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * From {@code path} and {@code pathType} to a {@link PathMatch}. Requests are compared by their
 * canonical path (unreserved escapes decoded, other escapes in upper case, no dot segment, no
 * double slash), so a rule that is not canonical itself could never match: it is refused, with the
 * spelling that does.
 *
 * <p>Exact and Prefix paths hold {@code A-Z a-z 0-9 . _ - /} only (ingress-nginx {@code
 * strict-validate-path-type}); ImplementationSpecific is a Prefix with every character that RFC
 * 3986 allows in a path.
 */
final class PathRules {
  private static final List<String> TYPES = List.of("Exact", "Prefix", "ImplementationSpecific");
  private static final String STRICT_EXTRA = "._-/";

  /** RFC 3986 §3.3: unreserved, sub-delims, ':' and '@'; the escape is looked at apart. */
  private static final String PCHAR_EXTRA = "._-/~!$&'()*+,;=:@%";

  /** But for its first character it is a path. */
  private static final java.util.regex.Pattern RELATIVE =
      java.util.regex.Pattern.compile("[A-Za-z0-9._-]+(/.*)?");

  private final IngressObject.Path rule;
  private final String field;
  private final int pathCharsMax;
  private final Complaints diagnostics;

  private PathRules(
      IngressObject.Path rule, String field, int pathCharsMax, Complaints diagnostics) {
    this.rule = rule;
    this.field = field;
    this.pathCharsMax = pathCharsMax;
    this.diagnostics = diagnostics;
  }

  /**
   * @param field of the rule, such as {@code spec.rules[0].http.paths[1]}
   * @param isRegex the annotations of the Ingress make its paths regular expressions
   * @param pathCharsMax no request can have a longer path
   * @param diagnostics takes the complaints
   * @return null when the path is set aside
   */
  static @Nullable PathMatch read(
      IngressObject.Path rule,
      String field,
      boolean isRegex,
      int pathCharsMax,
      Complaints diagnostics) {
    PathRules rules = new PathRules(rule, field, pathCharsMax, diagnostics);
    return rules.match(isRegex);
  }

  private @Nullable PathMatch match(boolean isRegex) {
    String type = rule.pathType();
    if (!type.isEmpty() && !TYPES.contains(type)) {
      error(
          ".pathType",
          Quote.sentence(Quote.of(type) + " is no path type" + Suggestion.near(type, TYPES))
              + " Accepted: Exact, Prefix, ImplementationSpecific; this path is set aside");
      return null;
    }
    if (type.isEmpty()) {
      diagnostics.add(
          Diagnostic.warning(
              rule.source(),
              field + ".pathType",
              "is missing; it is read as Prefix, but the Kubernetes API refuses it: write"
                  + " pathType: Prefix"));
    }
    boolean isStrict = type.equals("Exact") || type.equals("Prefix");
    String path = rule.path();
    if (path.isEmpty() && !isStrict) path = "/";
    if (!isAbsolute(path, type)) return null;
    if (isRegex) return regex(path);
    String fault = charactersFault(path, isStrict);
    if (fault.isEmpty()) fault = canonicalFault(path);
    if (!fault.isEmpty()) {
      error(".path", Quote.of(path) + " " + fault + "; this path is set aside");
      return null;
    }
    if (!isStrict && path.chars().anyMatch(c -> "()*$+".indexOf(c) >= 0)) {
      diagnostics.add(
          Diagnostic.warning(
              rule.source(),
              field + ".path",
              Quote.of(path)
                  + " is taken literally, character by character, though it looks like a regular"
                  + " expression"));
    }
    return type.equals("Exact") ? new PathMatch.Exact(path) : new PathMatch.Prefix(path);
  }

  private boolean isAbsolute(String path, String type) {
    String fault = "";
    if (path.isEmpty()) {
      fault = "is empty, which pathType " + type + " does not allow; write path: /";
    } else if (path.charAt(0) != '/') {
      fault = Quote.of(path) + " does not begin with '/'; " + adviceForRelative(path);
    } else if (path.length() > pathCharsMax) {
      fault =
          "is "
              + path.length()
              + " characters long; no request line over "
              + pathCharsMax
              + " bytes is accepted, so that it could never match";
    }
    if (fault.isEmpty()) return true;
    error(".path", fault + "; this path is set aside");
    return false;
  }

  private static String adviceForRelative(String path) {
    return RELATIVE.matcher(path).matches()
        ? "write " + Quote.of("/" + path)
        : "a path begins with '/', without a scheme, a host or a modifier before it";
  }

  private @Nullable PathMatch regex(String path) {
    String fault = "";
    if (Quote.holdsControl(path)) {
      fault = "holds a control character";
    } else if (path.length() > PathMatch.Regex.PATTERN_CHARS_MAX) {
      fault = "is longer than " + PathMatch.Regex.PATTERN_CHARS_MAX + " characters";
    } else if (RegexSize.of(path) > PathMatch.Regex.INSTRUCTIONS_MAX) {
      fault =
          "compiles to "
              + RegexSize.of(path)
              + " instructions, more than "
              + PathMatch.Regex.INSTRUCTIONS_MAX
              + "; use fewer or smaller counted repetitions";
    } else {
      try {
        Pattern.compile(path);
      } catch (PatternSyntaxException malformed) {
        fault = "is no RE2 expression (" + Quote.plain(malformed.getDescription()) + ")";
      }
    }
    if (fault.isEmpty()) return new PathMatch.Regex(path, true);
    error(".path", Quote.of(path) + " " + fault + "; this path is set aside");
    return null;
  }

  private static String charactersFault(String path, boolean isStrict) {
    String extra = isStrict ? STRICT_EXTRA : PCHAR_EXTRA;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (isLetterOrDigit(c) || extra.indexOf(c) >= 0) continue;
      String found = "holds " + Quote.of(String.valueOf(c)) + ", ";
      if (c == '?' || c == '#') return found + "but a rule looks at the path alone";
      if (isStrict && !Quote.holdsControl(path)) {
        return found
            + "but Exact and Prefix paths hold A-Z a-z 0-9 . _ - / only; write pathType:"
            + " ImplementationSpecific where another character is meant";
      }
      if (Character.isISOControl(c)) return found + "which no request path holds";
      return found + "which requests hold as an escape; write " + Quote.of(escaped(path, i));
    }
    return "";
  }

  /** The character at an index as canonical request paths hold it. */
  private static String escaped(String path, int index) {
    StringBuilder escaped = new StringBuilder();
    String character = Character.toString(path.codePointAt(index));
    for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
      escaped.append("%%%02X".formatted(b & 0xff));
    }
    return escaped.toString();
  }

  /** Why no canonical path can equal this one. */
  private static String canonicalFault(String path) {
    String escape = escapeFault(path);
    if (!escape.isEmpty()) return escape;
    List<String> kept = new ArrayList<>();
    boolean changed = path.contains("//");
    for (String segment : path.substring(1).split("/", -1)) {
      boolean isDots = segment.equals(".") || segment.equals("..");
      changed |= isDots;
      if (segment.equals("..") && !kept.isEmpty()) kept.removeLast();
      if (!isDots && !segment.isEmpty()) kept.add(segment);
      if (segment.startsWith("..;") || segment.startsWith(".;")) {
        return "holds the segment " + Quote.of(segment) + ", for which requests are refused";
      }
    }
    if (!changed) return "";
    String canonical = "/" + String.join("/", kept);
    return "could never match, because requests are compared without dot segments and double"
        + " slashes; write "
        + Quote.of(canonical);
  }

  private static String escapeFault(String path) {
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      String escape = path.substring(i, Math.min(i + 3, path.length()));
      if (!escape.matches("%[0-9A-Fa-f]{2}")) {
        return "holds " + Quote.of(escape) + ", which is no escape: two hex digits must follow '%'";
      }
      char decoded = (char) Integer.parseInt(escape, 1, 3, 16);
      if (isLetterOrDigit(decoded) || "-._~".indexOf(decoded) >= 0) {
        return "could never match, because requests are compared with "
            + Quote.of(escape)
            + " decoded; write "
            + Quote.of(String.valueOf(decoded));
      }
      if (decoded == 0) return "holds '%00', for which requests are refused";
      if (!escape.equals(escape.toUpperCase(Locale.ROOT))) {
        return "could never match, because requests are compared with escapes in upper case; write "
            + Quote.of(escape.toUpperCase(Locale.ROOT));
      }
    }
    return "";
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  private void error(String subField, String message) {
    diagnostics.add(Diagnostic.error(rule.source(), field + subField, message));
  }
}

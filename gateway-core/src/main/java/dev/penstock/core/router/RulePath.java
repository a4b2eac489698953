package dev.penstock.core.router;

import dev.penstock.core.http1.CanonicalPath;
import dev.penstock.model.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Spells a rule's path as the requests' paths are spelt, so that the two can be compared byte by
 * byte: what a person may write but no request may hold (other than visible ASCII, a lone {@code
 * %}, {@code ?}, {@code #}, {@code \}) is escaped as UTF-8, the rest is {@link CanonicalPath}'s. A
 * path that is refused in requests takes none.
 */
final class RulePath {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private RulePath() {}

  static PathMatch canonical(PathMatch match) {
    return switch (match) {
      case PathMatch.Exact(String path) -> new PathMatch.Exact(canonical(path));
      case PathMatch.Prefix(String path) -> new PathMatch.Prefix(canonical(path));
      case PathMatch.Regex regex -> regex;
    };
  }

  static String canonical(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    StringBuilder escaped = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      boolean visible = b > 0x20 && b < 0x7f;
      boolean asIs = b == '%' ? isEscape(bytes, i) : visible && "?#\\".indexOf(b) < 0;
      if (asIs) escaped.append((char) b);
      else escaped.append('%').append(HEX.toHexDigits(b));
    }
    String canonical = CanonicalPath.of(escaped.toString());
    return canonical == null ? escaped.toString() : canonical;
  }

  private static boolean isEscape(byte[] bytes, int at) {
    return at + 2 < bytes.length
        && HexFormat.isHexDigit(bytes[at + 1])
        && HexFormat.isHexDigit(bytes[at + 2]);
  }
}

package dev.penstock.core.router;

import dev.penstock.model.PathMatch;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes a rule's path the way requests' paths are canonicalised, so that the two can be compared
 * byte by byte: escapes of unreserved characters are decoded, the other escapes are in upper case,
 * and what cannot stand in a path (RFC 3986, section 3.3: pchar and '/') is escaped as UTF-8. Dot
 * segments and double slashes stay: no canonical request path holds them, such a rule takes
 * nothing.
 */
final class CanonicalPath {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String UNRESERVED_MARKS = "-._~";
  private static final String OTHER_PATH_CHARACTERS = "!$&'()*+,;=:@/";

  private CanonicalPath() {}

  static PathMatch of(PathMatch match) {
    return switch (match) {
      case PathMatch.Exact(String path) -> new PathMatch.Exact(of(path));
      case PathMatch.Prefix(String path) -> new PathMatch.Prefix(of(path));
      case PathMatch.Regex regex -> regex;
    };
  }

  static String of(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    StringBuilder canonical = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int value = bytes[i] & 0xff;
      boolean isEscape = value == '%' && isEscape(bytes, i);
      if (isEscape) {
        value = hex(bytes, i + 1);
        i += 2;
      }
      boolean asIs = isUnreserved(value) || !isEscape && isOtherPathCharacter(value);
      if (asIs) canonical.append((char) value);
      else canonical.append('%').append(HEX.toHexDigits((byte) value));
    }
    return canonical.toString();
  }

  private static int hex(byte[] bytes, int at) {
    return HexFormat.fromHexDigits(new String(bytes, at, 2, StandardCharsets.US_ASCII));
  }

  private static boolean isEscape(byte[] bytes, int at) {
    return at + 2 < bytes.length
        && HexFormat.isHexDigit(bytes[at + 1])
        && HexFormat.isHexDigit(bytes[at + 2]);
  }

  private static boolean isUnreserved(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || UNRESERVED_MARKS.indexOf(c) >= 0;
  }

  private static boolean isOtherPathCharacter(int c) {
    return OTHER_PATH_CHARACTERS.indexOf(c) >= 0;
  }
}

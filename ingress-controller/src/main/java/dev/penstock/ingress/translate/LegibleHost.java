package dev.penstock.ingress.translate;

import dev.penstock.model.HostPattern;
import java.net.IDN;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The host that is meant by a text which is none, but has one meaning only. It is never served: an
 * Ingress that denies its routes closes it, so that no other Ingress serves it unprotected.
 */
final class LegibleHost {
  /** A name in punycode is longer than what it stands for; longer texts are not looked at. */
  private static final int TEXT_CHARS_MAX = 1_024;

  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");
  private static final Pattern AFTER_AUTHORITY = Pattern.compile("[/?#].*$");
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final Pattern ROOT_LABEL = Pattern.compile("[.]+$");

  private LegibleHost() {}

  /**
   * Without white space around it, scheme, path, port and root label, and in ASCII (IDNA 2003):
   * {@code x.test} for {@code " http://x.test.:8080/a"}. Null when that is no precise name and no
   * wildcard either.
   */
  static @Nullable HostPattern of(String written) {
    if (written.length() > TEXT_CHARS_MAX) return null;
    String text = SCHEME.matcher(written.strip()).replaceFirst("");
    text = AFTER_AUTHORITY.matcher(text).replaceFirst("");
    text = PORT.matcher(text.strip()).replaceFirst("");
    text = ROOT_LABEL.matcher(text).replaceFirst("");
    try {
      String wildcard = text.startsWith("*.") ? "*." : "";
      text = wildcard + IDN.toASCII(text.substring(wildcard.length()));
    } catch (IllegalArgumentException noName) {
      return null;
    }
    text = ROOT_LABEL.matcher(text).replaceFirst(""); // which IDNA writes in several ways
    return text.isEmpty() || !HostPattern.fault(text).isEmpty() ? null : new HostPattern(text);
  }
}

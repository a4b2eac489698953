package dev.penstock.model;

import java.util.Locale;

/**
 * The host of a virtual host or a certificate: a precise name, a wildcard that stands for exactly
 * one label ({@code *.example.com}), or every host (the empty text). Always lower case.
 *
 * <p>Source: Kubernetes {@code networking/v1} IngressRule.host.
 */
public record HostPattern(String text) implements Comparable<HostPattern> {
  /** Every host that no other pattern takes. */
  public static final HostPattern ANY = new HostPattern("");

  /** RFC 1123: 253 characters in all, 63 in a label. */
  private static final int NAME_CHARS_MAX = 253;

  private static final int LABEL_CHARS_MAX = 63;

  public HostPattern {
    text = text.toLowerCase(Locale.ROOT);
    String fault = fault(text);
    if (!fault.isEmpty()) throw new IllegalArgumentException("host '" + text + "': " + fault);
  }

  public boolean isAny() {
    return text.isEmpty();
  }

  public boolean isWildcard() {
    return text.startsWith("*.");
  }

  /** What follows the wildcard label, dot included: {@code .example.com}. Only for wildcards. */
  public String suffix() {
    return text.substring(1);
  }

  /** Why this is no host pattern; empty when it is one. */
  public static String fault(String host) {
    if (host.isEmpty()) return "";
    if (host.length() > NAME_CHARS_MAX) return "longer than " + NAME_CHARS_MAX + " characters";
    String name = host.startsWith("*.") ? host.substring(2) : host;
    if (name.indexOf('*') >= 0)
      return "a wildcard must be the whole first label, as in *.example.com";
    if (name.isEmpty()) return "a name must follow the wildcard label";
    if (name.contains("/")) return "must be a name without scheme and path";
    if (name.matches("[^:]*:\\d*")) return "has a port, but a host stands for every port";
    if (looksLikeAddress(name)) return "must be a name, not an IP address";
    for (String label : name.split("\\.", -1)) {
      if (label.isEmpty()) return "has an empty label";
      if (label.length() > LABEL_CHARS_MAX)
        return "a label is longer than " + LABEL_CHARS_MAX + " characters";
      for (int i = 0; i < label.length(); i++) {
        char c = Character.toLowerCase(label.charAt(i));
        boolean inner = i > 0 && i < label.length() - 1;
        boolean allowed = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' && inner;
        if (!allowed)
          return "'"
              + printable(label.charAt(i))
              + "' is not allowed here (RFC 1123: a-z, 0-9, '-' inside a label)";
      }
    }
    return "";
  }

  private static String printable(char c) {
    return c > 0x20 && c < 0x7f ? String.valueOf(c) : "\\u%04x".formatted((int) c);
  }

  private static boolean looksLikeAddress(String name) {
    return name.indexOf(':') >= 0 || name.matches("\\d+(\\.\\d+){3}");
  }

  @Override
  public int compareTo(HostPattern other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return isAny() ? "*" : text;
  }
}

package dev.penstock.core.observe;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a certificate's issuer that ingress-nginx has as labels; empty when it has none. */
record DistinguishedName(String commonName, String organization) {
  /** {@code name} as {@code X500Principal.getName()} gives it (RFC 2253). */
  static DistinguishedName parse(String name) {
    return new DistinguishedName(value(name, "CN"), value(name, "O"));
  }

  private static String value(String name, String type) {
    Matcher found = Pattern.compile("(?:^|[,+])" + type + "=((?:\\\\.|[^,+\\\\])*)").matcher(name);
    return found.find() ? found.group(1).replaceAll("\\\\(.)", "$1") : "";
  }
}

package dev.penstock.helm;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * {@code files/ingress-nginx.yaml}: keys of ingress-nginx's chart that do not mean here what they
 * mean there.
 */
final class NginxKeys {
  private NginxKeys() {}

  /** Without effect, and what is said about each. */
  static Map<String, String> withoutEffect() {
    return texts("void", "says");
  }

  /** Which value of ingress-nginx counts as unset, as a regular expression for its JSON. */
  static Map<String, String> countedAsUnset() {
    return texts("unset", "nginx");
  }

  private static Map<String, String> texts(String section, String field) {
    Object file = Value.parse(Chart.read(Chart.DIRECTORY.resolve("files/ingress-nginx.yaml")));
    Map<?, ?> entries = map(map(file).get(section));
    Map<String, String> texts = new TreeMap<>();
    entries.forEach((path, entry) -> texts.put((String) path, (String) map(entry).get(field)));
    return texts;
  }

  private static Map<?, ?> map(@org.jspecify.annotations.Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }
}

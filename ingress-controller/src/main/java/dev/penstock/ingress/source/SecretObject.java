package dev.penstock.ingress.source;

import dev.penstock.model.Source;
import java.util.Map;

/**
 * A Secret. Its {@code toString} shows no value.
 *
 * @param type such as {@code kubernetes.io/tls}; {@code Opaque} when absent
 * @param data decoded values as ISO-8859-1 texts (one char a byte), so that records stay comparable
 */
public record SecretObject(Source source, ObjectKey key, String type, Map<String, String> data) {
  public SecretObject {
    data = Map.copyOf(data);
  }

  @Override
  public String toString() {
    return "SecretObject[" + key + ", type=" + type + ", keys=" + data.keySet() + ", ***]";
  }
}

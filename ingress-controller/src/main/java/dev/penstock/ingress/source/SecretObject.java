package dev.penstock.ingress.source;

import dev.penstock.model.Source;
import java.util.Map;
import java.util.Set;

/**
 * A Secret: what is used of it, within bounds, because anybody with a namespace may make thousands
 * of a megabyte each. Its {@code toString} shows no value.
 *
 * @param type such as {@code kubernetes.io/tls}; {@code Opaque} when absent
 * @param data decoded values as ISO-8859-1 texts (one char a byte), so that records stay
 *     comparable; of other keys than {@code tls.crt} and {@code tls.key} some names with empty
 *     values
 * @param tooLarge keys whose values are above their bound and are not kept
 */
public record SecretObject(
    Source source, ObjectKey key, String type, Map<String, String> data, Set<String> tooLarge) {
  /** Bytes of {@code tls.crt}: ten certificates of 4096 bit with a hundred names each. */
  public static final int CHAIN_BYTES_MAX = 64 << 10;

  /** Bytes of {@code tls.key}: an RSA key of 16,384 bit has 13 KiB. */
  public static final int KEY_BYTES_MAX = 16 << 10;

  public SecretObject {
    data = Map.copyOf(data);
    tooLarge = Set.copyOf(tooLarge);
  }

  /** Bytes of {@code tls.crt} or {@code tls.key} that are kept; of any other key none is. */
  public static int bytesMax(String name) {
    return switch (name) {
      case "tls.crt" -> CHAIN_BYTES_MAX;
      case "tls.key" -> KEY_BYTES_MAX;
      default -> 0;
    };
  }

  /** How many bytes are kept. */
  public int bytes() {
    int bytes = 0;
    for (Map.Entry<String, String> entry : data.entrySet()) {
      bytes += entry.getKey().length() + entry.getValue().length();
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "SecretObject[" + key + ", type=" + type + ", keys=" + data.keySet() + ", ***]";
  }
}

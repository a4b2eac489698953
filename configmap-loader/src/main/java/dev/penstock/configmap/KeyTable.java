package dev.penstock.configmap;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every key of ingress-nginx 1.15's ConfigMap, documented or not. A key that is not here is
 * unknown.
 */
final class KeyTable {
  private static final Map<String, Key> BY_NAME = byName();

  private KeyTable() {}

  /** By name, in the order of the manual. */
  static Map<String, Key> all() {
    return BY_NAME;
  }

  private static Map<String, Key> byName() {
    Map<String, Key> table = new LinkedHashMap<>();
    Stream.of(
            ClientAddressKeys.ALL,
            ProxyKeys.ALL,
            ClientLimitKeys.ALL,
            TlsKeys.ALL,
            AccessKeys.ALL,
            ContentKeys.ALL,
            ObservationKeys.ALL,
            ProcessKeys.ALL,
            NginxKeys.ALL)
        .flatMap(List::stream)
        .forEach(key -> {
          if (table.put(key.name(), key) != null) {
            throw new IllegalStateException(key.name() + " stands twice in the table");
          }
        });
    return Collections.unmodifiableMap(table);
  }
}

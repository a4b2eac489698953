package dev.penstock.ingress.translate;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What differs between the objects of one kind then and now, by identity. */
final class Differences {
  private Differences() {}

  /**
   * @return the keys of what has come, has gone, or is another instance; empty at a glance when
   *     both are the same map
   */
  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  static <K, V> Set<K> between(Map<K, V> before, Map<K, V> now) {
    Set<K> different = new HashSet<>();
    if (before == now) return different;
    int common = 0;
    for (Map.Entry<K, V> entry : now.entrySet()) {
      V earlier = before.get(entry.getKey());
      if (earlier != null) common++;
      if (earlier != entry.getValue()) different.add(entry.getKey());
    }
    if (common == before.size()) return different;
    for (K key : before.keySet()) {
      if (!now.containsKey(key)) different.add(key);
    }
    return different;
  }
}

package dev.penstock.ingress.translate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sorts keys that were nearly all sorted the last time: to sort thousands of names anew compares
 * more texts than all else that one change asks for. A memory and nothing else. Not thread-safe.
 */
final class KeptOrder<K extends Comparable<K>> {
  private List<K> last = List.of();

  /**
   * @param keys with a fast {@code contains}
   * @return all of them, sorted; not to be changed
   */
  List<K> of(Set<K> keys) {
    List<K> sorted = new ArrayList<>(keys.size());
    for (K key : last) {
      if (keys.contains(key)) sorted.add(key);
    }
    if (sorted.size() < keys.size()) {
      Set<K> known = new HashSet<>(sorted);
      for (K key : keys) {
        if (!known.contains(key)) sorted.add(key);
      }
      Collections.sort(sorted); // fast where most is in order
    }
    last = sorted;
    return sorted;
  }
}

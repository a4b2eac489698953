package dev.penstock.model;

import java.util.AbstractMap;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map that is fast whoever chose its keys. One of {@link Map#copyOf} tries places one
 * after the other, so that thousands of names with one hash, which anybody can make, cost millions
 * of comparisons at each change of anything; in a large one of these such keys are in a tree, as
 * they can be compared.
 */
public final class FrozenMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V> {
  /** As few may be tried one after the other. */
  private static final int SMALL_MAX = 16;

  private final Map<K, V> entries;

  private FrozenMap(Map<K, V> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  /** A copy; of what is one already, the map itself. */
  public static <K extends Comparable<? super K>, V> Map<K, V> copyOf(Map<K, V> map) {
    if (map instanceof FrozenMap) return map;
    return map.size() <= SMALL_MAX ? Map.copyOf(map) : new FrozenMap<>(new HashMap<>(map));
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    return entries.get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return entries.containsKey(key);
  }

  @Override
  public Set<K> keySet() {
    return entries.keySet();
  }

  @Override
  public Collection<V> values() {
    return entries.values();
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return entries.entrySet();
  }
}

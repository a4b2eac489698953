package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The objects of one kind by their names, and what they cost together. One thread. */
final class KeptObjects<T> {
  private final Map<ObjectKey, ApiObject<T>> objects = new HashMap<>();
  private long cost;
  private boolean isSomeForgotten;

  void put(ApiObject<T> object) {
    ApiObject<T> before = objects.put(object.key(), object);
    cost += object.cost() - (before == null ? 0 : before.cost());
  }

  void remove(ObjectKey key) {
    ApiObject<T> before = objects.remove(key);
    if (before != null) cost -= before.cost();
  }

  /** Removes one that there is, and for which there is no room. */
  void forget(ObjectKey key) {
    remove(key);
    isSomeForgotten = true;
  }

  /** Whether there are objects of which not even the name is known. */
  boolean isSomeForgotten() {
    return isSomeForgotten;
  }

  @Nullable ApiObject<T> get(ObjectKey key) {
    return objects.get(key);
  }

  Collection<ApiObject<T>> all() {
    return Collections.unmodifiableCollection(objects.values());
  }

  int size() {
    return objects.size();
  }

  boolean isEmpty() {
    return objects.isEmpty();
  }

  /** The sum of {@link ApiObject#cost}. */
  long cost() {
    return cost;
  }

  /** Those of them that the other ones lack. */
  Set<ObjectKey> missingIn(KeptObjects<T> other) {
    Set<ObjectKey> missing = new HashSet<>(objects.keySet());
    missing.removeAll(other.objects.keySet());
    return missing;
  }

  /** Whether the other ones say the same, whatever their versions. */
  boolean isSame(KeptObjects<T> other) {
    if (size() != other.size()) return false;
    for (ApiObject<T> object : all()) {
      ApiObject<T> before = other.get(object.key());
      if (before == null || !object.isSame(before)) return false;
    }
    return true;
  }
}

package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.FrozenMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The objects of one kind from all loops that follow it, as an immutable map that is made anew only
 * when one of the loops has changed: a change of one kind costs nothing for the others, and maps
 * that are the same instance hold the same. One thread.
 */
final class KindSet<T> {
  private final List<KindLoop<T>> loops = new ArrayList<>();
  private Map<ObjectKey, T> values = Map.of();
  private List<Diagnostic> diagnostics = List.of();
  private boolean isChanged = true;

  void add(KindLoop<T> loop) {
    loops.add(loop);
    isChanged = true;
  }

  void remove(KindLoop<T> loop) {
    loops.remove(loop);
    isChanged = true;
  }

  Collection<KindLoop<T>> loops() {
    return loops;
  }

  /** One of the loops has other objects, or other ones are admitted. */
  void changed() {
    isChanged = true;
  }

  /**
   * @param isAdmitted which objects count
   */
  Map<ObjectKey, T> values(Predicate<ObjectKey> isAdmitted) {
    if (isChanged) read(isAdmitted);
    return values;
  }

  /** Of the objects that count, as of the last {@link #values}. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  private void read(Predicate<ObjectKey> isAdmitted) {
    Map<ObjectKey, T> read = new HashMap<>();
    List<Diagnostic> found = new ArrayList<>();
    for (KindLoop<T> loop : loops) {
      for (ApiObject<T> object : loop.objects().all()) {
        if (!isAdmitted.test(object.key())) continue;
        found.addAll(object.diagnostics());
        T value = object.value();
        if (value != null) read.put(object.key(), value);
      }
    }
    values = FrozenMap.copyOf(read);
    diagnostics = List.copyOf(found);
    isChanged = false;
  }
}

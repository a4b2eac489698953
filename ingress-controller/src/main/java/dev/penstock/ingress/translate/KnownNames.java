package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What may be meant by a name that no object has. All names are looked at once, and only when the
 * first is missing: some Ingresses name thousands that are. Not thread-safe.
 */
final class KnownNames {
  /** Names of a namespace that a missing one is compared with; where there are more, none is. */
  private static final int COMPARED_MAX = 1_000;

  /** Missing names of one author that are compared. */
  static final int MISSING_COMPARED_MAX = 10;

  private final Set<ObjectKey> keys;
  private final Map<String, List<String>> byNamespace = new HashMap<>();
  private boolean isIndexed;

  KnownNames(Set<ObjectKey> keys) {
    this.keys = keys;
  }

  /** {@code ; did you mean 'x'?}, of the same namespace; empty when nothing is near. */
  String near(ObjectKey missing) {
    index();
    List<String> names = byNamespace.getOrDefault(missing.namespace(), List.of());
    return names.size() > COMPARED_MAX ? "" : Suggestion.near(missing.name(), names);
  }

  private void index() {
    if (isIndexed) return;
    for (ObjectKey key : keys) {
      byNamespace.computeIfAbsent(key.namespace(), first -> new ArrayList<>()).add(key.name());
    }
    isIndexed = true;
  }
}

package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object as the API server sent it, trimmed.
 *
 * @param version {@code metadata.resourceVersion}; empty when absent
 * @param uid {@code metadata.uid}; empty when absent
 * @param value null when the object holds what it must not hold, and nothing of it has to be kept;
 *     the diagnostics say what. Null without diagnostics when there is no room for it
 */
public record ApiObject<T>(
    ObjectKey key, String version, String uid, @Nullable T value, List<Diagnostic> diagnostics) {
  public ApiObject {
    diagnostics = List.copyOf(diagnostics);
  }

  /** That there is such an object, and nothing of what it holds. */
  public ApiObject<T> leftOut() {
    return new ApiObject<>(key, version, uid, null, List.of());
  }

  public boolean isLeftOut() {
    return value == null && diagnostics.isEmpty();
  }
}

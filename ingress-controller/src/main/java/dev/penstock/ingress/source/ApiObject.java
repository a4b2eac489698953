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
 *     the diagnostics say what
 */
public record ApiObject<T>(
    ObjectKey key, String version, String uid, @Nullable T value, List<Diagnostic> diagnostics) {
  public ApiObject {
    diagnostics = List.copyOf(diagnostics);
  }
}

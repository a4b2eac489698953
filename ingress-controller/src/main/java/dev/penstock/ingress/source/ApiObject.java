package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One object as the API server sent it, trimmed.
 *
 * @param version {@code metadata.resourceVersion}; empty when absent
 * @param uid {@code metadata.uid}; empty when absent
 * @param created {@code metadata.creationTimestamp}; the beginning of time when it cannot be read
 * @param value null when the object holds what it must not hold, and nothing of it has to be kept;
 *     the diagnostics say what. Null as well when there is no room for it
 * @param isLeftOut whether there was no room for all of it
 * @param cost bytes of heap that it takes once it is served, roughly
 * @param wholeCost the same of all of it
 */
public record ApiObject<T>(
    ObjectKey key,
    String version,
    String uid,
    Instant created,
    @Nullable T value,
    List<Diagnostic> diagnostics,
    boolean isLeftOut,
    int cost,
    int wholeCost) {
  public ApiObject {
    diagnostics = List.copyOf(diagnostics);
  }

  static <T> ApiObject<T> of(
      ObjectKey key,
      String version,
      String uid,
      Instant created,
      @Nullable T value,
      List<Diagnostic> diagnostics) {
    int cost = ObjectCost.of(value, diagnostics.size());
    return new ApiObject<>(key, version, uid, created, value, diagnostics, false, cost, cost);
  }

  /** The same of which no more than this is kept. */
  ApiObject<T> leftOut(@Nullable T kept, List<Diagnostic> why) {
    // A Service's addresses stay whatever they cost, and are nobody's reason to give up anything.
    int cost = kept instanceof ServiceObject ? 0 : ObjectCost.of(kept, why.size());
    return new ApiObject<>(key, version, uid, created, kept, why, true, cost, wholeCost);
  }

  /** The same, sharing what it holds with one that was read before and says the same. */
  public ApiObject<T> sharing(@Nullable ApiObject<T> before) {
    if (before == null || !isSame(before)) return this;
    return new ApiObject<>(
        key, version, uid, created, before.value, before.diagnostics, isLeftOut, cost, wholeCost);
  }

  /** Whether it is what is left of this one. */
  public boolean isLeftOutOf(ApiObject<T> whole) {
    return isLeftOut && version.equals(whole.version);
  }

  /** Whether it says the same, whatever its version. */
  public boolean isSame(ApiObject<T> other) {
    return isLeftOut == other.isLeftOut
        && diagnostics.equals(other.diagnostics)
        && java.util.Objects.equals(value, other.value);
  }
}

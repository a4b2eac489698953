package dev.penstock.ingress.annotation;

import dev.penstock.model.FrozenMap;
import dev.penstock.model.Source;
import java.util.Map;

/**
 * The annotations of one object as they are written.
 *
 * @param values by their whole keys
 * @param places where each stands, by the same keys; empty for what came from the API
 */
public record WrittenAnnotations(Map<String, String> values, Map<String, Source> places) {
  public static final WrittenAnnotations NONE = new WrittenAnnotations(Map.of(), Map.of());

  public WrittenAnnotations {
    values = FrozenMap.copyOf(values);
    places = FrozenMap.copyOf(places);
  }

  /** Where one stands; the object's place when that is not known. */
  public Source place(String key, Source object) {
    return places.getOrDefault(key, object);
  }
}

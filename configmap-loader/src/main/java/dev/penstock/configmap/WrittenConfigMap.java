package dev.penstock.configmap;

import dev.penstock.model.Source;
import java.util.Map;

/**
 * A ConfigMap as it is written.
 *
 * @param source the object
 * @param data its texts by key
 * @param places where each stands, by the same keys; empty for what came from the API
 */
public record WrittenConfigMap(
    Source source, Map<String, String> data, Map<String, Source> places) {
  public WrittenConfigMap {
    data = Map.copyOf(data);
    places = Map.copyOf(places);
  }

  /** Where a key stands; the object's place when that is not known. */
  Source place(String key) {
    return places.getOrDefault(key, source);
  }
}

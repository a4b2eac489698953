package dev.penstock.ingress.source;

import dev.penstock.configmap.WrittenConfigMap;
import dev.penstock.model.Source;
import java.util.HashMap;
import java.util.Map;

/** A {@code v1} ConfigMap; without its {@code binaryData}, which says nothing to a gateway. */
public record ConfigMapObject(ObjectKey key, WrittenConfigMap written) {
  /** Where it is. */
  public Source source() {
    return written.source();
  }

  /** A plain number or boolean reads as its text, with a warning. */
  static ConfigMapObject of(Fields root, ObjectKey key) {
    Fields data = root.child("data");
    Map<String, String> texts = new HashMap<>();
    Map<String, Source> places = new HashMap<>();
    boolean isFromApi = root.source().file().isEmpty();
    for (String name : data.names()) {
      texts.put(name, data.lenientText(name));
      if (!isFromApi) places.put(name, data.keySource(name));
    }
    return new ConfigMapObject(key, new WrittenConfigMap(root.source(), texts, places));
  }
}

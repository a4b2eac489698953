package dev.penstock.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * {@code files/defaults.json}, which templates put where a key has nothing behind it: Helm takes
 * such keys away, and {@code values.yaml} cannot be read by templates.
 */
final class Defaults {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Defaults() {}

  static String of(List<Value> values) {
    ObjectNode file = JSON.createObjectNode();
    ArrayNode removable = file.putArray("removable");
    ObjectNode defaults = file.putObject("values");
    for (Value value : values) {
      if (isRemovable(value)) removable.add(value.key());
      if (value.written().isEmpty()) continue;
      ObjectNode parent = defaults;
      for (String key : value.path().subList(0, value.path().size() - 1)) {
        parent = parent.withObjectProperty(key);
      }
      parent.set(value.path().getLast(), JSON.valueToTree(value.initial()));
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether it means something that nothing stands behind the key. */
  static boolean isRemovable(Value value) {
    return value.schema().get("type") instanceof List<?> types && types.contains("null");
  }
}

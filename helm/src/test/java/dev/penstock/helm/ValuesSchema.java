package dev.penstock.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code values.schema.json}, by which Helm refuses values: made of {@code values.yaml}, whose
 * defaults have the types and whose comments say the rest.
 */
final class ValuesSchema {
  /** What Kubernetes takes as text only, though YAML has a number or a truth value for it. */
  private static final Pattern TEXTS = Pattern.compile("(?i).*(annotations|labels)");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JSON.createObjectNode();

  private ValuesSchema() {
    root.put("$schema", "http://json-schema.org/draft-07/schema#");
    close(root);
  }

  static String of(List<Value> values, Map<String, String> withoutEffect) {
    ValuesSchema schema = new ValuesSchema();
    values.forEach(schema::add);
    withoutEffect.forEach((path, says) ->
        schema.at(List.of(path.split("\\."))).put("description", "Without effect: " + says));
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return JSON.writer(printer).writeValueAsString(schema.root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private void add(Value value) {
    ObjectNode node = at(value.path());
    if (!value.says().isEmpty()) node.put("description", value.says());
    if (value.isClosed()) close(node);
    else type(node, value);
    value.schema().forEach((keyword, what) -> node.set((String) keyword, JSON.valueToTree(what)));
  }

  private static void type(ObjectNode node, Value value) {
    String type = typeOf(value.initial());
    if (type == null) return;
    node.put("type", type);
    boolean isTexts = TEXTS.matcher(value.path().getLast()).matches();
    if (type.equals("object") && isTexts)
      node.putObject("additionalProperties").put("type", "string");
  }

  private static @Nullable String typeOf(@Nullable Object initial) {
    return switch (initial) {
      case null -> null;
      case Boolean any -> "boolean";
      case Integer any -> "integer";
      case String any -> "string";
      case List<?> any -> "array";
      default -> "object";
    };
  }

  private static void close(ObjectNode node) {
    node.put("type", "object").put("additionalProperties", false).putObject("properties");
  }

  /** The schema of a key, in that of the key around it, which is there. */
  private ObjectNode at(List<String> path) {
    ObjectNode node = root;
    for (Iterator<String> key = path.iterator(); key.hasNext(); ) {
      node = node.withObject("properties").withObject("/" + key.next());
    }
    return node;
  }
}

package dev.penstock.ingress.source;

import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.ingress.source.Node.Scalar;
import dev.penstock.ingress.source.Node.ScalarType;
import dev.penstock.ingress.source.Node.Sequence;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of an object, read by the type that the Kubernetes API gives each field. A field that
 * is absent or null reads as its empty value, as in the API; a field of another type is a fault of
 * the object, which names the field and its place, and reads as empty too, so that one pass finds
 * all faults.
 */
final class Fields {
  private final Faults faults;
  private final String path;
  private final Source source;
  private final Map<String, Node> entries;
  private final Map<String, Node> keys;
  private final boolean isMapping;

  private Fields(Faults faults, String path, Source source, @Nullable Mapping mapping) {
    this.faults = faults;
    this.path = path;
    this.source = source;
    this.entries = mapping == null ? Map.of() : mapping.entries();
    this.keys = mapping == null ? Map.of() : mapping.keys();
    this.isMapping = mapping != null;
  }

  static Fields of(Faults faults, Source source, Mapping mapping) {
    return new Fields(faults, "", source, mapping);
  }

  /** Collects what is wrong with one object; an object with a fault is set aside. */
  static final class Faults {
    /** Faults told of one object: whoever mends these sees the rest at the next try. */
    private static final int TOLD_MAX = 20;

    /** How a complaint ends of an object that is not served. */
    static final String SET_ASIDE = "; this object is set aside, the rest goes on";

    private final boolean confidential;
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private int count;
    private int warnings;

    /**
     * @param confidential no value of the object may be quoted
     */
    Faults(boolean confidential) {
      this.confidential = confidential;
    }

    boolean isEmpty() {
      return count == 0;
    }

    void add(Source source, String field, String message) {
      if (count++ < TOLD_MAX) {
        diagnostics.add(Diagnostic.error(source, field, message + SET_ASIDE));
      }
    }

    /** Says something without setting the object aside. */
    void warn(Source source, String field, String message) {
      if (warnings++ < TOLD_MAX) diagnostics.add(Diagnostic.warning(source, field, message));
    }

    List<Diagnostic> diagnostics() {
      return diagnostics;
    }
  }

  /** Where this mapping stands. */
  Source source() {
    return source;
  }

  /** Where the value of a field stands; this mapping's place when it is absent. */
  Source source(String name) {
    Node node = entries.get(name);
    return node == null ? source : source.at(node.line(), node.column());
  }

  /** Where a field begins: its name. This mapping's place when it is absent. */
  Source keySource(String name) {
    Node key = keys.get(name);
    return key == null ? source : source.at(key.line(), key.column());
  }

  /** The names of all fields, in the order of the file. */
  Set<String> names() {
    return entries.keySet();
  }

  /** The full name of a field, such as {@code spec.rules[0].host}. */
  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  void fault(String name, String message) {
    faults.add(source(name), path(name), message);
  }

  /** Says something without setting the object aside. */
  void warn(String name, String message) {
    faults.warn(source(name), path(name), message);
  }

  boolean has(String name) {
    return present(name) != null;
  }

  /** Empty when absent. */
  String text(String name) {
    String text = textOrNull(name);
    return text == null ? "" : text;
  }

  @Nullable String textOrNull(String name) {
    Node node = present(name);
    return node == null ? null : text(node, path(name));
  }

  /** Null when it is no text, or this mapping is none; empty when absent. */
  @Nullable String textUnlessLost(String name) {
    Node node = present(name);
    String text = text(name);
    boolean isText =
        node == null || node instanceof Scalar scalar && scalar.type() == ScalarType.TEXT;
    return isMapping && isText ? text : null;
  }

  /** Whether a value is there that does not read as a text, not even leniently. */
  boolean isNoText(String name) {
    Node node = present(name);
    return node != null && !(node instanceof Scalar);
  }

  /** The names of the fields of a mapping; none where it is no mapping, which is no fault here. */
  Set<String> namesBelow(String name) {
    return present(name) instanceof Mapping mapping ? mapping.entries().keySet() : Set.of();
  }

  /** 0 when absent. */
  int number(String name) {
    Node node = present(name);
    if (node == null) return 0;
    if (!(node instanceof Scalar scalar) || scalar.type() != ScalarType.INTEGER) {
      String hint =
          node instanceof Scalar s && s.text().matches("[0-9]+") ? ": remove the quotes" : "";
      typeFault(node, path(name), "a whole number", hint);
      return 0;
    }
    try {
      return Math.toIntExact(
          Long.decode(scalar.text().replaceFirst("^0+(?=[0-9])", "").replace("0o", "0")));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      typeFault(node, path(name), "a whole number", " of more than 32 bits");
      return 0;
    }
  }

  boolean flag(String name, boolean whenAbsent) {
    Node node = present(name);
    if (node == null) return whenAbsent;
    if (node instanceof Scalar scalar && scalar.type() == ScalarType.BOOLEAN) {
      return switch (scalar.text().toLowerCase(java.util.Locale.ROOT)) {
        case "true", "yes", "on" -> true;
        default -> false;
      };
    }
    typeFault(node, path(name), "a boolean", "");
    return whenAbsent;
  }

  /** A number or a string, as text; empty when absent. */
  String numberOrText(String name) {
    Node node = present(name);
    if (node instanceof Scalar scalar && scalar.type() == ScalarType.INTEGER) return scalar.text();
    return text(name);
  }

  /** Without fields when absent. */
  Fields child(String name) {
    Node node = present(name);
    if (node == null) return new Fields(faults, path(name), source, null);
    return mapping(node, path(name));
  }

  /** Items that are no mappings are faults and left out. */
  List<Fields> list(String name) {
    List<Fields> children = new ArrayList<>();
    List<Node> items = items(name);
    for (int i = 0; i < items.size(); i++) {
      children.add(mapping(items.get(i), path(name) + "[" + i + "]"));
    }
    return children;
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    List<Node> items = items(name);
    for (int i = 0; i < items.size(); i++) {
      String itemPath = path(name) + "[" + i + "]";
      Node item = items.get(i);
      if (item instanceof Scalar scalar && scalar.type() == ScalarType.NULL) {
        typeFault(item, itemPath, "a string", "");
      } else {
        texts.add(text(item, itemPath));
      }
    }
    return texts;
  }

  /** The items of a list, null for what is no text. Empty where there is no list; no fault. */
  List<@Nullable String> textsOfList(String name) {
    List<@Nullable String> texts = new ArrayList<>();
    if (!(present(name) instanceof Sequence sequence)) return texts;
    for (Node item : sequence.items()) {
      boolean isText = item instanceof Scalar scalar && scalar.type() == ScalarType.TEXT;
      texts.add(isText ? ((Scalar) item).text() : null);
    }
    return texts;
  }

  /** Null values read as empty texts, as in the API. In the order of the file. */
  Map<String, String> textMap(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    Fields child = child(name);
    for (String key : child.entries.keySet()) texts.put(key, child.text(key));
    return texts;
  }

  /**
   * As {@link #text}, but a plain number or boolean reads as its text, with a warning: what an
   * annotation protects must not be lost with the object over missing quotes.
   */
  String lenientText(String name) {
    if (!(present(name) instanceof Scalar scalar) || scalar.type() == ScalarType.TEXT) {
      return text(name);
    }
    faults.warn(
        source(name),
        path(name),
        "must be quoted: it is read as a string, but the Kubernetes API refuses "
            + scalar.describe());
    return scalar.text();
  }

  private List<Node> items(String name) {
    Node node = present(name);
    if (node == null) return List.of();
    if (node instanceof Sequence sequence) return sequence.items();
    typeFault(node, path(name), "a list", "");
    return List.of();
  }

  private Fields mapping(Node node, String at) {
    Mapping found = null;
    if (node instanceof Mapping mapping) found = mapping;
    else typeFault(node, at, "a mapping", "");
    return new Fields(faults, at, source.at(node.line(), node.column()), found);
  }

  private String text(Node node, String at) {
    if (node instanceof Scalar scalar) {
      if (scalar.type() == ScalarType.TEXT) return scalar.text();
      typeFault(node, at, "a string", ": put it in quotes");
    } else {
      typeFault(node, at, "a string", "");
    }
    return "";
  }

  private @Nullable Node present(String name) {
    Node node = entries.get(name);
    return node != null && isNull(node) ? null : node;
  }

  static boolean isNull(Node node) {
    return node instanceof Scalar scalar && scalar.type() == ScalarType.NULL;
  }

  private void typeFault(Node node, String at, String wanted, String hint) {
    String value =
        node instanceof Scalar scalar && scalar.type() != ScalarType.NULL && !faults.confidential
            ? " " + Quote.of(scalar.text())
            : "";
    faults.add(
        source.at(node.line(), node.column()),
        at,
        "must be " + wanted + ", was " + node.describe() + value + hint);
  }
}

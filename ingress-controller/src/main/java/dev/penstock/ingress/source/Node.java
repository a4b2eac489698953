package dev.penstock.ingress.source;

import java.util.List;
import java.util.Map;

/**
 * A value of a YAML or JSON document together with its place. Anchors and merge keys are already
 * resolved: an aliased node stands in several places of the tree, so walk it with care for cost and
 * look at {@link #bytes()} first.
 */
sealed interface Node {
  /** 1-based. */
  int line();

  /** 1-based. */
  int column();

  /** UTF-8 bytes of all scalars and keys below and one for each node, each alias in full. */
  int bytes();

  /** For a person: {@code a string}, {@code a list} … */
  String describe();

  /** What a plain scalar means; quoted and block scalars are always {@link #TEXT}. */
  enum ScalarType {
    TEXT("a string"),
    INTEGER("a number"),
    DECIMAL("a number with a fraction"),
    BOOLEAN("a boolean"),
    NULL("null");

    private final String description;

    ScalarType(String description) {
      this.description = description;
    }
  }

  record Scalar(ScalarType type, String text, int bytes, int line, int column) implements Node {
    @Override
    public String describe() {
      return type.description;
    }
  }

  /** The items are never changed after composing. */
  record Sequence(List<Node> items, int bytes, int line, int column) implements Node {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /**
   * Never changed after composing.
   *
   * @param entries in the order of the file
   * @param keys the nodes of their keys, which know where an entry begins
   */
  record Mapping(Map<String, Node> entries, Map<String, Node> keys, int bytes, int line, int column)
      implements Node {
    @Override
    public String describe() {
      return "a mapping";
    }
  }
}

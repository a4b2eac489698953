package dev.penstock.ingress.source;

import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.ingress.source.Node.Scalar;
import dev.penstock.ingress.source.Node.ScalarType;
import dev.penstock.ingress.source.Node.Sequence;
import dev.penstock.model.text.Quote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.SpecVersion;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/**
 * Text to {@link Node} trees, one for each document, from the parser's events. No object is ever
 * constructed from a tag.
 *
 * <p>It meets three attacks at the moment they begin. Deep nesting: a bound on depth, before the
 * recursion goes deeper. Bombs of aliases: every node knows what it weighs with all aliases written
 * out, and a document that weighs too much is refused, while the tree itself shares its nodes and
 * stays small. Many tiny nodes: a bound on their number.
 *
 * <p>Plain scalars mean what they mean to the API server's YAML reader (YAML 1.2 core schema, and
 * {@code yes}, {@code no}, {@code on}, {@code off} are booleans); merge keys ({@code <<}) work as
 * there; a duplicate key is refused.
 */
final class Composer {
  /** Levels; an OpenAPI schema in a CustomResourceDefinition needs some forty. */
  static final int DEPTH_MAX = 100;

  /** Nodes of a file; a file of the largest size that holds Ingresses has some 700,000. */
  static final int NODES_MAX = 1_000_000;

  private static final String TAG_PREFIX = "tag:yaml.org,2002:";
  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  private static final Pattern BOOLEAN =
      Pattern.compile("(?i:true|false|yes|no|on|off)"); // YAML 1.1, as sigs.k8s.io/yaml reads it

  /** Texts of at most this many characters can be something else than text. */
  private static final int TYPED_CHARS_MAX = 64;

  private final Iterator<Event> events;
  private final String text;
  private final int bytesMax;
  private final Map<Anchor, Node> anchors = new HashMap<>();
  private int nodes;
  private int documentLine;

  /**
   * @param bytesMax what one document may weigh, aliases written out
   */
  Composer(String text, int bytesMax) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setUseMarks(true).build();
    this.events = new Parse(settings).parseString(text).iterator();
    this.text = text;
    this.bytesMax = bytesMax;
  }

  /**
   * The next document, an empty one as a null scalar; null at the end of the text. One at a time,
   * so that a file of many documents is never in memory as a tree.
   */
  @Nullable Node document() throws Unreadable {
    while (true) {
      Event event = next();
      switch (event.getEventId()) {
        case DocumentStart -> {
          anchors.clear();
          documentLine = event.getStartMark().map(m -> m.getLine() + 1).orElse(0);
          Node document = node(next(), 0);
          documentLine = 0;
          return document;
        }
        case StreamEnd -> {
          return null;
        }
        default -> {} // start of the stream, end of a document
      }
    }
  }

  /** The line at which the document begins that could not be read to its end; 0 = none. */
  int documentLine() {
    return documentLine;
  }

  private Event next() throws Unreadable {
    try {
      return events.next();
    } catch (MarkedYamlEngineException fault) {
      Optional<Mark> mark = fault.getProblemMark().or(fault::getContextMark);
      String problem = ManifestText.oneLine(fault.getProblem());
      String context = ManifestText.oneLine(fault.getContext());
      throw new Unreadable(
          context.isEmpty() ? problem : problem + " (" + context + ")",
          mark.map(m -> m.getLine() + 1).orElse(0),
          mark.map(m -> m.getColumn() + 1).orElse(0));
    } catch (YamlVersionException fault) {
      throw foreignVersion(fault.getSpecVersion());
    } catch (RuntimeException fault) {
      // The border to foreign code: whatever it throws on hostile text is a fault of that text.
      throw new Unreadable("not YAML: " + ManifestText.oneLine(fault.getMessage()), 0, 0);
    }
  }

  /** The parser does not say where. */
  private Unreadable foreignVersion(SpecVersion version) {
    String number = version.getMajor() + "." + version.getMinor();
    Matcher directive =
        Pattern.compile("(?m)^%YAML[ \\t]+" + Pattern.quote(number) + "\\b").matcher(text);
    boolean isFound = directive.find();
    long before =
        isFound ? text.substring(0, directive.start()).chars().filter(c -> c == '\n').count() : -1;
    return new Unreadable(
        "the file says that it is YAML "
            + number
            + ", but YAML 1.2 is what is read: remove the line that begins with %YAML",
        (int) before + 1,
        isFound ? 1 : 0);
  }

  private Node node(Event event, int depth) throws Unreadable {
    int line = event.getStartMark().map(m -> m.getLine() + 1).orElse(0);
    int column = event.getStartMark().map(m -> m.getColumn() + 1).orElse(0);
    if (depth > DEPTH_MAX) {
      throw new Unreadable("nested deeper than " + DEPTH_MAX + " levels", line, column);
    }
    if (++nodes > NODES_MAX) {
      throw new Unreadable(
          "more than " + NODES_MAX + " values in one file: split it into several", line, column);
    }
    if (event instanceof AliasEvent alias) return aliased(alias, line, column);
    Node node;
    Optional<Anchor> anchor;
    if (event instanceof ScalarEvent scalar) {
      anchor = scalar.getAnchor();
      node = scalar(scalar, line, column);
    } else {
      CollectionStartEvent start = (CollectionStartEvent) event;
      anchor = start.getAnchor();
      String allowed = event.getEventId() == Event.ID.MappingStart ? "map" : "seq";
      requireTag(start.getTag(), allowed, line, column);
      node =
          event.getEventId() == Event.ID.MappingStart
              ? mapping(depth, line, column)
              : sequence(depth, line, column);
    }
    if (anchor.isPresent()) anchors.put(anchor.get(), node);
    return node;
  }

  private Node aliased(AliasEvent alias, int line, int column) throws Unreadable {
    Node target = anchors.get(alias.getAlias());
    if (target == null) {
      throw new Unreadable(
          "the alias "
              + Quote.of("*" + alias.getAlias().getValue())
              + " names no anchor that is complete before it",
          line,
          column);
    }
    return target;
  }

  private Scalar scalar(ScalarEvent event, int line, int column) throws Unreadable {
    String text = event.getValue();
    ScalarType type;
    if (event.getTag().isPresent()) {
      type = event.getTag().get().equals("!") ? ScalarType.TEXT : tagged(event, line, column);
    } else {
      type = event.isPlain() ? plainType(text) : ScalarType.TEXT;
    }
    int bytes = weigh(1, utf8Length(text), line, column);
    return new Scalar(type, text, bytes, line, column);
  }

  private static ScalarType tagged(ScalarEvent event, int line, int column) throws Unreadable {
    String tag = event.getTag().orElse("");
    if (tag.equals(TAG_PREFIX + "str")) return ScalarType.TEXT;
    ScalarType type = plainType(event.getValue());
    String wanted =
        switch (type) {
          case TEXT -> "str";
          case INTEGER -> "int";
          case DECIMAL -> "float";
          case BOOLEAN -> "bool";
          case NULL -> "null";
        };
    if (tag.equals(TAG_PREFIX + wanted)) return type;
    throw foreignTag(tag, line, column);
  }

  private static void requireTag(Optional<String> tag, String allowed, int line, int column)
      throws Unreadable {
    if (tag.isEmpty() || tag.get().equals("!") || tag.get().equals(TAG_PREFIX + allowed)) return;
    throw foreignTag(tag.get(), line, column);
  }

  private static Unreadable foreignTag(String tag, int line, int column) {
    return new Unreadable(
        "the tag " + Quote.of(tag) + " has no meaning here: remove it", line, column);
  }

  private static ScalarType plainType(String text) {
    if (text.length() > TYPED_CHARS_MAX) return ScalarType.TEXT;
    switch (text) {
      case "", "~", "null", "Null", "NULL" -> {
        return ScalarType.NULL;
      }
      default -> {}
    }
    char first = text.charAt(0);
    if (first >= '0' && first <= '9' || first == '-' || first == '+' || first == '.') {
      if (INTEGER.matcher(text).matches()) return ScalarType.INTEGER;
      return DECIMAL.matcher(text).matches() ? ScalarType.DECIMAL : ScalarType.TEXT;
    }
    return BOOLEAN.matcher(text).matches() ? ScalarType.BOOLEAN : ScalarType.TEXT;
  }

  private Sequence sequence(int depth, int line, int column) throws Unreadable {
    List<Node> items = new ArrayList<>();
    int bytes = 1;
    for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
      Node item = node(event, depth + 1);
      items.add(item);
      bytes = weigh(bytes, item.bytes(), line, column);
    }
    return new Sequence(items, bytes, line, column);
  }

  private Mapping mapping(int depth, int line, int column) throws Unreadable {
    Map<String, Node> entries = new LinkedHashMap<>();
    Map<String, Node> keys = new HashMap<>();
    List<Mapping> merged = new ArrayList<>();
    int bytes = 1;
    for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
      boolean mergeKey = event instanceof ScalarEvent key && isMerge(key);
      Node key = node(event, depth + 1);
      if (!(key instanceof Scalar scalar)) {
        throw new Unreadable("a key must be a string", key.line(), key.column());
      }
      Node value = node(next(), depth + 1);
      bytes = weigh(bytes, key.bytes(), line, column);
      bytes = weigh(bytes, value.bytes(), line, column);
      if (mergeKey) {
        collectMerged(value, merged);
      } else if (entries.putIfAbsent(scalar.text(), value) != null) {
        throw new Unreadable(
            "the key " + Quote.of(scalar.text()) + " is here twice", key.line(), key.column());
      } else {
        keys.put(scalar.text(), key);
      }
    }
    for (Mapping base : merged) {
      base.entries().forEach(entries::putIfAbsent);
      base.keys().forEach(keys::putIfAbsent);
    }
    return new Mapping(entries, keys, bytes, line, column);
  }

  private static boolean isMerge(ScalarEvent key) {
    return key.isPlain() && key.getValue().equals("<<");
  }

  private static void collectMerged(Node value, List<Mapping> merged) throws Unreadable {
    switch (value) {
      case Mapping mapping -> merged.add(mapping);
      case Sequence sequence -> {
        for (Node item : sequence.items()) {
          if (!(item instanceof Mapping mapping)) throw mergeFault(item);
          merged.add(mapping);
        }
      }
      case Scalar scalar -> throw mergeFault(scalar);
    }
  }

  private static Unreadable mergeFault(Node value) {
    return new Unreadable(
        "'<<' must be followed by a mapping or a list of mappings, was " + value.describe(),
        value.line(),
        value.column());
  }

  private int weigh(int bytes, int more, int line, int column) throws Unreadable {
    if (more > bytesMax - bytes) {
      throw new Unreadable(
          "with its aliases written out this holds more than " + bytesMax + " bytes", line, column);
    }
    return bytes + more;
  }

  static int utf8Length(String text) {
    return text.length() < 64 && text.chars().allMatch(c -> c < 0x80)
        ? text.length()
        : text.getBytes(StandardCharsets.UTF_8).length;
  }
}

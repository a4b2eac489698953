package dev.penstock.ingress.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.ingress.source.Node.Scalar;
import dev.penstock.ingress.source.Node.ScalarType;
import dev.penstock.ingress.source.Node.Sequence;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the API server, one object in memory at a time: a list's items are trimmed as they
 * are met, and the {@code managedFields}, which nobody here reads, are passed over by the parser.
 * What is nested too deeply, or not whole, is refused.
 */
public final class ApiJson {
  /** Characters of one value: a Secret of the largest size that etcd takes, in base64. */
  private static final int VALUE_CHARS_MAX = 4 << 20;

  /** Levels of what is passed over; the API server itself takes 10,000. */
  private static final int PASSED_OVER_DEPTH_MAX = 20_000;

  private static final int MESSAGE_CHARS_MAX = 300;

  /** More is no matter of counting: one is added in 15 minutes. */
  private static final int SERIES_COUNT_MAX = 1_000_000_000;

  private static final Set<String> NOT_OF_HEAD = Set.of("managedFields", "rules", "tls", "status");

  /**
   * Takes whatever an API server stores: of {@code managedFields} anybody may write what he likes,
   * and one object that cannot be read would keep all others from being read. No table of names is
   * kept, which is never emptied.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(PASSED_OVER_DEPTH_MAX)
                  .maxStringLength(VALUE_CHARS_MAX)
                  .maxNameLength(VALUE_CHARS_MAX)
                  .maxNumberLength(VALUE_CHARS_MAX)
                  .build())
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private ApiJson() {}

  /** Bytes that are no UTF-8 are read as U+FFFD. */
  private static JsonParser parser(byte[] bytes, int from, int length) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes, from, length);
    return FACTORY.createParser(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  private static JsonParser parser(byte[] bytes, int length, boolean isCut) throws IOException {
    JsonParser json = parser(bytes, 0, length);
    return isCut ? new CutJson(json) : json;
  }

  /** The message of a {@code Status} object, or as much of the text as is fit to be shown. */
  public static String message(byte[] body) {
    try (JsonParser json = parser(body, body.length, false)) {
      json.nextToken();
      if (node(json, Part.WHOLE) instanceof Mapping status && !text(status, "message").isEmpty()) {
        return ManifestText.oneLine(text(status, "message"));
      }
    } catch (IOException noJson) {
      // shown as it is
    }
    String text = new String(body, StandardCharsets.UTF_8);
    String line = ManifestText.printable(ManifestText.oneLine(text)).strip();
    return line.length() <= MESSAGE_CHARS_MAX ? line : line.substring(0, MESSAGE_CHARS_MAX) + "…";
  }

  /** Whether a {@code Status} object gives this reason in {@code details.causes[]}. */
  public static boolean hasCause(byte[] body, String reason) {
    try (JsonParser json = parser(body, body.length, false)) {
      json.nextToken();
      return node(json, Part.WHOLE) instanceof Mapping status
          && status.entries().get("details") instanceof Mapping details
          && details.entries().get("causes") instanceof Sequence causes
          && causes.items().stream()
              .anyMatch(
                  each -> each instanceof Mapping cause && text(cause, "reason").equals(reason));
    } catch (IOException noJson) {
      return false;
    }
  }

  /** How often an Event was seen that is a series, else 1; bounded, as anybody may write it. */
  public static int seriesCount(byte[] body) {
    try (JsonParser json = parser(body, body.length, false)) {
      json.nextToken();
      if (node(json, Part.WHOLE) instanceof Mapping event
          && event.entries().get("series") instanceof Mapping series
          && series.entries().get("count") instanceof Scalar count) {
        return Math.clamp(Long.parseLong(count.text()), 1, SERIES_COUNT_MAX);
      }
      return 1;
    } catch (IOException | NumberFormatException none) {
      return 1;
    }
  }

  static <T> ApiPage<T> page(ApiKind<T> kind, byte[] bytes, int length, boolean isCut)
      throws IOException {
    try (JsonParser json = parser(bytes, length, isCut)) {
      List<ApiObject<T>> objects = new ArrayList<>();
      @Nullable Mapping metadata = null;
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() != JsonToken.END_OBJECT) {
        expect(json.currentToken(), JsonToken.FIELD_NAME);
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "metadata" -> metadata = mapping(json);
          case "items" -> items(kind, json, isCut, objects);
          default -> json.skipChildren();
        }
      }
      String version = metadata == null ? "" : text(metadata, "resourceVersion");
      if (metadata == null || version.isEmpty()) throw new IOException("it is no list");
      return new ApiPage<>(version, text(metadata, "continue"), objects);
    } catch (JsonProcessingException fault) {
      throw unreadable(fault);
    }
  }

  private static <T> void items(
      ApiKind<T> kind, JsonParser json, boolean isCut, List<ApiObject<T>> objects)
      throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) return;
    expect(json.currentToken(), JsonToken.START_ARRAY);
    while (json.nextToken() != JsonToken.END_ARRAY) objects.add(kind.read(mapping(json), isCut));
  }

  static <T> ApiObject<T> object(ApiKind<T> kind, byte[] bytes, int from, int length)
      throws IOException {
    try (JsonParser json = parser(bytes, from, length)) {
      json.nextToken();
      Part part = kind.isHead() ? Part.HEAD : Part.WHOLE;
      if (node(json, part) instanceof Mapping mapping) return kind.read(mapping, false);
      throw new IOException("an object was expected");
    } catch (JsonProcessingException fault) {
      throw unreadable(fault);
    }
  }

  static <T> ApiEvent<T> event(ApiKind<T> kind, byte[] line, boolean isCut) throws IOException {
    Mapping event;
    try (JsonParser json = parser(line, line.length, isCut)) {
      json.nextToken();
      event = mapping(json);
    } catch (JsonProcessingException fault) {
      throw unreadable(fault);
    }
    if (!(event.entries().get("object") instanceof Mapping object)) {
      throw new IOException("it is no event of a watch");
    }
    return switch (text(event, "type")) {
      case "ADDED", "MODIFIED" -> new ApiEvent.Present<>(kind.read(object, isCut));
      case "DELETED" -> new ApiEvent.Gone<>(kind.read(object, isCut));
      case "BOOKMARK" -> new ApiEvent.Bookmark<>(kind.read(object, isCut).version());
      case "ERROR" -> new ApiEvent.Failed<>(code(object), text(object, "message"));
      default -> throw new IOException("it is an event of no known type");
    };
  }

  private static int code(Mapping status) {
    return status.entries().get("code") instanceof Scalar code
            && code.type() == ScalarType.INTEGER
            && code.text().matches("[0-9]{1,4}")
        ? Integer.parseInt(code.text())
        : 0;
  }

  private static String text(Mapping mapping, String name) {
    return mapping.entries().get(name) instanceof Scalar scalar && scalar.type() == ScalarType.TEXT
        ? scalar.text()
        : "";
  }

  private static Mapping mapping(JsonParser json) throws IOException {
    if (node(json, Part.WHOLE) instanceof Mapping mapping) return mapping;
    throw new IOException("an object was expected");
  }

  /** What is read of an object; the parser passes over the rest. */
  private enum Part {
    WHOLE,
    METADATA,
    /** Of an Ingress, without what may be large. */
    HEAD;

    boolean passesOver(String name) {
      return switch (this) {
        case WHOLE -> false;
        case METADATA -> name.equals("managedFields");
        case HEAD -> NOT_OF_HEAD.contains(name);
      };
    }

    Part below(String name) {
      if (this == HEAD) return this;
      return name.equals("metadata") ? METADATA : WHOLE;
    }
  }

  private static Node node(JsonParser json, Part part) throws IOException {
    JsonToken token = json.currentToken();
    if (token == null) throw new EOFException("it ends too early");
    if (json.getParsingContext().getNestingDepth() > Composer.DEPTH_MAX) {
      throw new IOException("it is nested deeper than " + Composer.DEPTH_MAX + " levels");
    }
    return switch (token) {
      case START_OBJECT -> object(json, part);
      case START_ARRAY -> array(json);
      case VALUE_STRING -> scalar(ScalarType.TEXT, json.getText());
      case VALUE_NUMBER_INT -> scalar(ScalarType.INTEGER, json.getText());
      case VALUE_NUMBER_FLOAT -> scalar(ScalarType.DECIMAL, json.getText());
      case VALUE_TRUE, VALUE_FALSE -> scalar(ScalarType.BOOLEAN, json.getText());
      case VALUE_NULL -> scalar(ScalarType.NULL, "null");
      default -> throw new IOException("a value was expected");
    };
  }

  private static Scalar scalar(ScalarType type, String text) {
    return new Scalar(type, text, 1 + text.length(), 0, 0);
  }

  private static Sequence array(JsonParser json) throws IOException {
    List<Node> items = new ArrayList<>();
    int bytes = 1;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Node item = node(json, Part.WHOLE);
      items.add(item);
      bytes = Math.addExact(bytes, item.bytes());
    }
    return new Sequence(items, bytes, 0, 0);
  }

  private static Mapping object(JsonParser json, Part part) throws IOException {
    Map<String, Node> entries = new LinkedHashMap<>();
    int bytes = 1;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      expect(json.currentToken(), JsonToken.FIELD_NAME);
      String name = json.currentName();
      json.nextToken();
      if (part.passesOver(name)) {
        json.skipChildren();
        continue;
      }
      Node value = node(json, part.below(name));
      entries.put(name, value);
      bytes = Math.addExact(bytes, name.length() + value.bytes());
    }
    return new Mapping(entries, Map.of(), bytes, 0, 0);
  }

  private static void expect(@Nullable JsonToken found, JsonToken wanted) throws IOException {
    if (found == wanted) return;
    throw found == null ? new EOFException("it ends too early") : new IOException("it is no list");
  }

  /** Jackson quotes what it has read, which may be a key. */
  private static IOException unreadable(JsonProcessingException fault) {
    JsonLocation place = fault.getLocation();
    return new IOException(
        place == null
            ? "it holds more than is read"
            : "it is no JSON at character " + place.getCharOffset(),
        null);
  }
}

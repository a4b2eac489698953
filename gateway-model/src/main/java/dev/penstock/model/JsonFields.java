package dev.penstock.model;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The members of one JSON object, taken by name and type. Every member must be taken ({@link
 * #end()}): a member that this version does not know is a fault, not something to pass over.
 */
final class JsonFields {
  /** Makes a value of the model from an object's members. */
  interface Decoding<T> {
    T decode(JsonFields fields) throws JsonFault;
  }

  private final String path;
  private final Map<String, Json> members;
  private final Set<String> taken = new HashSet<>();

  private JsonFields(String path, Json.Struct object) {
    this.path = path;
    this.members = object.members();
  }

  /** Decodes a whole value; what the model's constructors refuse becomes a fault at its path. */
  static <T> T decode(Json json, String path, Decoding<T> decoding) throws JsonFault {
    if (!(json instanceof Json.Struct object)) throw JsonFault.of(path, "must be an object");
    JsonFields fields = new JsonFields(path, object);
    T value;
    try {
      value = decoding.decode(fields);
    } catch (IllegalArgumentException refused) {
      throw JsonFault.of(path, String.valueOf(refused.getMessage()));
    }
    fields.end();
    return value;
  }

  private void end() throws JsonFault {
    for (String key : members.keySet()) {
      if (!taken.contains(key)) throw fault(key, "is not known");
    }
  }

  JsonFault fault(String key, String message) {
    return JsonFault.of(path(key), message);
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Json take(String key) throws JsonFault {
    Json value = members.get(key);
    if (value == null) throw fault(key, "is missing");
    taken.add(key);
    return value;
  }

  String text(String key) throws JsonFault {
    if (take(key) instanceof Json.Text text) return text.value();
    throw fault(key, "must be a string");
  }

  List<String> texts(String key) throws JsonFault {
    if (!(take(key) instanceof Json.Array array)) throw fault(key, "must be a list");
    List<String> texts = new ArrayList<>(array.items().size());
    for (Json item : array.items()) texts.add(text(key, item));
    return texts;
  }

  Map<String, String> textMap(String key) throws JsonFault {
    if (!(take(key) instanceof Json.Struct object)) throw fault(key, "must be an object");
    Map<String, String> texts = new HashMap<>();
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      texts.put(member.getKey(), text(key, member.getValue()));
    }
    return texts;
  }

  private String text(String key, Json value) throws JsonFault {
    if (value instanceof Json.Text text) return text.value();
    throw fault(key, "must hold strings");
  }

  /** Empty when absent. */
  String textOrEmpty(String key) throws JsonFault {
    return members.containsKey(key) ? text(key) : "";
  }

  long number(String key) throws JsonFault {
    if (take(key) instanceof Json.Numeral number) {
      try {
        return Long.parseLong(number.literal());
      } catch (NumberFormatException notWhole) {
        throw fault(key, "must be a whole number of at most 64 bits");
      }
    }
    throw fault(key, "must be a number");
  }

  int integer(String key) throws JsonFault {
    long number = number(key);
    if (number != (int) number) throw fault(key, "must be a whole number of at most 32 bits");
    return (int) number;
  }

  /** 0 when absent. */
  int integerOrZero(String key) throws JsonFault {
    return members.containsKey(key) ? integer(key) : 0;
  }

  boolean flag(String key) throws JsonFault {
    if (take(key) instanceof Json.Flag flag) return flag.value();
    throw fault(key, "must be true or false");
  }

  Duration duration(String key) throws JsonFault {
    try {
      return Duration.parse(text(key));
    } catch (DateTimeParseException notADuration) {
      throw fault(key, "must be a duration such as PT5S");
    }
  }

  <E extends Enum<E>> E constant(String key, Class<E> type) throws JsonFault {
    String name = text(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(name)) return constant;
    }
    throw fault(key, "must be one of " + List.of(type.getEnumConstants()));
  }

  <T> T child(String key, Decoding<T> decoding) throws JsonFault {
    return decode(take(key), path(key), decoding);
  }

  /** A child whose absent members, at every depth, are those of {@code defaults}. */
  <T> T childOver(String key, Json.Struct defaults, Decoding<T> decoding) throws JsonFault {
    Json given = members.containsKey(key) ? take(key) : Json.Struct.EMPTY;
    if (!(given instanceof Json.Struct object)) throw fault(key, "must be an object");
    return decode(object.over(defaults), path(key), decoding);
  }

  <T> List<T> list(String key, Decoding<T> decoding) throws JsonFault {
    if (!(take(key) instanceof Json.Array array)) throw fault(key, "must be a list");
    List<T> values = new ArrayList<>(array.items().size());
    for (int i = 0; i < array.items().size(); i++) {
      values.add(decode(array.items().get(i), path(key) + "[" + i + "]", decoding));
    }
    return values;
  }

  /** The members of a child by their names. */
  <T> Map<String, T> map(String key, Decoding<T> decoding) throws JsonFault {
    if (!(take(key) instanceof Json.Struct object)) throw fault(key, "must be an object");
    Map<String, T> values = new HashMap<>();
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      values.put(
          member.getKey(), decode(member.getValue(), path(key) + "." + member.getKey(), decoding));
    }
    return values;
  }
}

package dev.penstock.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A JSON value (RFC 8259). Reading is strict: no duplicate key, nothing after the value, a bound on
 * nesting. Writing is stable: keys in the order in which they were put, what fits into a line on
 * one line, so that two versions of a document compare well.
 */
public sealed interface Json {
  /** Any string, lone surrogates included. */
  record Text(String value) implements Json {}

  /**
   * @param literal the number as it is written: whole numbers of any size stay exact
   */
  record Numeral(String literal) implements Json {}

  record Flag(boolean value) implements Json {}

  record Nothing() implements Json {}

  record Array(List<Json> items) implements Json {
    public Array {
      if (!(items instanceof Encoded<?>)) items = List.copyOf(items);
    }

    /** One item for each element, in the order of the elements. */
    public static <T> Array of(List<T> elements, Function<T, Json> encoding) {
      List<Json> items = new ArrayList<>(elements.size());
      for (T element : elements) items.add(encoding.apply(element));
      return new Array(items);
    }

    /**
     * The same, without ever holding more than one of them: encoded anew each time it is asked for.
     *
     * @param elements must not change
     */
    static <T> Array ofMany(List<T> elements, Function<T, Json> encoding) {
      return new Array(new Encoded<>(elements, encoding));
    }

    private static final class Encoded<T> extends AbstractList<Json> {
      private final List<T> elements;
      private final Function<T, Json> encoding;

      Encoded(List<T> elements, Function<T, Json> encoding) {
        this.elements = elements;
        this.encoding = encoding;
      }

      @Override
      public Json get(int index) {
        return encoding.apply(elements.get(index));
      }

      @Override
      public int size() {
        return elements.size();
      }
    }
  }

  /** The order of the members is kept and has no meaning for equality. */
  record Struct(Map<String, Json> members) implements Json {
    public Struct {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public static final Struct EMPTY = new Struct(Map.of());

    /** The same with one more member at the end, or with another value for it. */
    public Struct with(String key, Json value) {
      Map<String, Json> more = new LinkedHashMap<>(members);
      more.put(key, value);
      return new Struct(more);
    }

    public Struct with(String key, String value) {
      return with(key, new Text(value));
    }

    public Struct with(String key, long value) {
      return with(key, new Numeral(Long.toString(value)));
    }

    public Struct with(String key, boolean value) {
      return with(key, new Flag(value));
    }

    /** Without the members that {@code defaults} has with the same value, at every depth. */
    Struct without(Struct defaults) {
      Map<String, Json> rest = new LinkedHashMap<>();
      members.forEach((key, value) -> {
        Json given = defaults.members.get(key);
        if (value.equals(given)) return;
        rest.put(
            key,
            value instanceof Struct own && given instanceof Struct base
                ? own.without(base)
                : value);
      });
      return new Struct(rest);
    }

    /** The reverse of {@link #without}: members of {@code defaults} where this has none. */
    Struct over(Struct defaults) {
      Map<String, Json> all = new LinkedHashMap<>(defaults.members);
      members.forEach((key, value) -> {
        Json given = defaults.members.get(key);
        all.put(
            key,
            value instanceof Struct own && given instanceof Struct base ? own.over(base) : value);
      });
      return new Struct(all);
    }
  }

  /**
   * @throws JsonFault with line and column when the text is not exactly one JSON value
   */
  static Json parse(String text) throws JsonFault {
    return parse(text, 0);
  }

  /**
   * @param from where in the text the value begins
   * @throws JsonFault with line and column in the whole text
   */
  static Json parse(String text, int from) throws JsonFault {
    return new JsonReader(text, from).document();
  }

  /** The value as text, with a line break at its end. */
  default String toText() {
    StringBuilder text = new StringBuilder();
    try {
      new JsonWriter(text, false).document(this);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  /** The same piece by piece, and in ASCII: anything else is escaped. */
  default void writeTo(Appendable target) throws IOException {
    new JsonWriter(target, true).document(this);
  }
}

package dev.penstock.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A complete request as it stood on the wire.
 *
 * @param method the request line's first word
 * @param target the request line's second word, as it was sent
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param fields in wire order
 * @param body without framing; the caller's array
 * @param trailers fields behind the last chunk, in wire order
 */
public record SeenRequest(
    String method,
    String target,
    String version,
    List<Field> fields,
    byte[] body,
    List<Field> trailers) {
  public SeenRequest {
    fields = List.copyOf(fields);
    trailers = List.copyOf(trailers);
  }

  /** Every value of a field, in wire order; empty when it is missing. */
  public List<String> values(String name) {
    return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
  }

  /** The only value of a field; fails when there is none or more than one. */
  public String value(String name) {
    List<String> values = values(name);
    if (values.size() != 1) {
      throw new AssertionError(
          "expected one field '" + name + "', found " + values + " in " + this);
    }
    return values.getFirst();
  }

  public boolean has(String name) {
    return !values(name).isEmpty();
  }

  /** The body as ISO-8859-1. */
  public String text() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return method + " " + target + " " + version + " " + fields + " + " + body.length + " bytes";
  }
}

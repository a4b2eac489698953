package dev.penstock.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A response as a client got it.
 *
 * @param status 100–599
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param fields in wire order
 * @param body without framing, as far as it came; the caller's array
 * @param trailers fields behind the last chunk
 * @param completion whether all of it came
 */
public record RawResponse(
    int status,
    String version,
    List<Field> fields,
    byte[] body,
    List<Field> trailers,
    Completion completion) {
  /** Whether the end of the body was seen. */
  public enum Completion {
    /** The framing says that this is all. */
    COMPLETE,
    /** The connection ended, or went wrong, before. */
    CUT
  }

  public RawResponse {
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

  public boolean isInterim() {
    return status < 200;
  }

  public boolean isComplete() {
    return completion == Completion.COMPLETE;
  }

  /** The body as ISO-8859-1. */
  public String text() {
    return new String(body, StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return version + " " + status + " " + fields + " " + completion + ": " + body.length + " bytes";
  }
}

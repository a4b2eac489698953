package dev.penstock.model;

/**
 * A text is no JSON, or not the JSON that was expected. The only exception of {@link Json} and
 * {@link ConfigJson}; it carries no stack trace, because its text is all there is to know.
 */
public final class JsonFault extends Exception {
  private static final long serialVersionUID = 1L;

  JsonFault(String message) {
    super(message, null, false, false);
  }

  /** A fault of the text itself. */
  static JsonFault at(int line, int column, String message) {
    return new JsonFault(line + ":" + column + ": " + message);
  }

  /** A fault of a value, named by its path such as {@code hosts[0].routes[1].match}. */
  static JsonFault of(String path, String message) {
    return new JsonFault((path.isEmpty() ? "the document" : path) + ": " + message);
  }
}

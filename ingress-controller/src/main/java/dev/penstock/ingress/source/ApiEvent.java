package dev.penstock.ingress.source;

/** What a watch says. */
public sealed interface ApiEvent<T> {
  /** Added or changed. */
  record Present<T>(ApiObject<T> object) implements ApiEvent<T> {}

  /** With its last state, and the version of its end. */
  record Gone<T>(ApiObject<T> object) implements ApiEvent<T> {}

  /** Everything up to this version has been told. */
  record Bookmark<T>(String version) implements ApiEvent<T> {}

  /**
   * The watch cannot go on.
   *
   * @param code as an HTTP status; 410 = what was asked for is too old
   */
  record Failed<T>(int code, String message) implements ApiEvent<T> {}
}

package dev.penstock.model;

/**
 * One complaint about the configuration. It says what, where, why and what to do; log line, Event,
 * admission answer and the output of {@code check} are all made of it.
 *
 * @param level how bad it is
 * @param source the object that has to be changed
 * @param field the path of the field, such as {@code spec.rules[0].http.paths[1].pathType}; empty
 *     for the whole object
 * @param message what is wrong, why, and what to do; no line break
 */
public record Diagnostic(Level level, Source source, String field, String message) {
  /** From worst to mildest. */
  public enum Level {
    /** Something that was asked for is not served. */
    ERROR,
    /** It is served, but not as the author may expect. */
    WARNING,
    /** Worth knowing. */
    INFO
  }

  public Diagnostic {
    Check.notBlank("message", message);
    if (message.indexOf('\n') >= 0 || message.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("message must be one line");
    }
  }

  public static Diagnostic error(Source source, String field, String message) {
    return new Diagnostic(Level.ERROR, source, field, message);
  }

  public static Diagnostic warning(Source source, String field, String message) {
    return new Diagnostic(Level.WARNING, source, field, message);
  }

  public static Diagnostic info(Source source, String field, String message) {
    return new Diagnostic(Level.INFO, source, field, message);
  }

  /** {@code file:line:column: Kind namespace/name: level: field: message}. */
  @Override
  public String toString() {
    String where = source.toString();
    return (where.isEmpty() ? "" : where + ": ")
        + level.name().toLowerCase(java.util.Locale.ROOT)
        + ": "
        + (field.isEmpty() ? "" : field + ": ")
        + message;
  }
}

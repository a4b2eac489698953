package dev.penstock.model;

/**
 * One complaint about the configuration. It says what, where, why and what to do; log line, Event,
 * admission answer and the output of {@code check} are all made of it.
 *
 * @param level how bad it is
 * @param reason what kind of fault it is
 * @param source the object that has to be changed
 * @param field the path of the field, such as {@code spec.rules[0].http.paths[1].pathType}; empty
 *     for the whole object
 * @param message what is wrong, why, and what to do; no line break
 */
public record Diagnostic(Level level, Reason reason, Source source, String field, String message)
    implements Comparable<Diagnostic> {
  /** From worst to mildest. */
  public enum Level {
    /** Something that was asked for is not served. */
    ERROR,
    /** It is served, but not as the author may expect. */
    WARNING,
    /** Worth knowing. */
    INFO
  }

  /** The kinds of faults: a closed set, by which Events can be counted and alerts be made. */
  public enum Reason {
    INVALID("Invalid", "a field cannot be read, holds what it must not hold, or has no effect"),
    NOT_IN_FORCE(
        "NotInForce",
        "an annotation, or a key of the ConfigMap, asks for what this version does not do"),
    CLOSED(
        "Closed", "answers 503, because what limits who may ask cannot be read or is not in force"),
    CONFLICT(
        "Conflict",
        "two Ingresses ask for the same host and path, or name two certificates for a host; on both"),
    BACKEND_NOT_FOUND(
        "BackendNotFound",
        "the Service of a backend, or its port, does not exist or cannot be served"),
    NO_ENDPOINTS("NoEndpoints", "a Service that is routed to has no endpoint"),
    BAD_CERTIFICATE(
        "BadCertificate",
        "a certificate is missing, cannot be used, is not valid now, or is for other hosts"),
    NO_ROOM(
        "NoRoom",
        "objects are left out because those of all namespaces take too much memory, and those of this"
            + " namespace more than its share");

    private final String text;
    private final String manual;

    Reason(String text, String manual) {
      this.text = text;
      this.manual = manual;
    }

    /** As it stands in an Event, in CamelCase. */
    public String text() {
      return text;
    }

    /** For users. */
    public String manual() {
      return manual;
    }
  }

  public Diagnostic {
    Check.notBlank("message", message);
    if (message.indexOf('\n') >= 0 || message.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("message must be one line");
    }
  }

  /** Of a fault of kind {@link Reason#INVALID}. */
  public static Diagnostic error(Source source, String field, String message) {
    return new Diagnostic(Level.ERROR, Reason.INVALID, source, field, message);
  }

  /** Of a fault of kind {@link Reason#INVALID}. */
  public static Diagnostic warning(Source source, String field, String message) {
    return new Diagnostic(Level.WARNING, Reason.INVALID, source, field, message);
  }

  /** Of a fault of kind {@link Reason#INVALID}. */
  public static Diagnostic info(Source source, String field, String message) {
    return new Diagnostic(Level.INFO, Reason.INVALID, source, field, message);
  }

  /** The same of another kind. */
  public Diagnostic because(Reason why) {
    return new Diagnostic(level, why, source, field, message);
  }

  /** The same in other words. */
  public Diagnostic saying(String text) {
    return new Diagnostic(level, reason, source, field, text);
  }

  /** By object and field; consistent with equals. */
  @Override
  public int compareTo(Diagnostic other) {
    int order = source.compareTo(other.source);
    if (order == 0) order = field.compareTo(other.field);
    if (order == 0) order = level.compareTo(other.level);
    if (order == 0) order = reason.compareTo(other.reason);
    return order == 0 ? message.compareTo(other.message) : order;
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

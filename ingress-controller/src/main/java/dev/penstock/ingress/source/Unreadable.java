package dev.penstock.ingress.source;

/**
 * A file is not what it should be, at this place. Carries no stack trace: it is an answer, not an
 * accident.
 */
final class Unreadable extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  Unreadable(String message, int line, int column) {
    super(message, null, false, false);
    this.line = line;
    this.column = column;
  }

  /** One line. */
  String what() {
    return String.valueOf(getMessage());
  }

  int line() {
    return line;
  }

  int column() {
    return column;
  }
}

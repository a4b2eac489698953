package dev.penstock.app;

/**
 * A command cannot go on. The message is one line for a person: what, where, why, what to do; no
 * stack trace is shown.
 */
final class CliFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  CliFailure(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  /** The user asked for something that cannot be: {@link ExitCode#USAGE}. */
  static CliFailure usage(String message) {
    return new CliFailure(ExitCode.USAGE, message);
  }

  int exitCode() {
    return exitCode;
  }
}

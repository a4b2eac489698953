package dev.penstock.app;

/** What the process tells its parent. {@code docs/standalone.md} lists them for users. */
final class ExitCode {
  static final int OK = 0;

  /** The command did its work and found something: {@code check} found an error. */
  static final int FINDINGS = 1;

  /** A wrong flag, a port in use, a directory that cannot be read: the user has to act. */
  static final int USAGE = 2;

  /** The other side could not be reached. */
  static final int UNREACHABLE = 3;

  /** The drain timeout passed, and requests that were still going on were cut. */
  static final int CUT = 4;

  /** A fault of Penstock itself. */
  static final int INTERNAL = 70;

  private ExitCode() {}

  /** As shells count: ended by the signal of this number (SIGINT 130, SIGTERM 143). */
  static int signal(int number) {
    return 128 + number;
  }
}

package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err errors, progress and what {@code run} serves: standard output belongs to the access
 *     log there
 * @param colour whether escape sequences are wanted: on a terminal, unless {@code NO_COLOR} is set
 *     (no-color.org)
 */
record Terminal(PrintWriter out, PrintWriter err, boolean colour) {
  /** The process's own. */
  static Terminal ofProcess() {
    return new Terminal(
        new PrintWriter(System.out, true, UTF_8),
        new PrintWriter(System.err, true, UTF_8),
        colour(
            System.getenv(),
            Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()));
  }

  /** A variable counts when it is set and not empty. */
  static boolean colour(Map<String, String> environment, boolean terminal) {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  String red(String text) {
    return paint("31", text);
  }

  String yellow(String text) {
    return paint("33", text);
  }

  String bold(String text) {
    return paint("1", text);
  }

  private String paint(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}

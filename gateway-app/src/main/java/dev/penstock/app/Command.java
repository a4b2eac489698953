package dev.penstock.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of {@code penstock}: its flags, and what it does. */
interface Command {
  /** Name, flags and help text. Called once. */
  CommandSpec spec();

  /**
   * Does it.
   *
   * @param parsed the flags, as declared by {@link #spec}
   * @return the exit code
   * @throws CliFailure with one line for the user
   */
  int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException;
}

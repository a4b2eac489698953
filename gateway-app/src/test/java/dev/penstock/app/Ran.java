package dev.penstock.app;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a command line did when it ran inside the test.
 *
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Ran(int exitCode, String out, String err) {
  static Ran penstock(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
    int exitCode = new Cli(terminal, Main.commands()).run(arguments);
    return new Ran(exitCode, out.toString(), err.toString());
  }
}

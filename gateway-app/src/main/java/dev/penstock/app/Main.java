package dev.penstock.app;

import dev.penstock.core.host.Descriptors;
import java.util.List;

/** Where the process begins. */
public final class Main {
  /**
   * The JVM and the jars of all code take some 70 descriptors: with fewer, any class can be the one
   * that is not found.
   */
  private static final int DESCRIPTORS_MIN = 80;

  private Main() {}

  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofProcess();
    long descriptors = Descriptors.limitNow();
    if (descriptors < DESCRIPTORS_MIN) {
      terminal
          .err()
          .println(
              terminal.red(
                  "penstock: the limit of open files (%d) is too low to load Penstock, which takes %d before the first connection: raise it (ulimit -n)"
                      .formatted(descriptors, DESCRIPTORS_MIN)));
      System.exit(ExitCode.USAGE);
    }
    LogProvider.choose();
    int exitCode = new Cli(terminal, commands()).run(arguments);
    terminal.out().flush();
    terminal.err().flush();
    System.exit(exitCode);
  }

  static List<Command> commands() {
    return List.of(
        new RunCommand(),
        new IngressCommand(),
        new WebhookCommand(),
        new CheckCommand(),
        new RoutesCommand(),
        new ProbeCommand(),
        new VersionCommand(),
        new CompletionCommand(),
        new DemoBackendCommand(),
        new TrainCommand(),
        new HelpCommand());
  }
}

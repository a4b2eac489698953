package dev.penstock.app;

import java.util.List;

/** Where the process begins. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    LogProvider.choose();
    Terminal terminal = Terminal.ofProcess();
    int exitCode = new Cli(terminal, commands()).run(arguments);
    terminal.out().flush();
    terminal.err().flush();
    System.exit(exitCode);
  }

  static List<Command> commands() {
    return List.of(
        new RunCommand(),
        new IngressCommand(),
        new CheckCommand(),
        new RoutesCommand(),
        new VersionCommand(),
        new CompletionCommand(),
        new DemoBackendCommand(),
        new HelpCommand());
  }
}

package dev.penstock.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: finds the command, and turns every failure into one line and an exit code. */
final class Cli {
  private final Terminal terminal;
  private final Map<String, Command> commands = new LinkedHashMap<>();
  private final CommandLine line;

  Cli(Terminal terminal, List<Command> commands) {
    this.terminal = terminal;
    CommandSpec root = CommandSpec.create().name("penstock");
    root.usageMessage()
        .description("An edge gateway that serves Kubernetes Ingress manifests.")
        .footer(
            "",
            "Exit codes: 0 ok, 1 findings, 2 usage, 3 cannot connect, 4 requests were cut at the end,",
            "70 internal error, 130 and 143 ended at once by SIGINT or SIGTERM.");
    root.version("penstock " + VersionCommand.version());
    root.addOption(Flags.help()).addOption(Flags.version());
    for (Command command : commands) {
      CommandSpec spec = command.spec();
      this.commands.put(spec.name(), command);
      root.addSubcommand(spec.name(), spec);
    }
    line =
        new CommandLine(root)
            .setOut(terminal.out())
            .setErr(terminal.err())
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
            .setExecutionStrategy(this::dispatch)
            .setParameterExceptionHandler((wrong, arguments) -> explain(wrong))
            .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure));
  }

  /** Runs the command that the arguments name; its exit code. */
  int run(String... arguments) {
    return line.execute(arguments);
  }

  private int dispatch(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) return help;
    ParseResult last = parsed;
    while (last.hasSubcommand()) last = last.subcommand();
    CommandSpec spec = last.commandSpec();
    Command command = commands.get(spec.name());
    if (command == null) throw new ParameterException(spec.commandLine(), "a command is missing");
    try {
      AotUse.requireSameJars();
      return command.run(last, terminal);
    } catch (CliFailure | InterruptedException failure) {
      // picocli hands its cause to the handler above.
      throw new CommandLine.ExecutionException(spec.commandLine(), failure.toString(), failure);
    }
  }

  private int explain(ParameterException wrong) {
    String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
    StringBuilder message = new StringBuilder(oneLine(String.valueOf(wrong.getMessage())));
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      boolean noFlag = !unmatched.isUnknownOption() && !unmatched.getUnmatched().isEmpty();
      if (noFlag && wrong.getCommandLine().equals(line)) {
        message.replace(
            0, message.length(), "unknown command '" + unmatched.getUnmatched().getFirst() + "'");
      }
      if (!unmatched.getSuggestions().isEmpty()) {
        message
            .append(" (did you mean ")
            .append(unmatched.getSuggestions().getFirst())
            .append("?)");
      }
    }
    message.append("; see '").append(command).append(" --help'");
    complain(command + ": " + message);
    return ExitCode.USAGE;
  }

  private int explain(Exception failure) {
    if (failure instanceof CliFailure expected) {
      complain("penstock: " + expected.getMessage());
      return expected.exitCode();
    }
    complain("penstock: internal error: " + oneLine(failure.toString()) + "; please report it");
    if (System.getenv("PENSTOCK_DEBUG") != null) failure.printStackTrace(terminal.err());
    return ExitCode.INTERNAL;
  }

  private void complain(String text) {
    terminal.err().println(terminal.red(text));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ");
  }
}

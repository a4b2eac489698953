package dev.penstock.app;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * {@code penstock help}: the usage of all or of one command. picocli's own is declared by
 * annotations, which cost every start 60 ms to read.
 */
final class HelpCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("help");
    spec.usageMessage().description("Shows the usage of all, or of one command.");
    return spec.addPositional(
            PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .type(String.class)
                .arity("0..1")
                .description("the command to explain")
                .build())
        .addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) {
    CommandLine root = parsed.commandSpec().root().commandLine();
    String name = parsed.matchedPositionalValue(0, "");
    CommandLine wanted = name.isEmpty() ? root : root.getSubcommands().get(name);
    if (wanted == null) throw new ParameterException(root, "unknown command '" + name + "'");
    wanted.usage(terminal.out());
    return ExitCode.OK;
  }
}

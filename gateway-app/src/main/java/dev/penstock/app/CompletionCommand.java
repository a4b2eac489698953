package dev.penstock.app;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock completion}: a script that completes commands and flags in bash and zsh. */
final class CompletionCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("completion");
    spec.usageMessage()
        .description("Prints a completion script for bash and zsh.")
        .footer("", "To use it in this shell:  source <(penstock completion)");
    return spec.addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) {
    CommandSpec root = parsed.commandSpec().root();
    terminal.out().println(AutoComplete.bash(root.name(), root.commandLine()));
    return ExitCode.OK;
  }
}

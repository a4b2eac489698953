package dev.penstock.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code penstock train}: other commands, one after the other in this one process, since an AOT
 * cache is made of what one process has loaded. For the build; not listed in the help.
 */
final class TrainCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("train");
    spec.usageMessage().hidden(true).description("Runs several commands one after the other.");
    return spec.addPositional(
            PositionalParamSpec.builder()
                .paramLabel("FILE")
                .type(String[].class)
                .arity("1..*")
                .description("the arguments of a command")
                .build())
        .addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) {
    for (String file : parsed.matchedPositionalValue(0, new String[0])) {
      int exitCode = new Cli(terminal, Main.commands()).run("@" + file);
      if (exitCode != ExitCode.OK) return exitCode;
    }
    return ExitCode.OK;
  }
}

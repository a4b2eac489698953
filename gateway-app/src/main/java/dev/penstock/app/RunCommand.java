package dev.penstock.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock run}: serves a directory of manifests until it is told to stop. */
final class RunCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("run");
    spec.usageMessage()
        .description("Serves a directory of Kubernetes manifests and follows its changes.")
        .footer(
            "",
            "Times are written 500ms, 10s, 2m or 1h. SIGTERM drains, a second one ends at once.");
    return RunOptions.declare(spec).addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
    RunOptions options = RunOptions.of(parsed);
    ServingSignals signals = ServingSignals.ofProcess();
    LogSetup.use(LogSetup.Style.of(options.serve().logFormat()));
    AotUse.report();
    try (Standalone gateway = Standalone.start(options, signals)) {
      String from =
          (gateway.servesLastGood() ? "the last good state of " : "")
              + options.config()
              + " ("
              + Manifests.summary(gateway.firstDiagnostics())
              + ")";
      return Serving.untilStopped(gateway.process(), options.serve(), from, terminal);
    }
  }
}

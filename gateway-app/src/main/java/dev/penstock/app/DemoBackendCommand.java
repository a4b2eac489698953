package dev.penstock.app;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock demo-backend}: what {@code make run} proxies to. Not listed in the help. */
final class DemoBackendCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("demo-backend");
    spec.usageMessage()
        .hidden(true)
        .description("Answers every request on loopback with what reached it, as JSON.");
    return spec.addOption(Flags.port("--port", 0, 3000, "port on 127.0.0.1; 0 = any free one"))
        .addOption(Flags.text("--name", "NAME", "demo", "what it calls itself"))
        .addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
    StopSignals signals = StopSignals.listen();
    String name = Flags.value(parsed, "--name", String.class);
    try (DemoBackend backend =
        DemoBackend.start(name, Flags.value(parsed, "--port", Integer.class))) {
      terminal
          .err()
          .println("demo backend '" + name + "' listens on http://127.0.0.1:" + backend.port());
      signals.take();
    }
    return ExitCode.OK;
  }
}

package dev.penstock.app;

import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock routes}: what would be served, and by which line of which file. */
final class RoutesCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("routes");
    spec.usageMessage()
        .description(
            "Prints the routes of manifests or of a cluster, in the order in which paths are tried.")
        .footer(
            "",
            "Of manifests every Ingress counts, or those of --ingress-class; of a cluster those that",
            "a gateway with the same flags would serve.");
    return ReadOnce.declare(spec)
        .addOption(Flags.config(false))
        .addOption(Flags.output())
        .addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
    String path =
        Objects.requireNonNullElse(Flags.valueOrNull(parsed, "--config", String.class), "");
    ReadOnce read = ReadOnce.of(parsed, path, "--config DIR|FILE");
    Translation<Publication> translated = read.translated();
    RouteTable routes = new RouteTable(translated.value());
    if (Flags.value(parsed, "--output", String.class).equals("json")) {
      terminal.out().print(routes.toJson().toText());
    } else {
      routes.print(terminal);
    }
    if (!translated.diagnostics().isEmpty()) {
      String summary = Manifests.summary(translated.diagnostics());
      terminal.err().println(summary + ": see 'penstock check " + read.from() + "'");
    }
    return ExitCode.OK;
  }
}

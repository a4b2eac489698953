package dev.penstock.app;

import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock routes}: what would be served, and by which line of which file. */
final class RoutesCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("routes");
    spec.usageMessage()
        .description("Prints the route table of manifests, in the order in which paths are tried.");
    return ConfigMapOptions.declare(spec)
        .addOption(Flags.config())
        .addOption(Flags.ingressClass())
        .addOption(Flags.output())
        .addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure {
    Path path = Path.of(Flags.value(parsed, "--config", String.class));
    Optional<String> ingressClass =
        Optional.ofNullable(Flags.valueOrNull(parsed, "--ingress-class", String.class));
    Translation<Publication> translated =
        Manifests.translateOnce(path, ingressClass, ConfigMapOptions.of(parsed));
    RouteTable routes = new RouteTable(translated.value());
    if (Flags.value(parsed, "--output", String.class).equals("json")) {
      terminal.out().print(routes.toJson().toText());
    } else {
      routes.print(terminal);
    }
    if (!translated.diagnostics().isEmpty()) {
      String summary = Manifests.summary(translated.diagnostics());
      terminal.err().println(summary + ": see 'penstock check " + path + "'");
    }
    return ExitCode.OK;
  }
}

package dev.penstock.app;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Json;
import dev.penstock.model.Publication;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock check DIR}: translates, serves nothing, and says what is wrong. */
final class CheckCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("check");
    spec.usageMessage()
        .description("Reports what is wrong with manifests, with file, line and column.")
        .footer("", "Exit code: 0 without errors, 1 with errors, 2 when nothing could be read.");
    return ConfigMapOptions.declare(spec)
        .addPositional(
            PositionalParamSpec.builder()
                .paramLabel("DIR|FILE")
                .index("0")
                .arity("1")
                .required(true)
                .type(String.class)
                .converters(Flags.notEmpty())
                .description("directory of manifests, or one")
                .build())
        .addOption(Flags.ingressClass())
        .addOption(Flags.output())
        .addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure {
    Path path = Path.of(parsed.matchedPositionalValue(0, ""));
    Optional<String> ingressClass =
        Optional.ofNullable(Flags.valueOrNull(parsed, "--ingress-class", String.class));
    Translation<Publication> translated =
        Manifests.translateOnce(path, ingressClass, ConfigMapOptions.of(parsed));
    if (Flags.value(parsed, "--output", String.class).equals("json")) {
      terminal.out().print(toJson(translated).toText());
    } else {
      print(translated, terminal);
    }
    return translated.hasErrors() ? ExitCode.FINDINGS : ExitCode.OK;
  }

  private static void print(Translation<Publication> translated, Terminal terminal) {
    for (Diagnostic diagnostic : translated.diagnostics()) {
      String line = diagnostic.toString();
      terminal
          .out()
          .println(
              switch (diagnostic.level()) {
                case ERROR -> terminal.red(line);
                case WARNING -> terminal.yellow(line);
                case INFO -> line;
              });
    }
    long routes = new RouteTable(translated.value()).size();
    terminal
        .out()
        .println(
            Manifests.summary(translated.diagnostics())
                + "; "
                + Manifests.counted(routes, "route")
                + " would be served");
  }

  private static Json toJson(Translation<Publication> translated) {
    List<Diagnostic> diagnostics = translated.diagnostics();
    return Json.Struct.EMPTY
        .with("diagnostics", Json.Array.of(diagnostics, CheckCommand::toJson))
        .with("errors", Manifests.count(diagnostics, Diagnostic.Level.ERROR))
        .with("warnings", Manifests.count(diagnostics, Diagnostic.Level.WARNING))
        .with("routes", new RouteTable(translated.value()).size());
  }

  private static Json toJson(Diagnostic diagnostic) {
    Source source = diagnostic.source();
    return Json.Struct.EMPTY
        .with("level", diagnostic.level().name().toLowerCase(Locale.ROOT))
        .with("reason", diagnostic.reason().text())
        .with("file", source.file())
        .with("line", source.line())
        .with("column", source.column())
        .with("kind", source.kind())
        .with("namespace", source.namespace())
        .with("name", source.name())
        .with("field", diagnostic.field())
        .with("message", diagnostic.message());
  }
}

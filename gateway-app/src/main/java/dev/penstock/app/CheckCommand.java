package dev.penstock.app;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Json;
import dev.penstock.model.Publication;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock check DIR}: translates, serves nothing, and says what is wrong. */
final class CheckCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("check");
    spec.usageMessage()
        .description(
            "Reports what is wrong with manifests, with file, line and column, or in a cluster.")
        .footer(
            "",
            "Of manifests every Ingress counts, or those of --ingress-class; of a cluster those that",
            "a gateway with the same flags would serve.",
            "",
            "Exit code: 0 without errors, 1 with errors, 2 when no file could be read, 3 when the",
            "cluster could not.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("DIR|FILE")
            .index("0")
            .arity("0..1")
            .type(String.class)
            .converters(Flags.notEmpty())
            .description("directory of manifests, or one")
            .build());
    return ReadOnce.declare(spec).addOption(Flags.output()).addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
    String path = parsed.matchedPositionalValue(0, "");
    Translation<Publication> translated = ReadOnce.of(parsed, path, "DIR|FILE").translated();
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

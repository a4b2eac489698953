package dev.penstock.app;

import dev.penstock.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock version}: what this is, and on what it stands. */
final class VersionCommand implements Command {
  private static final List<String> PARTS = List.of("netty", "vertx", "boringssl");

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("version");
    spec.usageMessage().description("Prints the version of Penstock and of what it stands on.");
    return spec.addOption(Flags.output()).addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) {
    Properties built = built();
    if (Flags.value(parsed, "--output", String.class).equals("json")) {
      Json.Struct json =
          Json.Struct.EMPTY
              .with("version", built.getProperty("version"))
              .with("java", Runtime.version().toString());
      for (String part : PARTS) json = json.with(part, built.getProperty(part));
      terminal.out().print(json.toText());
    } else {
      terminal.out().println("penstock " + built.getProperty("version"));
      terminal.out().println("java " + Runtime.version());
      PARTS.forEach(part -> terminal.out().println(part + " " + built.getProperty(part)));
    }
    return ExitCode.OK;
  }

  /** Penstock's own version. */
  static String version() {
    return built().getProperty("version");
  }

  private static Properties built() {
    Properties properties = new Properties();
    try (InputStream resource = VersionCommand.class.getResourceAsStream("version.properties")) {
      if (resource == null) throw new IllegalStateException("version.properties is not in the jar");
      properties.load(resource);
      return properties;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

package dev.penstock.app;

import dev.penstock.ingress.source.ConfigMapNames;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags of {@code penstock run}.
 *
 * @param config the directory of manifests, or one file
 * @param ingressClass serve only Ingresses of this class; none = all
 */
record RunOptions(
    Path config, Optional<String> ingressClass, ConfigMapNames configMaps, ServeOptions serve) {
  private static final String LOOPBACK = "127.0.0.1";

  static CommandSpec declare(CommandSpec spec) {
    spec.addOption(Flags.config(true)).addOption(Flags.ingressClass());
    return ServeOptions.declare(ConfigMapOptions.declare(spec), LOOPBACK);
  }

  static RunOptions of(ParseResult parsed) throws CliFailure {
    return new RunOptions(
        Path.of(Flags.value(parsed, "--config", String.class)),
        Optional.ofNullable(Flags.valueOrNull(parsed, "--ingress-class", String.class)),
        ConfigMapOptions.of(parsed),
        ServeOptions.of(parsed));
  }
}

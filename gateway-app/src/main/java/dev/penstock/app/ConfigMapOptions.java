package dev.penstock.app;

import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.ObjectKey;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The flags that name ConfigMaps, as ingress-nginx has them. */
final class ConfigMapOptions {
  private static final String SETTINGS = "--configmap";
  private static final String TCP = "--tcp-services-configmap";
  private static final String UDP = "--udp-services-configmap";
  private static final String LABEL = "NAMESPACE/NAME";

  private ConfigMapOptions() {}

  static CommandSpec declare(CommandSpec spec) {
    return spec.addOption(
            Flags.text(SETTINGS, LABEL, "ConfigMap with ingress-nginx's keys (default: none)"))
        .addOption(
            Flags.text(TCP, LABEL, "ConfigMap of TCP ports: judged, not served (default: none)"))
        .addOption(
            Flags.text(UDP, LABEL, "ConfigMap of UDP ports: judged, not served (default: none)"));
  }

  static ConfigMapNames of(ParseResult parsed) throws CliFailure {
    return new ConfigMapNames(key(parsed, SETTINGS), key(parsed, TCP), key(parsed, UDP));
  }

  private static Optional<ObjectKey> key(ParseResult parsed, String flag) throws CliFailure {
    String text = Flags.valueOrNull(parsed, flag, String.class);
    if (text == null) return Optional.empty();
    int slash = text.indexOf('/');
    String namespace = slash < 0 ? "" : text.substring(0, slash);
    String name = text.substring(slash + 1);
    if (!ObjectKey.isName(namespace) || namespace.contains(".") || !ObjectKey.isName(name)) {
      throw CliFailure.usage(
          flag + " '" + text + "' names no ConfigMap: write NAMESPACE/NAME, as penstock/penstock");
    }
    return Optional.of(new ObjectKey(namespace, name));
  }
}

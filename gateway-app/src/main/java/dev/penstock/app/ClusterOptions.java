package dev.penstock.app;

import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.kubernetes.KubernetesScope;
import dev.penstock.ingress.source.kubernetes.KubernetesScope.SecretsMode;
import dev.penstock.ingress.translate.AddressBlock;
import dev.penstock.ingress.translate.ClassSelection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags of whatever reads a cluster. Those that ingress-nginx has, too, mean what they mean
 * there.
 *
 * @param kubeconfig empty = the pod's service account, or the usual places
 * @param context of the kubeconfig; empty = its current one
 * @param classes which Ingresses are served
 * @param denied addresses to which no object may lead
 * @param configMaps those that say how the gateway works; in the scope, too
 */
record ClusterOptions(
    Optional<String> kubeconfig,
    Optional<String> context,
    ClassSelection.Controller classes,
    KubernetesScope scope,
    List<AddressBlock> denied,
    ConfigMapNames configMaps) {
  /** Of an IngressClass that is served, when nothing else is said. */
  static final String CONTROLLER = "penstock.dev/ingress-controller";

  private static final String CLASS = "penstock";
  private static final List<String> SECRETS = List.of("tls", "referenced");

  static CommandSpec declare(CommandSpec spec) {
    return declareJudging(spec)
        .addOption(
            Flags.choice(
                List.of("--secrets"),
                "WHICH",
                SECRETS,
                "Secrets that are read: tls = of type kubernetes.io/tls, and others that an Ingress"
                    + " names; referenced = only those that an Ingress names"))
        .addOption(
            Flags.text(
                "--deny-endpoints",
                "BLOCKS",
                "addresses that no EndpointSlice leads to, such as 10.96.0.0/12, separated by"
                    + " commas (default: none but what is known)"));
  }

  /** Of what reads no Secret. */
  static CommandSpec declareJudging(CommandSpec spec) {
    return ConfigMapOptions.declare(spec)
        .addOption(
            Flags.text(
                "--kubeconfig", "FILE", "how to reach the cluster (default: as a pod of it)"))
        .addOption(
            Flags.text("--context", "NAME", "of the kubeconfig (default: its current-context)"))
        .addOption(
            Flags.text(
                "--ingress-class",
                "NAME",
                CLASS,
                "serve Ingresses whose annotation kubernetes.io/ingress.class is this"))
        .addOption(
            Flags.text(
                "--controller-class",
                "NAME",
                CONTROLLER,
                "serve the IngressClasses whose spec.controller is this"))
        .addOption(
            Flags.flag(
                "--ingress-class-by-name",
                "serve the IngressClass named by --ingress-class whatever its controller"))
        .addOption(
            Flags.flag("--watch-ingress-without-class", "serve Ingresses that name no class, too"))
        .addOption(
            Flags.text(
                "--watch-namespace",
                "NAMES",
                "read these namespaces only, separated by commas (default: all)"))
        .addOption(
            Flags.text(
                "--watch-namespace-selector",
                "LABELS",
                "read namespaces with these labels only, such as team=web (default: all)"));
  }

  static ClusterOptions of(ParseResult parsed) throws CliFailure {
    return new ClusterOptions(
        Optional.ofNullable(Flags.valueOrNull(parsed, "--kubeconfig", String.class)),
        Optional.ofNullable(Flags.valueOrNull(parsed, "--context", String.class)),
        new ClassSelection.Controller(
            Flags.value(parsed, "--ingress-class", String.class),
            Flags.value(parsed, "--controller-class", String.class),
            Flags.value(parsed, "--ingress-class-by-name", Boolean.class),
            Flags.value(parsed, "--watch-ingress-without-class", Boolean.class)),
        scope(parsed),
        denied(parsed),
        ConfigMapOptions.of(parsed));
  }

  private static List<AddressBlock> denied(ParseResult parsed) throws CliFailure {
    if (parsed.commandSpec().findOption("--deny-endpoints") == null) return List.of();
    String blocks = text(parsed, "--deny-endpoints");
    if (blocks.isEmpty()) return List.of();
    try {
      return Arrays.stream(blocks.split(",", -1))
          .map(String::strip)
          .map(AddressBlock::parse)
          .toList();
    } catch (IllegalArgumentException refused) {
      throw CliFailure.usage("--deny-endpoints: " + refused.getMessage());
    }
  }

  private static KubernetesScope scope(ParseResult parsed) throws CliFailure {
    String selector = text(parsed, "--watch-namespace-selector");
    String named = text(parsed, "--watch-namespace");
    Set<String> namespaces = new TreeSet<>();
    Arrays.stream(named.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .forEach(namespaces::add);
    if (namespaces.isEmpty() && !named.isEmpty()) {
      throw CliFailure.usage(
          "--watch-namespace '"
              + named
              + "' names no namespace: name some, separated by commas; without the flag all are read");
    }
    for (String name : namespaces) {
      if (ObjectKey.isName(name) && name.indexOf('.') < 0) continue;
      throw CliFailure.usage(
          "--watch-namespace '" + name + "' is no namespace: at most 63 of a-z, 0-9 and '-'");
    }
    boolean judgesOnly = parsed.commandSpec().findOption("--secrets") == null;
    boolean areReferenced =
        judgesOnly || Flags.value(parsed, "--secrets", String.class).equals("referenced");
    SecretsMode secrets = areReferenced ? SecretsMode.REFERENCED : SecretsMode.TLS;
    try {
      return new KubernetesScope(
          namespaces,
          selector,
          secrets,
          ConfigMapOptions.of(parsed).all(),
          judgesOnly ? Optional.empty() : WriterOptions.service(parsed),
          judgesOnly);
    } catch (IllegalArgumentException refused) {
      throw CliFailure.usage(
          refused.getMessage() + " (--watch-namespace, --watch-namespace-selector)");
    }
  }

  private static String text(ParseResult parsed, String flag) {
    return Optional.ofNullable(Flags.valueOrNull(parsed, flag, String.class)).orElse("");
  }
}

package dev.penstock.app;

import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What {@code check} and {@code routes} look at: manifests, or a cluster.
 *
 * @param from how it was named, for a message
 */
record ReadOnce(Translation<Publication> translated, String from) {
  static CommandSpec declare(CommandSpec spec) {
    return ClusterOptions.declare(spec)
        .addOption(
            Flags.flag(
                "--cluster", "look at the cluster of this pod, or of ~/.kube/config; read-only"));
  }

  /**
   * @param path of manifests; empty when none was given
   * @param missing what to give, for a message
   */
  static ReadOnce of(ParseResult parsed, String path, String missing)
      throws CliFailure, InterruptedException {
    Optional<String> kubeconfig =
        Optional.ofNullable(Flags.valueOrNull(parsed, "--kubeconfig", String.class));
    boolean isCluster = kubeconfig.isPresent() || Flags.value(parsed, "--cluster", Boolean.class);
    if (isCluster == !path.isEmpty()) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          isCluster
              ? "manifests or a cluster, not both"
              : "Missing: " + missing + ", or a cluster by --kubeconfig or --cluster");
    }
    if (isCluster) {
      String from = kubeconfig.map(file -> "--kubeconfig " + file).orElse("--cluster");
      return new ReadOnce(LiveCluster.translateOnce(ClusterOptions.of(parsed)), from);
    }
    Optional<String> ingressClass =
        parsed.hasMatchedOption("--ingress-class")
            ? Optional.of(Flags.value(parsed, "--ingress-class", String.class))
            : Optional.empty();
    return new ReadOnce(
        Manifests.translateOnce(Path.of(path), ingressClass, ConfigMapOptions.of(parsed)), path);
  }
}

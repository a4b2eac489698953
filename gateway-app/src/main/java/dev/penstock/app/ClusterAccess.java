package dev.penstock.app;

import dev.penstock.ingress.source.kubernetes.ApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** How this process reaches the API server. */
final class ClusterAccess {
  private ClusterAccess() {}

  static ApiServer connect(ClusterOptions cluster) throws CliFailure {
    try {
      return ApiServer.connect(
          cluster.kubeconfig().map(Path::of).orElse(null),
          cluster.context().orElse(null),
          "penstock/" + VersionCommand.version());
    } catch (IOException unusable) {
      throw CliFailure.usage(
          "the cluster cannot be reached as it is configured: "
              + unusable.getMessage()
              + " (--kubeconfig, --context, or run it as a pod with a service account)");
    }
  }

  /** What runs everything that the API server tells. */
  static ScheduledExecutorService thread() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().name("penstock-kubernetes").daemon().factory());
  }
}

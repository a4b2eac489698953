package dev.penstock.app;

import dev.penstock.ingress.source.kubernetes.ApiServer;
import dev.penstock.model.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** How this process reaches the API server, and what of it no object may reach. */
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

  /**
   * The gateway's own ports on its pod's addresses, and the API server as this process sees it.
   *
   * @param environment {@code POD_IP} or {@code POD_IPS} (commas) by the downward API, and what
   *     Kubernetes tells every pod of the API server
   * @param ports that are listened on
   */
  static Set<Endpoint> denied(
      Map<String, String> environment, String apiServer, Set<Integer> ports) {
    Set<Endpoint> denied = new HashSet<>();
    String addresses = environment.getOrDefault("POD_IPS", environment.getOrDefault("POD_IP", ""));
    for (String address : addresses.split(",", -1)) {
      for (int port : ports) add(denied, address, port);
    }
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
    if (port.matches("[0-9]{1,5}")) {
      add(denied, environment.getOrDefault("KUBERNETES_SERVICE_HOST", ""), Integer.parseInt(port));
    }
    URI uri = URI.create(apiServer);
    if (uri.getHost() != null) {
      int implied = "http".equals(uri.getScheme()) ? 80 : 443;
      String host = uri.getHost().replace("[", "").replace("]", "");
      add(denied, host, uri.getPort() < 0 ? implied : uri.getPort());
    }
    return denied;
  }

  private static void add(Set<Endpoint> denied, String address, int port) {
    if (address.isBlank() || port < 1 || port > Flags.PORT_MAX) return;
    denied.add(new Endpoint(address.strip(), port));
  }
}

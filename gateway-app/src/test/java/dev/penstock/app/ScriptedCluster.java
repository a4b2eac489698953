package dev.penstock.app;

import dev.penstock.testkit.ScriptedApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** A gateway of a cluster whose API server is scripted. */
final class ScriptedCluster {
  private ScriptedCluster() {}

  /** As the chart and the manifest make it, held by nobody: one that is missing is made late. */
  static String lease(String namespace, String name) {
    return """
    {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
     "metadata":{"name":"%s","namespace":"%s"}}
    """
        .formatted(name, namespace);
  }

  static ClusterGateway start(ScriptedApi api, Path directory, String... flags)
      throws IOException, CliFailure, InterruptedException {
    Path kubeconfig = directory.resolve("kubeconfig");
    Files.writeString(kubeconfig, api.kubeconfig());
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(List.of("--kubeconfig", kubeconfig.toString(), "--no-access-log"));
    all.addAll(List.of("--http-port", "0", "--https-port", "0", "--admin-port", "0"));
    all.addAll(List.of("--bind", "127.0.0.1", "--admin-bind", "127.0.0.1", "--event-loops", "1"));
    ParseResult parsed =
        new CommandLine(new IngressCommand().spec()).parseArgs(all.toArray(String[]::new));
    Map<String, String> environment = Map.of();
    return ClusterGateway.start(
        ServeOptions.of(parsed),
        ClusterOptions.of(parsed),
        WriterOptions.of(parsed, environment),
        environment,
        ServingSignals.none());
  }
}

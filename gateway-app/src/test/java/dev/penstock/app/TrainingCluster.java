package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/**
 * What the gateway of a pod finds in a small cluster: a service account, an API server over TLS,
 * one object of each kind, an Ingress with something wrong, and nobody else who leads.
 */
final class TrainingCluster implements AutoCloseable {
  /** Those of {@code deploy/static/penstock.yaml}. */
  static final String[] FLAGS = {
    "--publish-service=penstock/penstock", "--configmap=penstock/penstock"
  };

  private final ScriptedApi api;
  private final Map<String, String> environment;

  private TrainingCluster(ScriptedApi api, Map<String, String> environment) {
    this.api = api;
    this.environment = environment;
  }

  /**
   * @param directory for the files of the service account
   */
  static TrainingCluster in(Path directory) throws IOException {
    TestCertificate certificate = TestCertificate.ec("localhost");
    ScriptedApi api = new ScriptedApi(certificate);
    Path authority = Files.writeString(directory.resolve("ca.crt"), certificate.chainPem());
    Path token = Files.writeString(directory.resolve("token"), "of-nobody");
    URI server = URI.create(api.address());
    TrainingCluster cluster =
        new TrainingCluster(
            api,
            Map.of(
                "KUBERNETES_SERVICE_HOST", server.getHost(),
                "KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort()),
                "KUBERNETES_CERTS_CA_FILE", authority.toString(),
                "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN", token.toString(),
                "KUBECONFIG", directory.resolve("none").toString(),
                "POD_NAME", "penstock-0",
                "POD_NAMESPACE", "penstock",
                "POD_IPS", "192.0.2.10"));
    for (JsonNode object : new ObjectMapper().readTree(TrainingRun.resource("cluster.json"))) {
      api.put(object.toString());
    }
    api.put(ScriptedCluster.lease("penstock", "penstock-leader"));
    api.put(secret(TestCertificate.ec("shop.test")));
    return cluster;
  }

  private static String secret(TestCertificate certificate) {
    return """
    {"kind":"Secret","apiVersion":"v1","metadata":{"name":"shop","namespace":"shop"},
     "type":"kubernetes.io/tls","data":{"tls.crt":"%s","tls.key":"%s"}}
    """
        .formatted(base64(certificate.chainPem()), base64(certificate.keyPem()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  /** Of the gateway's process. */
  Map<String, String> environment() {
    return environment;
  }

  /** Requests, what the leader writes, and a change of each kind that comes often. */
  void useAll(Distribution gateway) throws Exception {
    gateway.admin("/readyz");
    awaitStatus(308, gateway);
    try (RawClient client = RawClient.tls(gateway.port("https"), "shop.test")) {
      client.exchange("GET /gone HTTP/1.1\r\nHost: shop.test\r\n\r\n");
    }
    Await.until(
        "the status",
        () ->
            api.stored("Ingress", "shop", "shop")
                .at("/status/loadBalancer/ingress/0/ip")
                .isTextual());
    Await.until(
        "an Event",
        () -> api.writes().stream().anyMatch(write -> write.target().endsWith("/events")));
    api.put(secret(TestCertificate.rsa("shop.test")));
    api.delete("EndpointSlice", "shop", "web-1");
    api.delete("Ingress", "shop", "shop");
    awaitStatus(404, gateway);
    gateway.admin("/metrics");
  }

  private static void awaitStatus(int status, Distribution gateway) {
    Await.until(
        status + " for /", () -> TrainingRun.status(gateway, "shop.test", "GET", "/") == status);
  }

  @Override
  public void close() {
    api.close();
  }
}

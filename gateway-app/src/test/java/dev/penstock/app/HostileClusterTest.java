package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Lies;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Objects that cannot be served, and an API server that lies, beside a good Ingress: it is served
 * all the time, which shows by its redirect to https.
 */
class HostileClusterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REDIRECT = 308;
  private static final int TOO_MANY_PATHS = 10_001;

  @TempDir Path directory;

  private final ScriptedApi api = new ScriptedApi();

  @BeforeEach
  void aGoodIngress() {
    api.put(ScriptedCluster.lease("penstock", "penstock-leader"));
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"penstock"},
         "spec":{"controller":"penstock.dev/ingress-controller"}}
        """);
    service("web", "\"type\":\"ClusterIP\"");
    slice("web", "10.0.0.1");
    secret("good", "kubernetes.io/tls", TestCertificate.ec("good.test"));
    ingress("good", "good", path("/", "web", 80));
  }

  @AfterEach
  void close() {
    api.close();
  }

  private void ingress(String name, String secret, String paths) {
    ingress(name, name + ".test", secret, paths);
  }

  private void ingress(String name, String host, String secret, String paths) {
    String tls =
        secret.isEmpty()
            ? ""
            : "\"tls\":[{\"hosts\":[\"%s\"],\"secretName\":\"%s\"}],".formatted(host, secret);
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress",
         "metadata":{"name":"%s","namespace":"shop","creationTimestamp":"2026-01-31T12:00:00Z"},
         "spec":{"ingressClassName":"penstock",%s
          "rules":[{"host":"%s","http":{"paths":[%s]}}]}}
        """
            .formatted(name, tls, host, paths));
  }

  private static String path(String path, String service, int port) {
    return """
    {"path":"%s","pathType":"Prefix",
     "backend":{"service":{"name":"%s","port":{"number":%d}}}}
    """
        .formatted(path, service, port);
  }

  private void service(String name, String spec) {
    api.put(
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","namespace":"shop"},
         "spec":{%s,"ports":[{"name":"http","port":80}]}}
        """
            .formatted(name, spec));
  }

  private void slice(String service, String addresses) {
    api.put(
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
         "metadata":{"name":"%1$s-1","namespace":"shop",
          "labels":{"kubernetes.io/service-name":"%1$s"}},
         "ports":[{"name":"http","port":8080,"protocol":"TCP"}],
         "endpoints":[{"addresses":["%2$s"],"conditions":{"ready":true}}]}
        """
            .formatted(service, addresses));
  }

  private void secret(String name, String type, TestCertificate certificate) {
    api.put(
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s","namespace":"shop"},
         "type":"%s","data":{"tls.crt":"%s","tls.key":"%s"}}
        """
            .formatted(name, type, base64(certificate.chainPem()), base64(certificate.keyPem())));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static int status(RawClient client, String host) {
    try {
      return client.exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** {@code KIND NAME: REASON} of every Event that was written. */
  private Set<String> events() {
    return api.writes().stream()
        .filter(write -> write.target().endsWith("/namespaces/shop/events"))
        .map(write -> event(write.body()))
        .collect(Collectors.toSet());
  }

  private static String event(byte[] body) {
    try {
      JsonNode event = JSON.readTree(body);
      JsonNode object = event.get("regarding");
      return object.get("kind").asText()
          + " "
          + object.get("name").asText()
          + ": "
          + event.get("reason").asText();
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  @Test
  void whatCannotBeServedIsSaidOnItsObjectAndHarmsNoOther() throws Exception {
    service("outside", "\"type\":\"ExternalName\",\"externalName\":\"169.254.169.254\"");
    service("loopback", "\"type\":\"ClusterIP\"");
    slice("loopback", "127.0.0.1");
    service("metadata", "\"type\":\"ClusterIP\"");
    slice("metadata", "169.254.169.254");
    secret("opaque", "Opaque", TestCertificate.ec("opaque.test"));
    secret("expired", "kubernetes.io/tls", TestCertificate.expired("expired.test"));
    ingress("missing", "", path("/", "nowhere", 80));
    ingress("port", "", path("/", "web", 81));
    ingress("outside", "", path("/", "outside", 80));
    ingress("loopback", "", path("/", "loopback", 80));
    ingress("metadata", "", path("/", "metadata", 80));
    ingress("opaque", "opaque", path("/", "web", 80));
    ingress("expired", "expired", path("/", "web", 80));
    ingress("thief", "good.test", "", path("/", "web", 80));
    ingress(
        "large",
        "",
        IntStream.range(0, TOO_MANY_PATHS)
            .mapToObj(i -> path("/" + i, "web", 80))
            .collect(Collectors.joining(",")));

    try (ClusterGateway gateway = ScriptedCluster.start(api, directory);
        RawClient client = RawClient.plain(gateway.process().port("http"))) {
      assertThat(status(client, "good.test")).isEqualTo(REDIRECT);
      assertThat(status(client, "loopback.test")).isEqualTo(503);
      assertThat(status(client, "metadata.test")).isEqualTo(503);
      assertThat(status(client, "outside.test")).isEqualTo(503);
      assertThat(status(client, "large.test")).isEqualTo(404);
      Set<String> expected =
          Set.of(
              "Ingress missing: BackendNotFound",
              "Ingress port: BackendNotFound",
              "Ingress outside: BackendNotFound",
              "EndpointSlice loopback-1: Invalid",
              "Service loopback: NoEndpoints",
              "EndpointSlice metadata-1: Invalid",
              "Service metadata: NoEndpoints",
              "Secret opaque: BadCertificate",
              "Secret expired: BadCertificate",
              "Ingress thief: Conflict",
              "Ingress good: Conflict",
              "Ingress large: Invalid");
      Await.until("all Events", () -> events().size() >= expected.size());
      assertThat(events()).isEqualTo(expected);
      assertThat(status(client, "good.test")).isEqualTo(REDIRECT);
    }
  }

  private static Stream<Arguments> lies() {
    return Lies.toEverything().entrySet().stream()
        .map(lie -> argumentSet(lie.getKey(), lie.getValue()));
  }

  /** To every request: lists, watches, the Lease, status and Events. */
  @ParameterizedTest
  @MethodSource("lies")
  void anApiServerThatAnswersEverythingWithALieFailsNoRequest(Origin.Reply lie) throws Exception {
    try (ClusterGateway gateway =
            ScriptedCluster.start(api, directory, "--publish-status-address", "192.0.2.7");
        RawClient client = RawClient.plain(gateway.process().port("http"))) {
      api.fault("/", Integer.MAX_VALUE, lie);
      api.compact();
      api.endWatches();
      ingress("late", "good", path("/", "web", 80));
      api.clearAsked();
      Await.until(
          "it was lied to often",
          () -> {
            assertThat(status(client, "good.test")).isEqualTo(REDIRECT);
            return api.asked().size() > 20;
          });
      assertThat(status(client, "late.test")).isEqualTo(404);

      api.heal();
      long healed = System.nanoTime();
      Await.until(
          "what came meanwhile is served",
          () -> {
            assertThat(status(client, "good.test")).isEqualTo(REDIRECT);
            return status(client, "late.test") == REDIRECT;
          });
      assertThat(Duration.ofNanos(System.nanoTime() - healed)).isLessThan(Duration.ofSeconds(5));
    }
  }
}

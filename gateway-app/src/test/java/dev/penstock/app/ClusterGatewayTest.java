package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.penstock.model.Endpoint;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.ScriptedApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The gateway of a cluster on a scripted API server. Objects of a cluster may not lead to loopback,
 * so that a route shows by its 503: it is there, and has no endpoint.
 */
class ClusterGatewayTest {
  @TempDir Path directory;

  private final ScriptedApi api = new ScriptedApi();

  @BeforeEach
  void aClassAServiceAndLeases() {
    api.put(ScriptedCluster.lease("edge", "leader"));
    api.put(ScriptedCluster.lease("penstock", "penstock-leader"));
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"penstock"},
         "spec":{"controller":"penstock.dev/ingress-controller"}}
        """);
    api.put(
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"},
         "spec":{"ports":[{"name":"http","port":80}]}}
        """);
  }

  @AfterEach
  void close() {
    api.close();
  }

  private void ingress(String name, String ingressClass) {
    ingress(name, ingressClass, name + ".test", "2026-01-31T12:00:00Z");
  }

  private void ingress(String name, String ingressClass, String host, String created) {
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress",
         "metadata":{"name":"%1$s","namespace":"shop","creationTimestamp":"%4$s"},
         "spec":{"ingressClassName":"%2$s","rules":[{"host":"%3$s","http":{"paths":[
          {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}
         ]}}]}}
        """
            .formatted(name, ingressClass, host, created));
  }

  private ClusterGateway start(String... flags)
      throws IOException, CliFailure, InterruptedException {
    return ScriptedCluster.start(api, directory, flags);
  }

  private static int status(ClusterGateway gateway, String host) throws IOException {
    try (RawClient client = RawClient.plain(gateway.process().port("http"))) {
      return client.exchange("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status();
    }
  }

  private static void await(ClusterGateway gateway, String host, int status) {
    Await.until(host + " answers " + status, () -> status(gateway, host) == status);
  }

  @Test
  void whatTheApiServerHoldsIsServedAndFollowed() throws Exception {
    ingress("first", "penstock");
    ingress("foreign", "nginx");
    try (ClusterGateway gateway = start()) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
      assertThat(status(gateway, "foreign.test")).isEqualTo(404);

      ingress("second", "penstock");
      await(gateway, "second.test", 503);
      api.delete("Ingress", "shop", "first");
      await(gateway, "first.test", 404);
    }
  }

  @Test
  void anotherControllersClassIsServedWhenAskedFor() throws Exception {
    ingress("first", "penstock");
    ingress("foreign", "nginx");
    try (ClusterGateway gateway = start("--ingress-class", "nginx", "--ingress-class-by-name")) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
      assertThat(status(gateway, "foreign.test")).isEqualTo(503);
    }
    try (ClusterGateway gateway = start("--controller-class", "example.com/none")) {
      assertThat(status(gateway, "first.test")).isEqualTo(404);
    }
  }

  @Test
  void aRestartWithoutTheApiServerServesTheLastGoodState() throws Exception {
    ingress("first", "penstock");
    String state = directory.resolve("state").toString();
    try (ClusterGateway gateway = start("--state-dir", state)) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
    }
    api.close();
    try (ClusterGateway gateway = start("--state-dir", state)) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
      assertThat(gateway.from()).startsWith("the last good state, until " + api.address());
    }
  }

  @Test
  void onlyTheNamespacesThatAreNamedAreAskedFor() throws Exception {
    ingress("first", "penstock");
    try (ClusterGateway gateway = start("--events=false", "--watch-namespace", "blog,shop")) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
    }
    assertThat(api.asked())
        .allMatch(path ->
            path.contains("/ingressclasses?")
                || path.endsWith("/namespaces/blog")
                || path.contains("/namespaces/blog/")
                || path.contains("/namespaces/shop/")
                || path.contains("/default/endpointslices?"));
  }

  @Test
  void theLeadersAddressesAreInTheStatusUntilItEnds() throws Exception {
    ingress("first", "penstock");
    ingress("foreign", "nginx");
    String[] flags = {
      "--publish-status-address", "192.0.2.7, gateway.example.com",
      "--election-id", "edge/leader",
      "--update-status-on-shutdown"
    };
    try (ClusterGateway gateway = start(flags)) {
      assertThat(gateway.process().port("http")).isPositive();
      Await.until(
          "the status",
          () ->
              published("first")
                  .equals("[{\"ip\":\"192.0.2.7\"},{\"hostname\":\"gateway.example.com\"}]"));
      assertThat(api.stored("Lease", "edge", "leader").at("/spec/holderIdentity").asText())
          .startsWith("penstock_");
      try (RawClient client = RawClient.plain(gateway.process().adminPort())) {
        assertThat(client.exchange("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").text())
            .contains("\npenstock_leader 1.0\n");
      }
    }
    assertThat(published("first")).isEqualTo("[]");
    assertThat(published("foreign")).isEmpty();
    assertThat(api.stored("Lease", "edge", "leader").at("/spec/holderIdentity").asText()).isEmpty();
  }

  @Test
  void nothingIsWrittenWithoutAnAddressOrWhenNotAllowedTo() throws Exception {
    ingress("first", "penstock");
    try (ClusterGateway gateway = start("--events=false")) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
    }
    try (ClusterGateway gateway =
        start("--events=false", "--update-status=false", "--publish-status-address", "192.0.2.7")) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
    }
    assertThat(api.asked()).noneMatch(path -> path.contains("/leases"));
    assertThat(api.writes()).isEmpty();
  }

  @Test
  void whatIsWrongWithAnIngressIsAnEventOnIt() throws Exception {
    ingress("first", "penstock");
    api.delete("Service", "shop", "web");
    try (ClusterGateway gateway = start("--election-id", "edge/leader")) {
      assertThat(status(gateway, "first.test")).isEqualTo(503);
      Await.until(
          "the Event",
          () -> api.writes().stream().anyMatch(write -> write.target().contains("/shop/events")));
    }
    assertThat(api.writes().stream().map(write -> new String(write.body(), UTF_8)))
        .anyMatch(event ->
            event.contains("\"reason\":\"BackendNotFound\"")
                && event.contains("no Service 'web' was found in namespace 'shop'"));
  }

  @Test
  void twoIngressesThatAskForTheSameAreBothTold() throws Exception {
    ingress("young", "penstock", "same.test", "2026-01-31T12:00:01Z");
    ingress("zold", "penstock", "same.test", "2026-01-31T12:00:00Z");
    try (ClusterGateway gateway = start()) {
      assertThat(status(gateway, "same.test")).isEqualTo(503);
      Await.until("both Events", () -> conflicts().size() == 2);
    }
    assertThat(conflicts())
        .anyMatch(event ->
            event.contains("\"name\":\"young\"")
                && event.contains("\"type\":\"Warning\"")
                && event.contains("is served by Ingress shop/zold, which is older"))
        .anyMatch(event ->
            event.contains("\"name\":\"zold\"")
                && event.contains("\"type\":\"Normal\"")
                && event.contains("is also asked for by Ingress shop/young"));
  }

  private List<String> conflicts() {
    return api.writes().stream()
        .map(write -> new String(write.body(), UTF_8))
        .filter(body -> body.contains("\"reason\":\"Conflict\""))
        .toList();
  }

  @Test
  void aChangedConfigMapIsInForceWithoutARestart() throws Exception {
    ingress("first", "penstock");
    configMap("{\"keep-alive\":\"0\"}");
    try (ClusterGateway gateway = start("--configmap", "penstock/settings")) {
      assertThat(isKept(gateway)).isFalse();

      configMap("{\"keep-alive\":\"75\"}");
      Await.until("connections are kept", () -> isKept(gateway));
      configMap("{\"keep-alive\":\"0\"}");
      Await.until("connections are not kept", () -> !isKept(gateway));

      configMap("{\"keep-alive\":\"never\"}");
      ingress("second", "penstock");
      await(gateway, "second.test", 503);
      assertThat(isKept(gateway)).isFalse();
      Await.until(
          "the Event on the ConfigMap",
          () ->
              api.writes().stream()
                  .map(write -> new String(write.body(), UTF_8))
                  .anyMatch(event ->
                      event.contains("\"kind\":\"ConfigMap\"")
                          && event.contains("the last good value stays in force ('0')")));
    }
  }

  private void configMap(String data) {
    api.put(
        """
        {"apiVersion":"v1","kind":"ConfigMap",
         "metadata":{"name":"settings","namespace":"penstock"},"data":%s}
        """
            .formatted(data));
  }

  private static boolean isKept(ClusterGateway gateway) throws IOException {
    try (RawClient client = RawClient.plain(gateway.process().port("http"))) {
      return client
          .exchange("GET / HTTP/1.1\r\nHost: first.test\r\n\r\n")
          .values("Connection")
          .isEmpty();
    }
  }

  private String published(String name) {
    return api.stored("Ingress", "shop", name).at("/status/loadBalancer/ingress").toString();
  }

  @Test
  void whatCannotBeAClusterIsSaidInOneLine() {
    Ran missing = Ran.penstock("ingress", "--kubeconfig", directory.resolve("none").toString());
    Ran wrong = Ran.penstock("ingress", "--watch-namespace", "a_b");
    Ran noName = Ran.penstock("ingress", "--watch-namespace", ",");
    Ran both =
        Ran.penstock("ingress", "--watch-namespace", "a", "--watch-namespace-selector", "b=c");

    Ran address = Ran.penstock("ingress", "--publish-status-address", "192.0.2.7,,x");
    Ran number = Ran.penstock("ingress", "--publish-status-address", "web.test,1.2.3.999");
    Ran service = Ran.penstock("ingress", "--publish-service", "penstock");
    Ran blocks = Ran.penstock("ingress", "--deny-endpoints", "10.96.0.0/12, 10.0.0.0/33");
    Ran ttl = Ran.penstock("ingress", "--election-ttl", "5s");

    assertThat(address.err()).contains("--publish-status-address '' is neither");
    assertThat(number.err())
        .contains("--publish-status-address '1.2.3.999' is neither an IP address nor a host name");
    assertThat(noName.err()).contains("--watch-namespace ',' names no namespace");
    assertThat(service.err()).contains("--publish-service 'penstock' is not NAMESPACE/NAME");
    assertThat(blocks.err()).contains("--deny-endpoints: '10.0.0.0/33' is no block of addresses");
    assertThat(ttl.err()).contains("--election-ttl must be 15s to 10m, was 5s");
    assertThat(
            List.of(
                address.exitCode(),
                number.exitCode(),
                noName.exitCode(),
                service.exitCode(),
                blocks.exitCode(),
                ttl.exitCode()))
        .containsOnly(ExitCode.USAGE);
    assertThat(List.of(missing.exitCode(), wrong.exitCode(), both.exitCode()))
        .containsOnly(ExitCode.USAGE);
    assertThat(missing.err()).contains("none cannot be read", "--kubeconfig");
    assertThat(wrong.err()).contains("'a_b' is no namespace");
    assertThat(both.err()).contains("exclude each other");
  }

  @Test
  void theGatewaysOwnPortsAndTheApiServerAreDenied() {
    Map<String, String> environment =
        Map.of(
            "POD_IPS", "10.1.2.3,fd00::3",
            "KUBERNETES_SERVICE_HOST", "10.96.0.1",
            "KUBERNETES_SERVICE_PORT", "443");

    assertThat(denied(environment, "https://[fd00::1]:6443", Set.of(8080)))
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(
            "10.1.2.3:8080", "[fd00::3]:8080", "10.96.0.1:443", "[fd00:0:0:0:0:0:0:1]:6443");
  }

  private static Set<Endpoint> denied(
      Map<String, String> environment, String apiServer, Set<Integer> ports) {
    return new DeniedEndpoints(environment, apiServer, ports, Optional.empty(), List.of())
        .now()
        .endpoints();
  }

  @Test
  void anApiServerThatIsNamedIsDeniedByItsAddresses() {
    assertThat(denied(Map.of(), "https://localhost:6443", Set.of()))
        .extracting(Object::toString)
        .contains("127.0.0.1:6443");
  }

  @Test
  void aNameOfTheApiServerThatCannotBeLookedUpIsSaidOnceAndGivenUp() {
    Logger log = (Logger) LoggerFactory.getLogger(DeniedEndpoints.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    log.addAppender(told);
    DeniedEndpoints denied =
        new DeniedEndpoints(
            Map.of(), "https://none.invalid", Set.of(), Optional.empty(), List.of());
    for (int i = 0; i < 9; i++) assertThat(denied.now().endpoints()).isEmpty();
    log.detachAppender(told);

    assertThat(told.list)
        .singleElement()
        .extracting(ILoggingEvent::getFormattedMessage)
        .asString()
        .contains("cannot be looked up (none.invalid:443)");
  }
}

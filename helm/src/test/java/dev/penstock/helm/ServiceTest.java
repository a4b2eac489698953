package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The addresses under which clients find it. */
class ServiceTest {
  @Test
  void theInternalServiceHasWhatTheFirstOneHasUnlessItSaysOtherwise() {
    Manifest manifest =
        Chart.render(
            "controller: {service: {ports: {http: 8000}, internal: {enabled: true, ports: {https: 8443}}}}");
    JsonNode internal = manifest.one(Kind.Service, "penstock-internal").path("spec");

    assertThat(internal.path("type").asText()).isEqualTo("LoadBalancer");
    assertThat(internal.at("/ports/0/port").asInt()).isEqualTo(8000);
    assertThat(internal.at("/ports/1/port").asInt()).isEqualTo(8443);
    assertThat(internal.has("externalTrafficPolicy")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "LoadBalancer, , Local",
    "LoadBalancer, Cluster, Cluster",
    "LoadBalancer, '', ''",
    "NodePort, , ''",
    "NodePort, Local, Local",
    "ClusterIP, , ''"
  })
  void addressesOfClientsAreKeptWhereNodesWithoutAPodAreKnownToTheLoadBalancer(
      String type, @Nullable String said, String policy) {
    String values =
        "controller: {service: {type: "
            + type
            + (said == null ? "}}" : ", externalTrafficPolicy: '" + said + "'}}");

    assertThat(
            Chart.render(values)
                .one(Kind.Service, "penstock")
                .at("/spec/externalTrafficPolicy")
                .asText())
        .isEqualTo(policy);
  }

  @Test
  void theNotesSayWhichNodesAnswer() {
    assertThat(Chart.notes("controller: {service: {type: NodePort}}"))
        .contains("on these ports of every node:");
    assertThat(Chart.notes("controller: {service: {type: NodePort, externalTrafficPolicy: Local}}"))
        .contains("on these ports of every node with a pod, since controller.service.externalTr");
  }

  @Test
  void theAddressesOfTheOnlyServiceArePublished() {
    assertThat(
            Chart.render(
                    "controller: {service: {external: {enabled: false}, internal: {enabled: true}}}")
                .args())
        .contains("--publish-service=penstock/penstock-internal");
    assertThat(Chart.render("controller: {service: {enabled: false}}").args())
        .noneMatch(flag -> flag.startsWith("--publish-service"));
    assertThat(Chart.render("controller: {publishService: {pathOverride: edge/lb}}").args())
        .contains("--publish-service=edge/lb");
  }

  @Test
  void aPortOfTheServiceMayLeadToAContainerOfOnesOwn() {
    assertThat(
            Chart.render(
                    "controller: {service: {targetPorts: {http: beside}}, extraContainers: [{name: a, image: a:1, ports: [{name: beside, containerPort: 2443}]}]}")
                .one(Kind.Service, "penstock")
                .at("/spec/ports/0/targetPort")
                .asText())
        .isEqualTo("beside");
  }

  @Test
  void thePageSaysHowALoadBalancerTakesTls() {
    Path values = Path.of("src/test/resources/values/load-balancer-takes-tls.yaml");

    assertThat(Chart.read(Path.of("../docs/install.md")))
        .contains("```yaml\n" + Chart.read(values) + "```\n");
    assertThat(
            Chart.render(Chart.read(values))
                .one(Kind.Service, "penstock")
                .at("/spec/ports")
                .findValuesAsText("targetPort"))
        .containsExactly("http", "http");
  }

  /** Without it, a Service that is meant for few is open to all. */
  @Test
  void whoMayReachALoadBalancerIsSaidToIt() {
    Manifest manifest =
        Chart.render(
            """
            controller:
              service:
                loadBalancerSourceRanges: [192.0.2.0/24]
                loadBalancerClass: outside
                annotations: {a: outside}
                internal:
                  enabled: true
                  loadBalancerSourceRanges: [198.51.100.0/24]
                  loadBalancerClass: inside
                  annotations: {a: inside}
              metrics: {service: {type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24]}}
              admissionWebhooks: {service: {type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.128/25]}}
            """);

    assertThat(
            Stream.of("penstock", "penstock-internal")
                .map(name -> manifest.one(Kind.Service, name))
                .map(service ->
                    service.at("/spec/loadBalancerSourceRanges/0").asText()
                        + " "
                        + service.at("/spec/loadBalancerClass").asText()
                        + " "
                        + service.at("/metadata/annotations")))
        .containsExactly(
            "192.0.2.0/24 outside {\"a\":\"outside\"}",
            "198.51.100.0/24 inside {\"a\":\"inside\"}");
    assertThat(manifest.one(Kind.Service, "penstock-metrics").at("/spec/loadBalancerSourceRanges"))
        .hasToString("[\"203.0.113.0/24\"]");
    assertThat(manifest.webhook().one(Kind.Service).at("/spec/loadBalancerSourceRanges"))
        .hasToString("[\"203.0.113.128/25\"]");
  }

  @Test
  void whatTheApiRefusesForATypeIsLeftOut() {
    JsonNode clusterIp =
        Chart.render(
                "controller: {service: {type: ClusterIP, loadBalancerIP: 192.0.2.1, loadBalancerSourceRanges: [192.0.2.0/24]}}")
            .one(Kind.Service, "penstock")
            .path("spec");

    assertThat(clusterIp.has("externalTrafficPolicy")).isFalse();
    assertThat(clusterIp.has("loadBalancerIP")).isFalse();
    assertThat(clusterIp.has("loadBalancerSourceRanges")).isFalse();
  }

  @Test
  void tcpAndUdpPortsAreOpenEverywhereAndTheirConfigMapsAreNamed() {
    Manifest manifest =
        Chart.render("{tcp: {'5432': 'data/postgres:5432'}, udp: {'53': 'dns/coredns:53'}}");

    assertThat(manifest.one(Kind.ConfigMap, "penstock-tcp").at("/data/5432").asText())
        .isEqualTo("data/postgres:5432");
    assertThat(manifest.one(Kind.Service, "penstock").at("/spec/ports"))
        .anySatisfy(port -> {
          assertThat(port.path("name").asText()).isEqualTo("53-udp");
          assertThat(port.path("protocol").asText()).isEqualTo("UDP");
        });
    assertThat(manifest.args())
        .contains(
            "--tcp-services-configmap=penstock/penstock-tcp",
            "--udp-services-configmap=penstock/penstock-udp");
    assertThat(manifest.pod().at("/securityContext/sysctls/0/name").asText())
        .as("53 is below 1024")
        .isEqualTo("net.ipv4.ip_unprivileged_port_start");
  }

  @Test
  void namesCanBeThoseOfIngressNginxsChart() {
    String compat = "controller: {compat: {resourceNames: ingress-nginx}}";

    assertThat(Manifest.of(Chart.text("edge", compat)).one(Kind.Deployment).at("/metadata/name"))
        .hasToString("\"edge-ingress-nginx-controller\"");
    assertThat(
            Manifest.of(Chart.text("ingress-nginx", compat))
                .one(Kind.Deployment)
                .at("/metadata/name"))
        .hasToString("\"ingress-nginx-controller\"");
    assertThat(Manifest.of(Chart.text("edge", "")).one(Kind.Deployment).at("/metadata/name"))
        .hasToString("\"edge-penstock\"");
  }
}

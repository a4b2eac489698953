package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page of {@code docs/local} and values for each cluster that people run on their machine. */
class LocalClustersTest {
  private static Manifest rendered(String cluster) {
    return Chart.render(Chart.read(Path.of("../deploy", cluster, "values.yaml")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3s", "kind", "microk8s", "minikube"})
  void thePageLoadsTheImageAndInstallsTheValues(String cluster) {
    assertThat(Chart.read(Path.of("../docs/local", cluster + ".md")))
        .contains(
            "gateway-app/target/penstock-image.tar",
            "--values deploy/" + cluster + "/values.yaml",
            "deploy/" + cluster + "/penstock.yaml",
            "curl ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3s", "kind", "microk8s", "minikube"})
  void anIngressWithoutAClassIsServed(String cluster) {
    assertThat(rendered(cluster).of(Kind.IngressClass))
        .extracting(type ->
            type.at("/metadata/annotations/ingressclass.kubernetes.io~1is-default-class").asText())
        .containsOnlyOnce("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind", "microk8s", "minikube"})
  void thePortsOfTheWebAreThoseOfTheNode(String cluster) {
    List<Integer> ports =
        rendered(cluster).container().path("ports").findValues("hostPort").stream()
            .map(JsonNode::asInt)
            .toList();

    assertThat(ports).containsExactly(80, 443);
    assertThat(rendered(cluster).args()).contains("--public-http-port=80");
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3s"})
  void theServiceHasThePortsOfTheWeb(String cluster) {
    JsonNode service = rendered(cluster).one(Kind.Service, "penstock");

    assertThat(service.at("/spec/type").asText()).isEqualTo("LoadBalancer");
    assertThat(service.at("/spec/ports").findValues("port"))
        .extracting(JsonNode::asInt)
        .containsExactly(80, 443);
  }
}

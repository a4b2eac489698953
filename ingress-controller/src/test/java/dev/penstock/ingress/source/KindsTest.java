package dev.penstock.ingress.source;

import static dev.penstock.ingress.source.Manifests.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of objects of kinds that are not read. */
class KindsTest {
  private static List<String> complaints(Map<String, byte[]> files) {
    Translation<ClusterView> read = ManifestReader.readAll(files);
    return read.diagnostics().stream().map(Diagnostic::toString).toList();
  }

  private static String object(String apiVersion, String kind) {
    return "---\n{apiVersion: %s, kind: %s, metadata: {name: x}}\n".formatted(apiVersion, kind);
  }

  @Test
  void whatOtherToolsMakeIsCountedOnceForAllFiles() {
    String helm =
        object("apps/v1", "Deployment")
            + object("v1", "ConfigMap")
            + object("cert-manager.io/v1", "Certificate")
            + object("monitoring.coreos.com/v1", "ServiceMonitor")
            + object("kustomize.config.k8s.io/v1beta1", "Kustomization")
            + object("v1", "PodList");

    assertThat(
            complaints(
                Map.of("a.yaml", utf8(helm), "b.yaml", utf8(object("apps/v1", "Deployment")))))
        .containsExactly(
            "info: 7 objects of kinds that Penstock does not read are passed over: 'Certificate',"
                + " 'ConfigMap', 'Deployment', 'Kustomization', 'PodList', 'ServiceMonitor'");
  }

  @Test
  void aFileThatDoesNotParseIsNotCounted() {
    String cut = object("apps/v1", "Deployment") + "---\na: [\n";

    assertThat(complaints(Map.of("a.yaml", utf8(cut)))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "serving.knative.dev/v1, Service",
    "networking.internal.knative.dev/v1alpha1, Ingress",
    "configuration.konghq.com/v1beta1, TCPIngress",
    "traefik.io/v1alpha1, IngressRoute",
    "gateway.networking.k8s.io/v1, HTTPRoute",
    "apps/v1, Deploymnt",
    "apps/v1, DeploymentList",
    "networking.k8s.io/v1, NetworkPolicy",
  })
  void anObjectOfOthersIsPassedOver(String apiVersion, String kind) {
    assertThat(complaints(Map.of("a.yaml", utf8(object(apiVersion, kind)))))
        .containsExactly(
            "info: 1 object of a kind that Penstock does not read is passed over: '" + kind + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "networking.k8s.io/v1, Ingres, did you mean 'Ingress'",
    "networking.k8s.io/v1beta1, Ingress, rewrite the object for networking.k8s.io/v1",
    "network.k8s.io/v1, Ingress, rewrite the object for networking.k8s.io/v1",
    "networking.k8s.oi/v1, Ingress, rewrite the object for networking.k8s.io/v1",
    "networking.k8s.oi/v1, Ingres, did you mean 'Ingress'",
    "core/v1, Service, rewrite the object for v1",
    "core/v1, Servce, did you mean 'Service'",
    "apps/v1, Servce, did you mean 'Service'",
    "v1, Widget, Kubernetes has no kind 'Widget'",
    "v1, Lst, did you mean 'List'",
    "networking.k8s.io/v1, Gateway, Kubernetes has no kind 'Gateway'",
  })
  void whatIsNearlyOneThatIsReadIsTold(String apiVersion, String kind, String complaint) {
    assertThat(complaints(Map.of("a.yaml", utf8(object(apiVersion, kind)))))
        .singleElement()
        .asString()
        .contains(complaint)
        .doesNotContain("info:");
  }
}

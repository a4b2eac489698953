package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** How many pods there are, and how many may be missing. */
class ScalingTest {
  @Test
  void whereSomethingElseScalesTheReplicasAreItsOwn() {
    Manifest hpa = Chart.render("controller: {autoscaling: {enabled: true}}");
    Manifest keda = Chart.render("controller: {keda: {enabled: true}}");

    assertThat(hpa.one(Kind.Deployment).path("spec").has("replicas")).isFalse();
    assertThat(hpa.one(Kind.HorizontalPodAutoscaler).at("/spec/metrics")).hasSize(1);
    assertThat(keda.one(Kind.Deployment).path("spec").has("replicas")).isFalse();
    assertThat(keda.one(Kind.ScaledObject).at("/spec/scaleTargetRef/name").asText())
        .isEqualTo("penstock");
  }

  @Test
  void aSinglePodHasNoDisruptionBudget() {
    assertThat(Chart.render("controller: {replicaCount: 1}").of(Kind.PodDisruptionBudget))
        .isEmpty();
    assertThat(
            Chart.render(
                    "controller: {replicaCount: 3, autoscaling: {enabled: true, minReplicas: 1}}")
                .of(Kind.PodDisruptionBudget))
        .isEmpty();
  }

  /** The API counts the pods that it should have by its scale, which a DaemonSet has not. */
  @Test
  void aDaemonSetHasNoDisruptionBudget() {
    assertThat(
            Chart.render("controller: {kind: DaemonSet, minAvailable: 1}")
                .of(Kind.PodDisruptionBudget))
        .isEmpty();
  }

  @Test
  void aLeastNumberOfPodsReplacesThatOfMissingOnes() {
    assertThat(budget("")).hasToString("{\"maxUnavailable\":1}");
    assertThat(budget("controller: {minAvailable: 1}")).hasToString("{\"minAvailable\":1}");
    assertThat(budget("controller: {minAvailable: 50%}")).hasToString("{\"minAvailable\":\"50%\"}");
    assertThat(budget("controller: {minAvailable: 1, maxUnavailable: 0}"))
        .hasToString("{\"maxUnavailable\":0}");
  }

  private static JsonNode budget(String values) {
    JsonNode spec = Chart.render(values).one(Kind.PodDisruptionBudget).path("spec");
    return ((com.fasterxml.jackson.databind.node.ObjectNode) spec.deepCopy()).without("selector");
  }
}

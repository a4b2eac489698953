package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many pods there are, and how many may be missing. */
class ScalingTest {
  @Test
  void whereSomethingElseScalesTheReplicasAreItsOwn() {
    Manifest hpa = Chart.render("controller: {autoscaling: {enabled: true}}");
    Manifest keda = Chart.render("controller: {keda: {enabled: true, triggers: [{type: cpu}]}}");

    assertThat(hpa.one(Kind.Deployment).path("spec").has("replicas")).isFalse();
    assertThat(hpa.one(Kind.HorizontalPodAutoscaler).at("/spec/metrics")).hasSize(1);
    assertThat(keda.one(Kind.Deployment).path("spec").has("replicas")).isFalse();
    assertThat(keda.one(Kind.ScaledObject).at("/spec/scaleTargetRef/name").asText())
        .isEqualTo("penstock");
  }

  /** ingress-nginx's default is 50, of which a JVM always has more. */
  @Test
  void memoryScalesOnlyWhereItIsAskedFor() {
    String scaled =
        "controller: {autoscaling: {enabled: true, targetMemoryUtilizationPercentage: %d}}";

    assertThat(metrics(scaled.formatted(50))).containsExactly("cpu 50");
    assertThat(metrics(scaled.formatted(80))).containsExactly("cpu 50", "memory 80");
    assertThat(Chart.notes(scaled.formatted(80)))
        .contains("targetMemoryUtilizationPercentage is 80. A JVM keeps memory");
    assertThat(Chart.notes(scaled.formatted(50)))
        .contains("    controller.autoscaling.targetMemoryUtilizationPercentage\n")
        .doesNotContain("A JVM keeps memory");
  }

  private static List<String> metrics(String values) {
    return Manifest.texts(
        Chart.render(values).one(Kind.HorizontalPodAutoscaler).at("/spec/metrics"),
        metric ->
            metric.at("/resource/name").asText()
                + " "
                + metric.at("/resource/target/averageUtilization").asText());
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

package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart without a value of one's own. */
class DefaultsTest {
  private static final List<Value> VALUES =
      Value.of(Chart.read(Chart.DIRECTORY.resolve("values.yaml")));

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RENDERED = Chart.text("penstock", "");

  @Test
  void lintFindsNothingThatAnIconWouldNotMend() {
    LintResult result = new Helm(Chart.DIRECTORY).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages()).allMatch(message -> message.contains("icon is recommended"));
  }

  @Test
  void theObjectsAreThese() {
    assertThat(Chart.render().names())
        .containsExactlyInAnyOrder(
            "PodDisruptionBudget/penstock",
            "PodDisruptionBudget/penstock-webhook",
            "ServiceAccount/penstock",
            "ServiceAccount/penstock-webhook",
            "Secret/penstock-webhook-certificate",
            "ConfigMap/penstock",
            "ClusterRole/penstock",
            "ClusterRole/penstock-webhook",
            "ClusterRoleBinding/penstock",
            "ClusterRoleBinding/penstock-webhook",
            "Role/penstock",
            "Role/penstock-webhook",
            "RoleBinding/penstock",
            "RoleBinding/penstock-webhook",
            "Service/penstock-metrics",
            "Service/penstock",
            "Service/penstock-webhook",
            "Deployment/penstock",
            "Deployment/penstock-webhook",
            "IngressClass/penstock",
            "Lease/penstock-leader",
            "Lease/penstock-webhook-leader",
            "ValidatingWebhookConfiguration/penstock-webhook");
  }

  @Test
  void renderedTwiceItIsTheSame() {
    assertThat(Chart.text("penstock", "")).isEqualTo(Chart.text("penstock", ""));
  }

  @Test
  void keysWithNothingBehindThemHaveTheirDefaults() {
    String keys =
        VALUES.stream()
            .filter(value -> !value.isClosed() && !Defaults.isRemovable(value))
            .map(value -> nested(value.path()))
            .reduce("{}", DefaultsTest::merged);

    assertThat(keys).contains("\"podLabels\":null");
    assertThat(Chart.text("penstock", keys)).isEqualTo(RENDERED);
    assertThat(Chart.notes(keys)).isEqualTo(Chart.notes(""));
  }

  @Test
  void whatMayBeTakenAwayIsGone() {
    String keys =
        VALUES.stream()
            .filter(Defaults::isRemovable)
            .map(value -> nested(value.path()))
            .reduce("{\"controller\":{\"hostPort\":{\"enabled\":true}}}", DefaultsTest::merged);
    JsonNode container = Chart.render(keys).container();

    assertThat(container.has("readinessProbe")).isFalse();
    assertThat(container.path("resources")).isEmpty();
    assertThat(container.at("/ports")).noneMatch(port -> port.has("hostPort"));
    assertThat(
            Chart.render("controller: {hostPort: {enabled: true, ports: {http: null}}}")
                .container()
                .findValuesAsText("hostPort"))
        .containsExactly("443");
  }

  static Stream<Value> sections() {
    return VALUES.stream().filter(Value::isClosed);
  }

  @ParameterizedTest
  @MethodSource("sections")
  void aSectionWithNothingBehindItHasItsDefaults(Value section) {
    assertThat(Chart.text("penstock", nested(section.path()))).isEqualTo(RENDERED);
  }

  /** JSON, which is YAML, too: null at that path. */
  private static String nested(List<String> path) {
    return "{\"" + String.join("\":{\"", path) + "\":null" + "}".repeat(path.size());
  }

  private static String merged(String first, String second) {
    try {
      return JSON.readerForUpdating(JSON.readTree(first)).readTree(second).toString();
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void everyFieldIsKnownToTheApi() {
    assertThat(Chart.render().all()).allSatisfy(object -> assertThat(Kind.fault(object)).isNull());
  }
}

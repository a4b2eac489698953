package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import org.junit.jupiter.api.Test;

/** The chart without a value of one's own. */
class DefaultsTest {
  @Test
  void lintFindsNothingThatAnIconWouldNotMend() {
    LintResult result = new Helm(Chart.DIRECTORY).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages()).allMatch(message -> message.contains("icon is recommended"));
  }

  @Test
  void theObjectsAreThese() {
    assertThat(Chart.render().names())
        .containsExactly(
            "PodDisruptionBudget/penstock",
            "ServiceAccount/penstock",
            "ConfigMap/penstock",
            "ClusterRole/penstock",
            "ClusterRoleBinding/penstock",
            "Role/penstock",
            "RoleBinding/penstock",
            "Service/penstock-metrics",
            "Service/penstock",
            "Deployment/penstock",
            "IngressClass/penstock",
            "Lease/penstock-leader");
  }

  @Test
  void renderedTwiceItIsTheSame() {
    assertThat(Chart.text("penstock", "")).isEqualTo(Chart.text("penstock", ""));
  }

  @Test
  void everyFieldIsKnownToTheApi() {
    assertThat(Chart.render().all()).allSatisfy(object -> assertThat(Kind.fault(object)).isNull());
  }
}

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
  void everyFieldIsKnownToTheApi() {
    assertThat(Chart.render().all()).allSatisfy(object -> assertThat(Kind.fault(object)).isNull());
  }
}

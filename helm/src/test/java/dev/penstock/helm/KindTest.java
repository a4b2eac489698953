package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The check of the other tests finds what is wrong. */
class KindTest {
  @Test
  void aFieldThatNobodyKnowsIsAFault() {
    assertThat(faultOf("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {port: 80}"))
        .startsWith("Service/a: Unrecognized field \"port\"");
    assertThat(
            faultOf(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{nme: x}]}}}"))
        .startsWith("Deployment/a: Unrecognized field \"nme\"");
  }

  @Test
  void aFieldOfAnotherTypeIsAFault() {
    assertThat(
            faultOf(
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: {port: 80}}"))
        .startsWith("Service/a: Cannot deserialize");
  }

  @Test
  void aKindOrVersionThatTheChartDoesNotHaveIsAFault() {
    assertThat(faultOf("apiVersion: v1\nkind: Pod\nmetadata: {name: a}"))
        .isEqualTo("Pod/a: the chart has no such kind");
    assertThat(faultOf("apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: a}"))
        .isEqualTo("Deployment/a: apiVersion is not apps/v1");
  }

  private static String faultOf(String manifest) {
    return String.valueOf(Kind.fault(Manifest.of(manifest).all().getFirst()));
  }
}

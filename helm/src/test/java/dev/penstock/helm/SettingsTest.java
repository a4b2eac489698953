package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** The ConfigMap and the class. */
class SettingsTest {
  @Test
  void settingsAreTextWhateverTheyAreInTheValues() {
    JsonNode data =
        Chart.render(
                "controller: {config: {hsts: false, keep-alive-requests: 10000000, proxy-body-size: 10m, server-tokens: '{{ .Release.Name }}'}}")
            .one(Kind.ConfigMap)
            .path("data");

    assertThat(data)
        .hasToString(
            "{\"hsts\":\"false\",\"keep-alive-requests\":\"10000000\",\"proxy-body-size\":\"10m\",\"server-tokens\":\"penstock\"}");
  }

  @Test
  void headersAreConfigMapsThatTheSettingsName() {
    Manifest manifest = Chart.render("controller: {proxySetHeaders: {X-Region: eu, X-Number: 5}}");

    assertThat(manifest.one(Kind.ConfigMap, "penstock").at("/data/proxy-set-headers").asText())
        .isEqualTo("penstock/penstock-proxy-set-headers");
    assertThat(manifest.one(Kind.ConfigMap, "penstock-proxy-set-headers").path("data"))
        .hasToString("{\"X-Number\":\"5\",\"X-Region\":\"eu\"}");
  }

  @Test
  void theDefaultClassIsTheFirstOneAndAliasesAreCopies() {
    Manifest manifest =
        Chart.render(
            "controller: {ingressClassResource: {name: nginx, default: true, aliases: [public]}}");

    assertThat(
            manifest
                .one(Kind.IngressClass, "nginx")
                .at("/metadata/annotations/ingressclass.kubernetes.io~1is-default-class")
                .asText())
        .isEqualTo("true");
    assertThat(manifest.one(Kind.IngressClass, "public").path("metadata").has("annotations"))
        .isFalse();
    assertThat(manifest.one(Kind.IngressClass, "public").at("/spec/controller").asText())
        .isEqualTo("penstock.dev/ingress-controller");
  }
}

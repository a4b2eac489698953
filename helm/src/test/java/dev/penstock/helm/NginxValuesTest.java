package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that were written for ingress-nginx's chart. */
class NginxValuesTest {
  private static final String ALL =
      Chart.read(Path.of("src/test/resources/ingress-nginx-4.15.yaml"));

  @Test
  void allOfItsDefaultsAreAcceptedAndPenstockRunsAsItself() {
    Manifest manifest = Chart.render(ALL);

    assertThat(manifest.all()).allSatisfy(object -> assertThat(Kind.fault(object)).isNull());
    assertThat(manifest.container().path("image").asText()).isEqualTo("penstock.dev/penstock:dev");
    assertThat(manifest.pod().at("/securityContext/runAsUser").asInt()).isEqualTo(65532);
    assertThat(manifest.container().has("lifecycle")).isFalse();
    assertThat(manifest.one(Kind.Service, "penstock").findValues("appProtocol")).isEmpty();
    assertThat(manifest.args())
        .contains(
            "--ingress-class=nginx",
            "--controller-class=k8s.io/ingress-nginx",
            "--http-port=8080",
            "--drain-timeout=285s");
    assertThat(manifest.names()).contains("IngressClass/nginx").hasSize(21);
    assertThat(
            manifest
                .webhook()
                .one(Kind.ValidatingWebhookConfiguration)
                .findValuesAsText("failurePolicy"))
        .containsOnly("Ignore");
  }

  @Test
  void ofItsDefaultsTheNotesNameWhatCountsAsUnset() {
    String notes = Chart.notes(ALL);
    List<String> named = notes.lines().filter(line -> line.startsWith("    c")).toList();

    assertThat(named)
        .noneMatch(line -> line.contains(": "))
        .contains(
            "    controller.admissionWebhooks.failurePolicy",
            "    controller.containerPort.http",
            "    controller.image.digest",
            "    controller.image.image",
            "    controller.image.tag",
            "    controller.lifecycle",
            "    controller.readinessProbe.httpGet.path");
  }

  @Test
  void whatHasNoEffectIsNamedWithTheReason() {
    assertThat(
            Chart.notes(
                """
                controller:
                  allowSnippetAnnotations: true
                  customTemplate: {configMapName: template, configMapKey: nginx.tmpl}
                  extraModules: [{name: lua}]
                  extraArgs: {default-ssl-certificate: a/b, sync-period: 10s}
                  metrics: {dashboards: {enabled: true}}
                  admissionWebhooks: {patch: {tolerations: [{key: edge}]}, createSecretJob: {resources: {}}}
                defaultBackend: {enabled: true, image: {image: defaultbackend-amd64}}
                tcp: {"5432": "a/b:1"}
                """))
        .contains(
            "    controller.allowSnippetAnnotations: there is no nginx configuration",
            "    controller.customTemplate: there is no template",
            "    controller.extraModules: modules of nginx cannot be loaded",
            "    controller.extraArgs.default-ssl-certificate: not in this version",
            "    controller.extraArgs.sync-period: objects are watched",
            "    controller.metrics.dashboards: no dashboards are there yet",
            "    controller.admissionWebhooks.patch: the pods of the webhook say whom to trust",
            "    defaultBackend: no Deployment is made; what no Ingress matches",
            "    tcp: judged");
  }

  /** What ingress-nginx answers on its traffic ports is 404 here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz",
        "service.beta.kubernetes.io/port_443_health-probe_request-path: /healthz",
        "service.beta.kubernetes.io/aws-load-balancer-healthcheck-path: /healthz",
        "service.beta.kubernetes.io/aws-load-balancer-healthcheck-protocol: HTTP",
        "service.beta.kubernetes.io/do-loadbalancer-healthcheck-path: /healthz",
        "load-balancer.hetzner.cloud/health-check-http-path: /healthz",
        "cloud.google.com/backend-config: '{\"default\": \"edge\"}'"
      })
  void healthChecksOverHttpOnTheTrafficPortsAreNamed(String annotation) {
    String name = annotation.substring(0, annotation.indexOf(": "));

    assertThat(Chart.notes("controller: {service: {annotations: {" + annotation + "}}}"))
        .contains("They answer 404 to /healthz", "    controller.service.annotations." + name);
    assertThat(
            Chart.notes("controller: {service: {internal: {annotations: {" + annotation + "}}}}"))
        .contains("    controller.service.internal.annotations." + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "service.beta.kubernetes.io/aws-load-balancer-healthcheck-protocol: TCP",
        "service.beta.kubernetes.io/azure-load-balancer-health-probe-protocol: tcp",
        "{service.beta.kubernetes.io/aws-load-balancer-healthcheck-path: /readyz,"
            + " service.beta.kubernetes.io/aws-load-balancer-healthcheck-port: '10254'}"
      })
  void otherHealthChecksAreNot(String annotations) {
    String map = annotations.startsWith("{") ? annotations : "{" + annotations + "}";

    assertThat(Chart.notes("controller: {service: {annotations: " + map + "}}"))
        .doesNotContain("404");
  }

  @Test
  void settingsThatDoNotActAreNamedAsTheManualHasThem() {
    String notes =
        Chart.notes(
            """
            controller:
              config:
                allow-snippet-annotations: "false"
                enable-modsecurity: false
                http-snippet: "server { listen 2443; }"
                map-hash-bucket-size: 64
                proxy-body-size: 10m
                proxy-body-sizes: 10m
            """);

    assertThat(notes)
        .contains(
            "    controller.config.http-snippet: is raw configuration of nginx, which is never"
                + " executed: refused, and closes all routes where it may limit",
            "    controller.config.map-hash-bucket-size: tunes the inside of nginx: void",
            "    controller.config.proxy-body-sizes: no key")
        .doesNotContain("config.proxy-body-size:", "config.allow-", "config.enable-modsecurity");
  }

  /** Whatever the manual says of them in this version. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          whitelist-source-range | config: {whitelist-source-range: 10.0.0.0/8}  | config.whitelist-source-range
          denylist-source-range  | config: {denylist-source-range: 10.0.0.0/8}   | config.denylist-source-range
          block-cidrs            | config: {block-cidrs: 10.0.0.0/8}             | config.block-cidrs
          global-auth-url        | config: {global-auth-url: 'https://a.test/'}  | config.global-auth-url
          add-headers            | addHeaders: {X-Frame-Options: DENY}           | addHeaders
          proxy-set-headers      | proxySetHeaders: {X-Region: eu}               | proxySetHeaders
          """)
  void whatProtectsIsNamedAsLongAsItDoesNotAct(String key, String values, String path) {
    String says = ConfigKeys.ofManual().getOrDefault(key, "");

    assertThat(Chart.notes("controller: {" + values + "}").lines())
        .filteredOn(line -> line.startsWith("    controller."))
        .isEqualTo(says.isEmpty() ? List.of() : List.of("    controller." + path + ": " + says));
  }

  @Test
  void withoutSuchValuesTheNotesNameNone() {
    assertThat(Chart.notes(""))
        .contains("kubectl --namespace penstock get service penstock")
        .doesNotContain("These values", "These settings");
  }

  @Test
  void aFlagOfIngressNginxIsLeftOutAndAnUnknownOneIsRefused() {
    assertThat(Chart.render("controller: {extraArgs: {v: 3, enable-metrics: ''}}").args())
        .isEqualTo(Chart.render().args());
    assertThatThrownBy(() -> Chart.render("controller: {extraArgs: {--v: 3}}"))
        .hasMessageContaining("controller.extraArgs.--v is no flag of `penstock ingress`");
  }

  @Test
  void everyReasonForAValueWithoutEffectIsOneSentence() {
    assertThat(NginxKeys.withoutEffect().values())
        .allSatisfy(says -> assertThat(says).isNotBlank().doesNotEndWith(".").doesNotContain("\n"));
  }
}

package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The admission webhook. */
class WebhookTest {
  private static Manifest webhook(String values) {
    return Chart.render(values).webhook();
  }

  private static Manifest of(String file) {
    return webhook(Chart.read(Path.of("src/test/resources/values", file)));
  }

  private static List<JsonNode> webhooks(Manifest manifest) {
    return List.copyOf(
        manifest.one(Kind.ValidatingWebhookConfiguration).at("/webhooks").valueStream().toList());
  }

  @Test
  void itJudgesByTheFlagsOfTheController() {
    assertThat(webhook("").args())
        .containsExactly(
            "webhook",
            "--admin-port=10254",
            "--certificate-secret=penstock/penstock-webhook-certificate",
            "--configmap=penstock/penstock",
            "--controller-class=penstock.dev/ingress-controller",
            "--ingress-class=penstock",
            "--election-id=penstock-webhook-leader",
            "--port=8443",
            "--service=penstock/penstock-webhook",
            "--webhook-configuration=penstock-webhook");
    assertThat(
            webhook(
                    "{controller: {scope: {enabled: true, namespace: 'a,b'}, watchIngressWithoutClass: true,"
                        + " extraArgs: {ingress-class-by-name: ''}}, tcp: {'5432': 'a/b:1'}}")
                .args())
        .contains(
            "--watch-namespace=a,b",
            "--watch-ingress-without-class",
            "--ingress-class-by-name",
            "--tcp-services-configmap=penstock/penstock-tcp");
  }

  @Test
  void itIsNotThereWhenItIsNotWantedOrNothingMayBeInTheCluster() {
    assertThat(of("webhook-off.yaml").all()).isEmpty();
    String scoped = "{rbac: {scope: true}, controller: {scope: {enabled: true}}}";
    assertThat(webhook(scoped).all()).isEmpty();
    assertThat(Chart.notes(scoped)).contains("There is no admission webhook: ");
    assertThat(Chart.notes("")).doesNotContain("There is no");
  }

  @Test
  void itsAccountCanBeOneThatIsThere() {
    Manifest manifest =
        webhook("controller: {admissionWebhooks: {serviceAccount: {create: false, name: judge}}}");

    assertThat(manifest.of(Kind.ServiceAccount)).isEmpty();
    assertThat(manifest.pod().path("serviceAccountName").asText()).isEqualTo("judge");
    assertThat(manifest.one(Kind.ClusterRoleBinding).at("/subjects/0/name").asText())
        .isEqualTo("judge");
    assertThat(
            webhook("controller: {admissionWebhooks: {serviceAccount: {name: judge}}}")
                .one(Kind.ServiceAccount)
                .at("/metadata/name")
                .asText())
        .isEqualTo("judge");
  }

  @Test
  void nothingFailsBecauseItDoesNotAnswer() {
    assertThat(webhooks(webhook("")))
        .hasSize(2) // the names are those of WebhookOptions, which says whom to trust
        .extracting(webhook -> webhook.path("name").asText())
        .containsExactly("ingresses.penstock.dev", "settings.penstock.dev");
    assertThat(webhooks(webhook("")))
        .allSatisfy(webhook -> {
          assertThat(webhook.path("failurePolicy").asText()).isEqualTo("Ignore");
          assertThat(webhook.path("sideEffects").asText()).isEqualTo("None");
          assertThat(webhook.path("timeoutSeconds").asInt()).isGreaterThan(8);
          assertThat(webhook.at("/clientConfig").has("caBundle")).isFalse();
        });
  }

  /** Settings are ours and its own: they can be mended whatever does not answer. */
  @Test
  void failClosedHoldsUpIngressesAloneAndNoRemoval() {
    List<JsonNode> webhooks = webhooks(of("webhook-secret.yaml"));
    assertThat(webhooks.getFirst().path("failurePolicy").asText()).isEqualTo("Fail");
    assertThat(Manifest.texts(webhooks.getFirst().at("/rules/0/operations")))
        .containsExactly("CREATE", "UPDATE");
    assertThat(webhooks.getFirst().at("/matchConditions/0/expression").asText())
        .startsWith("!has(object.metadata.deletionTimestamp) || object.spec != oldObject.spec || ");
    assertThat(webhooks.getLast().path("failurePolicy").asText()).isEqualTo("Ignore");
  }

  private static String ofSettings(String values) {
    return webhooks(webhook(values)).getLast().at("/matchConditions/0/expression").asText();
  }

  @Test
  void ofConfigMapsOnlyOursAreJudged() {
    assertThat(ofSettings("tcp: {'5432': 'a/b:1'}"))
        .startsWith(
            "request.resource.resource == \"configmaps\" ? request.namespace + \"/\" + request.name"
                + " in [\"penstock/penstock\",\"penstock/penstock-tcp\"] : ");
  }

  /** No Service says which Ingresses use it; most updates of one are of its labels. */
  @Test
  void aServiceIsJudgedWhereItGoesOrChangesWhatRequestsReachOrHasAnnotationsOfOurs() {
    assertThat(ofSettings(""))
        .contains(
            " : (request.operation == \"DELETE\""
                + " || request.operation == \"UPDATE\" && object.spec != oldObject.spec || ")
        .endsWith("key.startsWith(\"penstock.dev/\"))))");
    assertThat(ofSettings("controller: {scope: {enabled: true, namespace: 'a,b'}}"))
        .contains(" : request.namespace in [\"a\",\"b\"] && (request.operation == \"DELETE\" || ");
  }

  @Test
  void namespacesThatAreNotServedAreNotAsked() {
    assertThat(
            webhooks(webhook("controller: {scope: {enabled: true, namespace: 'a,b'}}"))
                .getFirst()
                .at("/namespaceSelector/matchExpressions/0/values"))
        .extracting(JsonNode::asText)
        .containsExactly("a", "b");
    assertThat(
            webhooks(webhook("controller: {scope: {namespaceSelector: 'a=1, b==2,c!=3,d,!e'}}"))
                .getFirst()
                .at("/namespaceSelector/matchExpressions"))
        .extracting(requirement ->
            requirement.path("key").asText()
                + " "
                + requirement.path("operator").asText()
                + requirement.at("/values/0").asText())
        .containsExactly("a In1", "b In2", "c NotIn3", "d Exists", "e DoesNotExist");
  }

  @Test
  void selectorsOfOnesOwnAreThoseOfBothWebhooks() {
    String own =
        """
        controller:
          scope: {enabled: true, namespace: shop}
          admissionWebhooks:
            namespaceSelector: {matchLabels: {judged: "yes"}}
            objectSelector: {matchLabels: {judged: object}}
        """;

    assertThat(webhooks(webhook(own)))
        .hasSize(2)
        .allSatisfy(webhook -> {
          assertThat(webhook.path("namespaceSelector"))
              .hasToString("{\"matchLabels\":{\"judged\":\"yes\"}}");
          assertThat(webhook.path("objectSelector"))
              .hasToString("{\"matchLabels\":{\"judged\":\"object\"}}");
        });
  }

  /** A mounted key is root's and its group's, and only fsGroup makes that the pod's. */
  @Test
  void itsPodsMayReadAMountedKey() {
    for (String file : List.of("webhook-secret.yaml", "webhook-cert-manager.yaml")) {
      JsonNode security = of(file).pod().path("securityContext");
      assertThat(security.path("fsGroup").asText()).isEqualTo(security.path("runAsGroup").asText());
    }
    assertThat(webhook("").pod().at("/securityContext").has("fsGroup")).isFalse();
  }

  @Test
  void itsPodsAndThoseOfTheGatewayAreWhereTheyMayBe() {
    Manifest manifest =
        Chart.render(
            """
            imagePullSecrets: [{name: registry}]
            controller:
              priorityClassName: system-cluster-critical
              runtimeClassName: gvisor
              nodeSelector: {edge: "true"}
              tolerations: [{key: edge, operator: Exists}]
            """);

    for (JsonNode pod : List.of(manifest.pod(), manifest.webhook().pod())) {
      assertThat(pod.path("imagePullSecrets")).hasToString("[{\"name\":\"registry\"}]");
      assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-cluster-critical");
      assertThat(pod.path("runtimeClassName").asText()).isEqualTo("gvisor");
      assertThat(pod.at("/nodeSelector/edge").asText()).isEqualTo("true");
      assertThat(pod.path("tolerations"))
          .hasToString("[{\"key\":\"edge\",\"operator\":\"Exists\"}]");
    }
  }

  @Test
  void inAScopeItReadsIngressesAndServicesThere() {
    Manifest scoped = webhook("controller: {scope: {enabled: true, namespace: 'a,b'}}");

    assertThat(scoped.of(Kind.Role))
        .filteredOn(role -> role.at("/metadata/name").asText().endsWith("-objects"))
        .extracting(role ->
            role.at("/metadata/namespace").asText()
                + role.path("rules").findValues("resources")
                + role.path("rules").findValues("verbs"))
        .containsExactly(
            "a[[\"ingresses\"], [\"services\"]][[\"list\",\"watch\"], [\"list\",\"watch\"]]",
            "b[[\"ingresses\"], [\"services\"]][[\"list\",\"watch\"], [\"list\",\"watch\"]]");
    assertThat(scoped.one(Kind.ClusterRole).at("/rules/0/resources"))
        .hasToString("[\"ingressclasses\"]");
  }

  @Test
  void itReadsNoSecretButItsOwn() {
    for (String file : List.of("webhook-off.yaml", "webhook-secret.yaml", "webhook-issuer.yaml")) {
      assertThat(secretRules(of(file))).isEmpty();
    }
    assertThat(secretRules(webhook("")))
        .singleElement()
        .satisfies(rule -> {
          assertThat(Manifest.texts(rule.path("resourceNames")))
              .containsExactly("penstock-webhook-certificate");
          assertThat(Manifest.texts(rule.path("verbs"))).containsExactly("get", "patch");
        });
  }

  private static List<JsonNode> secretRules(Manifest manifest) {
    return manifest.all().stream()
        .flatMap(object -> object.path("rules").valueStream())
        .filter(rule -> Manifest.texts(rule.path("resources")).contains("secrets"))
        .toList();
  }

  @Test
  void itMayChangeNothingButItsCertificateAndWhoIsTrusted() {
    assertThat(
            webhook("").all().stream()
                .flatMap(object -> object.path("rules").valueStream())
                .filter(rule ->
                    !List.of("list", "watch").containsAll(Manifest.texts(rule.path("verbs"))))
                .map(rule -> rule.path("resources") + " " + rule.path("resourceNames")))
        .containsExactlyInAnyOrder(
            "[\"secrets\"] [\"penstock-webhook-certificate\"]",
            "[\"leases\"] [\"penstock-webhook-leader\"]",
            "[\"leases\"] ",
            "[\"validatingwebhookconfigurations\"] [\"penstock-webhook\"]");
  }

  @Test
  void theSecretIsEmptySoThatNothingIsRenderedTwiceInTwoWays() {
    JsonNode secret = webhook("").one(Kind.Secret);
    assertThat(secret.has("data")).isFalse();
    assertThat(secret.has("stringData")).isFalse();
  }

  @Test
  void aGivenCertificateIsMountedAndItsAuthorityPublished() {
    Manifest given = of("webhook-secret.yaml");
    assertThat(given.args())
        .contains("--tls-cert=/certificate/tls.crt", "--conflicts=warn", "--log-format=json")
        .noneMatch(flag -> flag.contains("election"));
    assertThat(given.pod().at("/volumes/1/secret/secretName").asText()).isEqualTo("given");
    String bundle = webhooks(given).getFirst().at("/clientConfig/caBundle").asText();
    assertThat(new String(Base64.getDecoder().decode(bundle), StandardCharsets.UTF_8))
        .startsWith("-----BEGIN CERTIFICATE-----\n");
    assertThat(given.of(Kind.Secret)).isEmpty();
    assertThat(given.of(Kind.Lease)).isEmpty();
  }

  @Test
  void certManagerMakesTheCertificateAndSaysWhomToTrust() {
    Manifest manifest = of("webhook-cert-manager.yaml");
    JsonNode configuration = manifest.one(Kind.ValidatingWebhookConfiguration);
    assertThat(
            configuration
                .at("/metadata/annotations")
                .path("cert-manager.io/inject-ca-from")
                .asText())
        .isEqualTo("penstock/penstock-webhook-certificate");
    assertThat(manifest.of(Kind.Issuer)).hasSize(2);
    JsonNode served = manifest.one(Kind.Certificate, "penstock-webhook-certificate");
    assertThat(served.at("/spec/secretName").asText())
        .isEqualTo(manifest.pod().at("/volumes/1/secret/secretName").asText());
    assertThat(served.at("/spec/secretName").asText())
        .isNotEqualTo(webhook("").one(Kind.Secret).at("/metadata/name").asText()); // it stays
    assertThat(Manifest.texts(served.at("/spec/dnsNames")))
        .contains("penstock-webhook.penstock.svc");
    assertThat(of("webhook-issuer.yaml").of(Kind.Issuer)).isEmpty();
    assertThat(of("webhook-issuer.yaml").one(Kind.Certificate).at("/spec/issuerRef/name").asText())
        .isEqualTo("company");
  }

  /** In the image there is no launcher. */
  @Test
  void itsHeapIsThatOfTheLauncher() {
    JsonNode options =
        webhook("")
            .container()
            .path("env")
            .valueStream()
            .filter(variable -> variable.path("name").asText().equals("_JAVA_OPTIONS"))
            .findFirst()
            .orElseThrow();
    assertThat(Chart.read(Path.of("../gateway-app/src/main/dist/bin/penstock")))
        .contains("webhook,*) heap=\"" + options.path("value").asText() + "\" ;;");
  }
}

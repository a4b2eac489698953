package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.configMap;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.namespace;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.secret;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.service;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.Absence;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.kubernetes.KubernetesScope.SecretsMode;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.ScriptedApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read, and what is not even asked for. */
class ScopeTest {
  private static final ObjectKey SHOP_TLS = new ObjectKey("shop", "shop-tls");

  private @Nullable SourceFixture opened;

  private SourceFixture cluster(KubernetesScope scope) {
    SourceFixture fixture = SourceFixture.empty(scope, false);
    opened = fixture;
    fixture.putOneOfEach();
    return fixture;
  }

  @AfterEach
  void close() {
    if (opened != null) opened.close();
  }

  @Test
  void ofTheClusterOnlySecretsOfTheTypeTlsAreAskedFor() {
    SourceFixture cluster = cluster(KubernetesScope.CLUSTER);
    cluster.startToView();

    assertThat(cluster.api.asked())
        .filteredOn(target -> target.contains("secrets"))
        .isNotEmpty()
        .allMatch(target -> target.contains("fieldSelector=type=kubernetes.io/tls"));
    assertThat(cluster.api.asked()).noneMatch(target -> target.contains("/namespaces"));
  }

  @Test
  void aNamespaceThatDoesNotExistIsToldUntilItHasSomething() {
    SourceFixture cluster =
        cluster(new KubernetesScope(Set.of("shop", "shpo", "blog"), "", SecretsMode.TLS));
    cluster.api.put(namespace("blog", "web"));
    cluster.startToView();

    assertThat(cluster.views).hasSize(1);
    assertThat(cluster.diagnostics())
        .singleElement()
        .asString()
        .contains("Namespace shpo: warning: did not exist when it was looked for");

    cluster.api.put(service("shpo", "web"));
    cluster.await("it has something", () -> cluster.diagnostics().isEmpty());
  }

  @Test
  void aNamespaceWithoutAnythingIsDoubtedWhereNobodyMayAsk() {
    SourceFixture cluster =
        cluster(new KubernetesScope(Set.of("shop", "blog"), "", SecretsMode.TLS));
    cluster.api.put(namespace("blog", "web"));
    cluster.api.fault(target -> target.endsWith("/namespaces/blog"), 1, ScriptedApi.refusing(403));
    cluster.startToView();

    assertThat(cluster.diagnostics())
        .singleElement()
        .asString()
        .contains("Namespace blog: warning: ", "does it exist?");
  }

  @Test
  void whoOnlyJudgesAsksForNeitherSecretsNorEndpointSlices() {
    SourceFixture cluster = cluster(KubernetesScope.CLUSTER.judging());
    cluster.startToView();

    assertThat(cluster.api.asked())
        .isNotEmpty()
        .noneMatch(target -> target.contains("secrets") || target.contains("endpointslices"));
    assertThat(cluster.views.getLast().value().ingresses()).isNotEmpty();
    assertThat(cluster.views.getLast().value().services()).isNotEmpty();
  }

  @Test
  void aSecretOfAnotherTypeIsReadByItsNameWhenAnIngressNamesIt() {
    SourceFixture cluster = cluster(KubernetesScope.CLUSTER);
    cluster.api.put(ingress("shop", "blog", "blog.example.com"));
    cluster.api.put(secret("shop", "blog-tls", "Opaque"));
    cluster.api.put(secret("shop", "other", "Opaque"));
    cluster.startToView();

    assertThat(cluster.view().secrets().keySet())
        .containsExactlyInAnyOrder(SHOP_TLS, new ObjectKey("shop", "blog-tls"));
    assertThat(cluster.views).hasSize(1);
    assertThat(cluster.api.asked())
        .filteredOn(target -> target.contains("metadata.name"))
        .allMatch(target -> target.startsWith("/api/v1/namespaces/shop/secrets?"));
  }

  @Test
  void aChangeWaitsForTheSecretsThatItNames() {
    SourceFixture cluster = cluster(KubernetesScope.CLUSTER);
    cluster.startToView();
    cluster.api.put(secret("shop", "blog-tls", "Opaque"));
    cluster.api.put(ingress("shop", "blog", "blog.example.com"));
    cluster.await("the Ingress", () -> cluster.view().ingresses().size() == 2);

    assertThat(cluster.view().secrets()).hasSize(2);
  }

  @Test
  void aSecretThatIsNamedNoMoreIsNotFollowedAnyMore() {
    SourceFixture cluster = cluster(KubernetesScope.CLUSTER);
    cluster.api.put(ingress("shop", "blog", "blog.example.com"));
    cluster.api.put(secret("shop", "blog-tls", "Opaque"));
    cluster.startToView();
    cluster.api.delete("Ingress", "shop", "blog");
    cluster.time.passUntil(
        "it is gone", Duration.ofSeconds(1), () -> cluster.view().secrets().size() == 1);

    assertThat(cluster.view().secrets()).containsOnlyKeys(SHOP_TLS);
  }

  @Test
  void noMoreThanTwoHundredSecretsAreReadByName() {
    SourceFixture cluster = cluster(new KubernetesScope(Set.of(), "", SecretsMode.REFERENCED));
    for (int i = 0; i < 210; i++) {
      cluster.api.put(ingress("many", "i" + i, "i" + i + ".example.com"));
      cluster.api.put(secret("many", "i" + i + "-tls", "kubernetes.io/tls"));
    }
    cluster.startToView();

    assertThat(cluster.view().secrets()).hasSize(200);
    assertThat(cluster.api.asked())
        .filteredOn(target -> target.contains("/secrets?"))
        .allMatch(target -> target.contains("fieldSelector=metadata.name="));
    assertThat(cluster.absent(Absence.UNSOUGHT)).hasSize(11);
    assertThat(cluster.diagnostics()).isEmpty();
  }

  private SourceFixture forbidding(String part) {
    SourceFixture cluster =
        cluster(new KubernetesScope(Set.of("shop", "gone"), "", SecretsMode.TLS));
    cluster.api.put(ingress("gone", "gone", "gone.example.com"));
    cluster.api.fault(part, Integer.MAX_VALUE, ScriptedApi.refusing(403));
    cluster.start();
    return cluster;
  }

  @Test
  void oneOfManyNamespacesThatMayNotBeReadHoldsUpNoOther() {
    SourceFixture cluster = forbidding("/namespaces/gone/");
    cluster.time.passUntil("a view", Duration.ofSeconds(20), () -> !cluster.views.isEmpty());
    assertThat(cluster.ingressNames()).containsExactly("shop");
    assertThat(cluster.view().secrets()).containsOnlyKeys(SHOP_TLS);
    assertThat(cluster.diagnostics())
        .anySatisfy(line ->
            assertThat(line)
                .contains(
                    "Ingress gone/: warning: the API server forbids to read ingresses in namespace gone,"
                        + " so that there is none here"));

    cluster.api.heal();
    cluster.time.passUntil(
        "the right", Duration.ofSeconds(12), () -> cluster.ingressNames().size() == 2);
  }

  @Test
  void aServerThatForbidsAllNamespacesIsOneThatStarts() {
    SourceFixture cluster = forbidding("/namespaces/");
    cluster.time.pass(Duration.ofMinutes(1));
    assertThat(cluster.views).isEmpty();

    cluster.api.heal();
    cluster.time.passUntil("a view", Duration.ofSeconds(12), () -> !cluster.views.isEmpty());
    assertThat(cluster.ingressNames()).containsExactlyInAnyOrder("shop", "gone");
  }

  @Test
  void aNamedSecretThatMayNotBeReadIsNotKnown() {
    SourceFixture cluster = cluster(new KubernetesScope(Set.of(), "", SecretsMode.REFERENCED));
    cluster.api.fault("/secrets", 1000, ScriptedApi.refusing(403));
    cluster.start();
    cluster.time.passUntil("a view", Duration.ofSeconds(12), () -> !cluster.views.isEmpty());
    assertThat(cluster.absent(Absence.FORBIDDEN)).containsExactly(SHOP_TLS);
    assertThat(cluster.absent(Absence.UNSOUGHT)).isEmpty();

    cluster.api.heal();
    cluster.time.passUntil(
        "the right", Duration.ofSeconds(12), () -> cluster.view().secrets().size() == 1);
    assertThat(cluster.absent(Absence.FORBIDDEN)).isEmpty();
  }

  @Test
  void whoRenamesWhatHeNamesDoesNotKeepTheApiServerBusy() {
    SourceFixture cluster = cluster(KubernetesScope.CLUSTER);
    cluster.startToView();
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 100; i++) {
        cluster.api.put(ingress("shop", "r" + round + "-" + i, "a" + i + ".example.com"));
        if (round > 0) cluster.api.delete("Ingress", "shop", "r" + (round - 1) + "-" + i);
      }
      String last = "r" + round + "-99";
      cluster.await("round " + round, () -> cluster.ingressNames().contains(last));
    }
    assertThat(cluster.lists("secrets")).isLessThan(300);

    cluster.api.put(secret("shop", "r4-50-tls", "Opaque"));
    cluster.time.passUntil(
        "what is named at last",
        Duration.ofSeconds(30),
        () -> cluster.view().secrets().containsKey(new ObjectKey("shop", "r4-50-tls")));
  }

  @Test
  void withNamespacesNothingElseIsAskedFor() {
    SourceFixture cluster =
        cluster(new KubernetesScope(Set.of("shop", "blog"), "", SecretsMode.TLS));
    cluster.api.put(ingress("else", "else", "else.example.com"));
    cluster.api.put(ingress("blog", "blog", "blog.example.com"));
    cluster.startToView();

    assertThat(cluster.ingressNames()).containsExactlyInAnyOrder("shop", "blog");
    assertThat(cluster.api.asked())
        .allMatch(target ->
            target.contains("/namespaces/shop/")
                || target.contains("/namespaces/blog/")
                || target.contains("/ingressclasses?")
                || isOfApiServers(target));
  }

  private static boolean isOfApiServers(String target) {
    return target.contains("/namespaces/default/endpointslices?")
        && target.contains("fieldSelector=metadata.name=kubernetes");
  }

  @Test
  void theAddressesOfTheApiServersAreReadWhateverTheNamespaces() {
    ObjectKey ofApiServers = new ObjectKey("default", "kubernetes");
    SourceFixture named = cluster(new KubernetesScope(Set.of("shop"), "", SecretsMode.TLS));
    named.api.put(slice("default", "kubernetes", "10.1.0.1").replace("kubernetes-1", "kubernetes"));
    named.api.put(slice("default", "other", "10.1.0.2"));
    named.startToView();
    assertThat(named.view().slices()).hasSize(2).containsKey(ofApiServers);
    named.close();

    SourceFixture selected = cluster(new KubernetesScope(Set.of(), "team=web", SecretsMode.TLS));
    selected.api.put(namespace("shop", "web"));
    selected.api.put(namespace("default", "data"));
    selected.api.put(
        slice("default", "kubernetes", "10.1.0.1").replace("kubernetes-1", "kubernetes"));
    selected.api.put(slice("default", "other", "10.1.0.2"));
    selected.startToView();
    assertThat(selected.view().slices()).hasSize(2).containsKey(ofApiServers);
  }

  @Test
  void theAddressesOfTheGatewaysPodsAreReadWhateverTheNamespaces() {
    ObjectKey gateway = new ObjectKey("edge", "penstock");
    for (String selector : List.of("", "team=web")) {
      Set<String> namespaces = selector.isEmpty() ? Set.of("shop") : Set.of();
      SourceFixture cluster =
          cluster(
              new KubernetesScope(
                  namespaces, selector, SecretsMode.TLS, Set.of(), Optional.of(gateway)));
      cluster.api.put(namespace("shop", "web"));
      cluster.api.put(namespace("edge", "data"));
      cluster.api.put(slice("edge", "penstock", "10.1.0.1"));
      cluster.api.put(slice("data", "penstock", "10.1.0.2"));
      cluster.startToView();

      assertThat(cluster.view().slices())
          .containsKey(new ObjectKey("edge", "penstock-1"))
          .doesNotContainKey(new ObjectKey("data", "penstock-1"));
      cluster.close();
    }
  }

  @Test
  void theAddressesOfTheGatewaysPodsMayBeForbidden() {
    Optional<ObjectKey> gateway = Optional.of(new ObjectKey("edge", "penstock"));
    SourceFixture cluster =
        cluster(new KubernetesScope(Set.of("shop"), "", SecretsMode.TLS, Set.of(), gateway));
    cluster.api.fault("/edge/endpointslices", 3, ScriptedApi.refusing(403));
    cluster.startToView();

    assertThat(cluster.view().ingresses()).hasSize(1);
    assertThat(cluster.diagnostics())
        .singleElement()
        .asString()
        .contains("kubernetes.io/service-name=penstock", "of the gateway's pods only this one");
  }

  @Test
  void theAddressesOfTheApiServersMayBeForbidden() {
    SourceFixture cluster = cluster(new KubernetesScope(Set.of("shop"), "", SecretsMode.TLS));
    cluster.api.fault("/default/endpointslices", 3, ScriptedApi.refusing(403));
    cluster.startToView();

    assertThat(cluster.view().ingresses()).hasSize(1);
    assertThat(cluster.diagnostics())
        .singleElement()
        .asString()
        .contains("forbids to read endpointslices", "in namespace default", "under which this");
  }

  @Test
  void withRolesAloneTheClassesMayBeForbidden() {
    SourceFixture cluster = cluster(new KubernetesScope(Set.of("shop"), "", SecretsMode.TLS));
    cluster.api.refuseLists("IngressClass", 3, 403);
    cluster.startToView();

    assertThat(cluster.view().classes()).isEmpty();
    assertThat(cluster.view().ingresses()).hasSize(1);
    assertThat(cluster.diagnostics())
        .singleElement()
        .asString()
        .contains("warning", "forbids to read ingressclasses", "grant list and watch");

    cluster.time.passUntil(
        "the right was given", Duration.ofSeconds(15), () -> !cluster.view().classes().isEmpty());
    assertThat(cluster.diagnostics()).isEmpty();
  }

  private static KubernetesScope withSettings() {
    return new KubernetesScope(
        Set.of("shop"), "", SecretsMode.TLS, Set.of(new ObjectKey("penstock", "settings")));
  }

  @Test
  void aConfigMapIsFollowedByItsNameAndNoOtherIsRead() {
    SourceFixture cluster = cluster(withSettings());
    cluster.api.put(configMap("penstock", "settings", "{\"keep-alive\":\"20\"}"));
    cluster.api.put(configMap("penstock", "other", "{}"));
    cluster.api.put(configMap("shop", "settings", "{}"));
    cluster.startToView();
    assertThat(settings(cluster)).containsExactly(Map.entry("keep-alive", "20"));
    Map<ObjectKey, ConfigMapObject> before = cluster.view().configMaps();

    cluster.api.put(ingress("shop", "late", "late.example.com"));
    cluster.await("the Ingress", () -> cluster.view().ingresses().size() == 2);
    assertThat(cluster.view().configMaps()).isSameAs(before);

    cluster.api.put(configMap("penstock", "settings", "{\"keep-alive\":\"30\"}"));
    cluster.await("the change", () -> settings(cluster).containsValue("30"));
    assertThat(cluster.api.asked())
        .filteredOn(target -> target.contains("/configmaps?"))
        .allMatch(target -> target.contains("/namespaces/penstock/configmaps?"))
        .allMatch(target -> target.contains("fieldSelector=metadata.name=settings"));
  }

  private static Map<String, String> settings(SourceFixture cluster) {
    return cluster.view().configMaps().values().iterator().next().written().data();
  }

  @Test
  void whatMayBeForbiddenIsAskedForAgainWhileTheServerForbidsEverything() {
    SourceFixture cluster = cluster(new KubernetesScope(Set.of("shop"), "", SecretsMode.TLS));
    cluster.api.fault("?limit", 40, ScriptedApi.refusing(403));
    cluster.start();
    cluster.time.passUntil("all", Duration.ofSeconds(40), () -> !cluster.views.isEmpty());

    assertThat(cluster.views.getFirst().value().classes()).isNotEmpty();
    assertThat(cluster.diagnostics()).isEmpty();
  }

  @Test
  void aConfigMapThatIsMissingHoldsNothingBack() {
    SourceFixture missing = cluster(withSettings());
    missing.startToView();
    assertThat(missing.view().ingresses()).hasSize(1);
    assertThat(missing.view().configMaps()).isEmpty();
  }

  @Test
  void withoutAConfigMapThatIsForbiddenNothingIsServedThatWasNotBefore() {
    SourceFixture fresh = cluster(withSettings());
    fresh.api.refuseLists("ConfigMap", 6, 403);
    fresh.start();
    fresh.time.passUntil(
        "six refusals", Duration.ofSeconds(40), () -> fresh.lists("configmaps") == 6);
    assertThat(fresh.views).isEmpty();
    fresh.time.passUntil(
        "the right was given", Duration.ofSeconds(15), () -> !fresh.views.isEmpty());
    fresh.close();

    SourceFixture forbidden = cluster(withSettings());
    forbidden.source.servedAlready();
    forbidden.api.refuseLists("ConfigMap", 3, 403);
    forbidden.startToView();
    assertThat(forbidden.view().ingresses()).hasSize(1);
    assertThat(forbidden.diagnostics())
        .singleElement()
        .asString()
        .contains("forbids to read configmaps", "metadata.name=settings", "penstock");
  }

  @Test
  void onlyNamespacesWithTheLabelsCount() {
    SourceFixture cluster = cluster(new KubernetesScope(Set.of(), "team=web", SecretsMode.TLS));
    cluster.api.put(namespace("shop", "web"));
    cluster.api.put(namespace("else", "data"));
    cluster.api.put(ingress("else", "else", "else.example.com"));
    cluster.api.put(service("else", "web"));
    cluster.startToView();
    assertThat(cluster.ingressNames()).containsExactly("shop");
    assertThat(cluster.view().services()).hasSize(1);

    cluster.api.put(namespace("late", "web"));
    cluster.api.put(ingress("late", "late", "late.example.com"));
    cluster.time.passUntil(
        "the late one", Duration.ofSeconds(1), () -> cluster.view().ingresses().size() == 2);
    assertThat(cluster.ingressNames()).containsExactlyInAnyOrder("shop", "late");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingressclasses", "ingresses", "services", "endpointslices"})
  void anEmptyFirstListIsDoubtedWhenSomethingIsServedAlready(String plural) {
    SourceFixture cluster = SourceFixture.empty(KubernetesScope.CLUSTER, true);
    opened = cluster;
    cluster.putOneOfEach();
    String none = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";
    cluster.api.fault(
        "/" + plural + "?limit", 1, (request, connection) -> connection.send(Answers.ok(none)));
    cluster.start();
    cluster.time.passUntil("a view", Duration.ofSeconds(10), () -> !cluster.views.isEmpty());

    ClusterView first = cluster.views.getFirst().value();
    assertThat(first.classes()).hasSize(1);
    assertThat(first.ingresses()).hasSize(1);
    assertThat(first.services()).hasSize(1);
    assertThat(first.slices()).hasSize(1);
  }

  @Test
  void anEmptyClusterIsDoubtedWhenSomethingIsServedAlready() {
    SourceFixture cluster = SourceFixture.empty(KubernetesScope.CLUSTER, true);
    opened = cluster;
    cluster.start();
    cluster.time.pass(Duration.ofSeconds(4));
    assertThat(cluster.views).isEmpty();

    cluster.time.passUntil("the view", Duration.ofSeconds(3), () -> !cluster.views.isEmpty());
    assertThat(cluster.view().ingresses()).isEmpty();
  }
}

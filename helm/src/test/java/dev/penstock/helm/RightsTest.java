package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the pods may do. */
class RightsTest {
  private static final String SCOPED = "scope: {enabled: true, namespace: 'shop,team'}";

  @Test
  void aScopeIsServedByRolesInItsNamespaces() {
    Manifest manifest = Chart.render("controller: {" + SCOPED + "}");

    assertThat(manifest.args()).contains("--watch-namespace=shop,team");
    assertThat(manifest.of(Kind.Role))
        .extracting(role -> role.at("/metadata/namespace").asText())
        .containsExactlyInAnyOrder("penstock", "penstock", "shop", "team", "default");
    assertThat(rights(manifest.one(Kind.ClusterRole)))
        .containsExactly("list ingressclasses", "watch ingressclasses");
    assertThat(rights(manifest.one(Kind.Role, "penstock-address")))
        .as("the Service whose addresses are published is not in them")
        .containsExactly(
            "list endpointslices", "list services", "watch endpointslices", "watch services");
    assertThat(rights(manifest.one(Kind.Role, "penstock-api-servers")))
        .containsExactly("list endpointslices", "watch endpointslices");
  }

  @Test
  void theRightOnThePublishedServiceIsWhereThatIs() {
    Manifest manifest =
        Chart.render(
            "controller: {" + SCOPED + ", publishService: {pathOverride: outside/balancer}}");

    assertThat(manifest.one(Kind.Role, "penstock-address").at("/metadata/namespace").asText())
        .isEqualTo("outside");
  }

  @Test
  void aScopeOfRightsLeavesNothingInTheCluster() {
    Manifest manifest = Chart.render("{rbac: {scope: true}, controller: {" + SCOPED + "}}");

    assertThat(manifest.of(Kind.ClusterRole)).isEmpty();
    assertThat(manifest.of(Kind.ClusterRoleBinding)).isEmpty();
  }

  @Test
  void whoPublishesNodesReadsThem() {
    Manifest manifest = Chart.render("controller: {publishService: {enabled: false}}");

    assertThat(rights(manifest.one(Kind.ClusterRole))).contains("list nodes", "watch nodes");
    assertThat(rights(manifest.one(Kind.Role))).contains("list pods", "watch pods");
    assertThat(rights(Chart.render().one(Kind.ClusterRole))).doesNotContain("list nodes");
  }

  @Test
  void whoChoosesNamespacesByLabelsReadsThose() {
    assertThat(
            rights(
                Chart.render("controller: {scope: {namespaceSelector: team=web}}")
                    .one(Kind.ClusterRole)))
        .contains("list namespaces", "watch namespaces");
  }

  @Test
  void configMapsElsewhereHaveTheirRoleThere() {
    Manifest manifest =
        Chart.render(
            "{controller: {configMapNamespace: settings, tcp: {configMapNamespace: streams}}, tcp: {'5432': 'a/b:1'}}");

    assertThat(manifest.of(Kind.Role))
        .filteredOn(role -> !role.at("/metadata/namespace").asText().equals("penstock"))
        .extracting(role ->
            role.at("/metadata/namespace").asText()
                + " "
                + role.at("/rules/0/resourceNames/0").asText())
        .containsExactly("settings penstock", "streams penstock-tcp");
    assertThat(rights(manifest.one(Kind.Role, "penstock"))).doesNotContain("list secrets");
  }

  @Test
  void theLeaseIsOneOfTheObjectsSoThatNobodyMayCreateAny() {
    Manifest manifest = Chart.render("controller: {electionID: the-lease}");

    assertThat(manifest.one(Kind.Lease).at("/metadata/name").asText()).isEqualTo("the-lease");
    assertThat(manifest.one(Kind.Lease).has("spec")).isFalse();
    assertThat(rights(manifest.one(Kind.Role)))
        .contains("get leases", "patch leases")
        .doesNotContain("create leases");
  }

  @Test
  void whoWritesWithoutALeaseHasNeitherItNorARightOnLeases() {
    Manifest manifest = Chart.render("controller: {disableLeaderElection: true}");

    assertThat(manifest.of(Kind.Lease)).isEmpty();
    assertThat(rights(manifest.one(Kind.Role)))
        .containsExactly("list configmaps", "watch configmaps");
  }

  /** Each {@code verb resource}, sorted. */
  private static Set<String> rights(JsonNode role) {
    Set<String> rights = new TreeSet<>();
    for (JsonNode rule : role.path("rules")) {
      for (String verb : Manifest.texts(rule.path("verbs"))) {
        for (String resource : Manifest.texts(rule.path("resources"))) {
          rights.add(verb + " " + resource);
        }
      }
    }
    return rights;
  }
}

package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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
        .as("Events on a class, which has no namespace, are in this one")
        .containsExactly(
            "create events", "list endpointslices", "patch events", "watch endpointslices");
    assertThat(manifest.one(Kind.Role, "penstock-api-servers").at("/rules/0/resourceNames"))
        .hasToString("[\"kubernetes\"]");
  }

  /** What is wrong with the ConfigMap stands in its Events, too. */
  @Test
  void eventsAreWrittenWhereverAnObjectIsThatIsRead() {
    String elsewhere = ", configMapNamespace: settings, tcp: {configMapNamespace: streams}}";

    assertThat(namespacesWithEvents("controller: {" + SCOPED + "}"))
        .containsExactlyInAnyOrder("penstock", "shop", "team", "default");
    assertThat(namespacesWithEvents("{rbac: {scope: true}, controller: {" + SCOPED + "}}"))
        .containsExactlyInAnyOrder("penstock", "shop", "team");
    assertThat(
            namespacesWithEvents(
                "{controller: {" + SCOPED + elsewhere + ", tcp: {'5432': 'a/b:1'}}"))
        .containsExactlyInAnyOrder("settings", "streams", "shop", "team", "default");
    assertThat(namespacesWithEvents("controller: {scope: {enabled: true}}"))
        .as("in its own namespace by the Role of what is served")
        .containsExactlyInAnyOrder("penstock", "default");
    assertThat(namespacesWithEvents("")).as("the ClusterRole has it").isEmpty();
  }

  private static List<String> namespacesWithEvents(String values) {
    return Chart.render(values).of(Kind.Role).stream()
        .filter(role -> rights(role).containsAll(Set.of("create events", "patch events")))
        .map(role -> role.at("/metadata/namespace").asText())
        .toList();
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

  /** Nobody says then which classes are ours. */
  @Test
  void whoMayNotReadClassesServesOneByItsName() {
    String scoped =
        "{rbac: {scope: true}, controller: {ingressClass: team, ingressClassResource: {enabled: false}, "
            + SCOPED
            + "}}";

    assertThat(Chart.render(scoped).args())
        .contains("--ingress-class=team", "--ingress-class-by-name");
    assertThat(Chart.notes(scoped)).contains("of class team in shop,team:", " --class=team ");
    assertThat(Chart.render("controller: {" + SCOPED + "}").args())
        .doesNotContain("--ingress-class-by-name");
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
  void anAccountThatIsMadeHasTheNameThatThePodsUse() {
    Manifest manifest = Chart.render("serviceAccount: {name: edge}");

    assertThat(manifest.one(Kind.ServiceAccount).at("/metadata/name").asText()).isEqualTo("edge");
    assertThat(manifest.pod().path("serviceAccountName").asText()).isEqualTo("edge");
  }

  @Test
  void whoGivesTheRightsIsToldWhichAndToWhom() {
    assertThat(Chart.notes("{rbac: {create: false}, serviceAccount: {name: edge}}"))
        .contains(
            "    edge: those of docs/kubernetes.md#rights\n",
            "    penstock-webhook: those of docs/admission.md#its-rights\n");
    assertThat(Chart.notes("")).doesNotContain("those of docs/");
  }

  @Test
  void theLeaseIsOneOfTheObjectsSoThatItGoesWithThem() {
    Manifest manifest = Chart.render("controller: {electionID: the-lease}");

    assertThat(manifest.one(Kind.Lease).at("/metadata/name").asText()).isEqualTo("the-lease");
    assertThat(manifest.one(Kind.Lease).has("spec")).isFalse();
    assertThat(rights(manifest.one(Kind.Role)))
        .contains("get leases", "patch leases", "create leases");
  }

  @Test
  void whoWritesWithoutALeaseHasNeitherItNorARightOnLeases() {
    Manifest manifest = Chart.render("controller: {disableLeaderElection: true}");

    assertThat(manifest.of(Kind.Lease)).isEmpty();
    assertThat(rights(manifest.one(Kind.Role)))
        .containsExactly("list configmaps", "watch configmaps");
  }

  @Test
  void theRightsFollowFromFlagsOfOnesOwn() {
    Manifest manifest =
        Chart.render(
            """
            controller:
              publishService: {enabled: false}
              extraArgs:
                - --watch-namespace-selector=team=web
                - --election-id=leases/the-lease
                - --configmap=settings/gateway
                - --tcp-services-configmap=$(POD_NAMESPACE)/streams
                - --publish-status-address=192.0.2.1
            """);

    for (Manifest part : List.of(manifest, manifest.webhook())) {
      assertThat(rights(part.one(Kind.ClusterRole)))
          .contains("list namespaces", "watch namespaces")
          .doesNotContain("list nodes");
      assertThat(objects(part))
          .contains("settings configmaps gateway", "penstock configmaps streams");
    }
    assertThat(objects(manifest)).contains("leases leases the-lease");
    assertThat(manifest.one(Kind.Lease, "the-lease").at("/metadata/namespace").asText())
        .isEqualTo("leases");
    assertThat(
            rights(
                Chart.render("controller: {extraArgs: {watch-namespace: shop}}")
                    .one(Kind.ClusterRole)))
        .containsExactly("list ingressclasses", "watch ingressclasses");
    assertThat(
            Chart.render("controller: {extraArgs: {disable-leader-election: ''}}").of(Kind.Lease))
        .isEmpty();
  }

  /** Each {@code namespace resource name} that a Role names. */
  private static List<String> objects(Manifest manifest) {
    return manifest.of(Kind.Role).stream()
        .flatMap(role ->
            role.path("rules")
                .valueStream()
                .filter(rule -> rule.has("resourceNames"))
                .flatMap(rule ->
                    Manifest.texts(rule.path("resourceNames")).stream()
                        .map(name ->
                            role.at("/metadata/namespace").asText()
                                + " "
                                + rule.at("/resources/0").asText()
                                + " "
                                + name)))
        .toList();
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

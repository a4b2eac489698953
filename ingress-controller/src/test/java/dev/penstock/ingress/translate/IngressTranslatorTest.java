package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.Yaml.defaultBackend;
import static dev.penstock.ingress.translate.Yaml.ingress;
import static dev.penstock.ingress.translate.Yaml.path;
import static dev.penstock.ingress.translate.Yaml.rule;
import static dev.penstock.ingress.translate.Yaml.rules;
import static dev.penstock.ingress.translate.Yaml.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Publication;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Source;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IngressTranslatorTest {
  private static final String OLD = "2024-01-01T00:00:00Z";
  private static final String YOUNG = "2025-01-01T00:00:00Z";
  private static final String SERVICES = service("a") + service("b") + service("c");

  @Test
  void theOldestIngressWinsAPathAndBothAreTold() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress("first-by-name", YOUNG, rules(rule("x.test", path("Prefix", "/p/", "a"))))
                + ingress("older", OLD, rules(rule("x.test", path("Prefix", "/p", "b")))));

    assertThat(result.routes("x.test")).containsExactly("Prefix /p -> default/b:80");
    assertThat(result.complaints())
        .containsExactly(
            "ERROR Ingress default/first-by-name spec.rules[0].http.paths[0].path: host 'x.test',"
                + " path '/p/' (Prefix) is served by Ingress default/older (a.yaml:34:48), which is"
                + " older; this one is not in force: change the host or path of one of them",
            "INFO Ingress default/older spec.rules[0].http.paths[0].path: host 'x.test', path"
                + " '/p' (Prefix) is also asked for by Ingress default/first-by-name"
                + " (a.yaml:29:48); this one is in force, because it is older");
  }

  @Test
  void atTheSameAgeTheFirstByNameWins() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress("z", OLD, rules(rule("x.test", path("Exact", "/p", "a"))))
                + ingress("y", OLD, rules(rule("x.test", path("Exact", "/p", "b")))));

    assertThat(result.routes("x.test")).containsExactly("Exact /p -> default/b:80");
    assertThat(result.complaints()).first().asString().contains("which comes first by name");
  }

  @Test
  void theSamePathWithTwoTypesIsNoDuplicate() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress(
                    "i",
                    OLD,
                    rules(rule("x.test", path("Prefix", "/p", "a"), path("Exact", "/p", "b")))));

    assertThat(result.routes("x.test"))
        .containsExactly("Exact /p -> default/b:80", "Prefix /p -> default/a:80");
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void aDuplicateWithinOneIngressIsSaidOnceAndTheFirstIsServed() {
    String twice =
        rule("x.test", path("Prefix", "/p", "a"), path("ImplementationSpecific", "/p/", "a"));
    Translated same = Translated.of(SERVICES + ingress("i", OLD, rules(twice)));
    String differing = rule("x.test", path("Prefix", "/p", "a"), path("Prefix", "/p", "b"));
    Translated other = Translated.of(SERVICES + ingress("i", OLD, rules(differing)));

    assertThat(same.routes("x.test")).containsExactly("Prefix /p -> default/a:80");
    assertThat(same.complaints())
        .containsExactly(
            "WARNING Ingress default/i spec.rules[0].http.paths[1].path: host 'x.test', path '/p/'"
                + " (Prefix) stands twice in this Ingress, first in spec.rules[0].http.paths[0].path;"
                + " remove this one");
    assertThat(other.routes("x.test")).containsExactly("Prefix /p -> default/a:80");
    assertThat(other.complaints()).singleElement().asString().startsWith("ERROR");
  }

  @Test
  void anIngressWithoutRulesTakesEveryHost() {
    Translated result = Translated.of(SERVICES + ingress("i", OLD, defaultBackend("a")));

    assertThat(result.routes("")).containsExactly("Prefix / -> default/a:80");
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void aDefaultBackendTakesWhatTheRulesOfItsHostsLeaveAndUnknownHosts() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress(
                    "i",
                    OLD,
                    defaultBackend("b") + ", " + rules(rule("x.test", path("Prefix", "/p", "a")))));

    assertThat(result.routes("x.test"))
        .containsExactly("Prefix /p -> default/a:80", "Prefix / -> default/b:80");
    assertThat(result.routes("")).containsExactly("Prefix / -> default/b:80");
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void aDefaultBackendGivesWayToAYoungerRule() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress(
                    "older",
                    OLD,
                    defaultBackend("b") + ", " + rules(rule("x.test", path("Prefix", "/p", "a"))))
                + ingress("younger", YOUNG, rules(rule("x.test", path("Prefix", "/", "c"))))
                + ingress("all", YOUNG, defaultBackend("c")));

    assertThat(result.routes("x.test"))
        .containsExactly("Prefix /p -> default/a:80", "Prefix / -> default/c:80");
    assertThat(result.routes("")).containsExactly("Prefix / -> default/c:80");
    assertThat(result.complaints())
        .hasSize(2)
        .allMatch(c -> c.startsWith("INFO Ingress default/older"));
  }

  @Test
  void anIngressThatAsksForNothingIsTold() {
    Translated result = Translated.of(ingress("i", OLD, ""));

    assertThat(result.publication()).isEqualTo(Publication.EMPTY);
    assertThat(result.complaints())
        .containsExactly(
            "ERROR Ingress default/i spec: has neither rules nor a defaultBackend: nothing is"
                + " served; add one of them");
  }

  @Test
  void aPathWhoseBackendIsNotThereKeepsItsPlaceAndAnswers503() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress(
                    "i",
                    OLD,
                    rules(
                        rule(
                            "x.test",
                            path("Prefix", "/", "a"),
                            path("Prefix", "/1", "aa"),
                            "{path: /2, pathType: Prefix, backend: {service: {name: a, port: {name: htp}}}}",
                            "{path: /3, pathType: Prefix, backend: {service: {name: a, port: {number: 9000}}}}",
                            "{path: /4, pathType: Prefix, backend: {service: {name: a}}}",
                            "{path: /5, pathType: Prefix}",
                            "{path: /6, pathType: Prefix, backend: {resource: {kind: Bucket, name: b}}}"))));

    assertThat(result.routes("x.test"))
        .containsExactly(
            "Prefix /1 -> 503",
            "Prefix /2 -> 503",
            "Prefix /3 -> 503",
            "Prefix /4 -> 503",
            "Prefix /5 -> 503",
            "Prefix /6 -> 503",
            "Prefix / -> default/a:80");
    String at = "ERROR Ingress default/i spec.rules[0].http.paths[";
    assertThat(result.complaints())
        .containsExactly(
            at
                + "1].backend.service.name: no Service 'aa' was found in namespace 'default'; did you"
                + " mean 'a'? Until then it answers 503",
            at
                + "2].backend.service.port: Service default/a (a.yaml:2:1) has no TCP port 'htp'; did"
                + " you mean 'http'? Its ports: 80 (http). Until then it answers 503",
            at
                + "3].backend.service.port: Service default/a (a.yaml:2:1) has no TCP port 9000; that"
                + " is the targetPort of its port 80: a backend names the Service's own port. Its"
                + " ports: 80 (http). Until then it answers 503",
            at
                + "4].backend.service.port: is missing or 0; set name, or a"
                + " number of 1 to 65535. Until then it answers 503",
            at + "5].backend: is missing; name a service with its port. Until then it answers 503",
            at
                + "6].backend.resource: names the resource 'Bucket/b', but only Services are served;"
                + " name a service with its port. Until then it answers 503");
  }

  @Test
  void aPortOfUdpIsCalledSoAndNoOtherIsTakenForIt() {
    String dns =
        """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: dns}
        spec: {ports: [{name: u, port: 53, protocol: UDP}, {name: t, port: 80}]}
        """;
    String backend = "{path: /%s, pathType: Prefix, backend: {service: {name: dns, port: {%s}}}}";
    Translated result =
        Translated.of(
            dns
                + ingress(
                    "i",
                    "2026-01-01T00:00:00Z",
                    rules(
                        rule(
                            "x.test",
                            backend.formatted("a", "name: u"),
                            backend.formatted("b", "number: 53")))));

    assertThat(result.complaints())
        .filteredOn(text -> text.contains("no TCP port"))
        .hasSize(2)
        .allSatisfy(text ->
            assertThat(text)
                .contains(
                    "; that port is a UDP port, and an Ingress is served over TCP alone: name"
                        + " another one. Its ports: 53 (u) UDP, 80 (t)."));
  }

  @Test
  void aServiceOfAnotherNamespaceIsNotReachedAndNotNamed() {
    Translated result =
        Translated.of(
            service("web").replace("name: web", "name: web\n  namespace: other")
                + ingress("i", OLD, defaultBackend("web")));

    assertThat(result.routes("")).containsExactly("Prefix / -> 503");
    assertThat(result.complaints())
        .singleElement()
        .asString()
        .doesNotContain("other'")
        .contains("no Service 'web' was found in namespace 'default'; create it or name another");
  }

  @Test
  void aBadHostIsSetAsideAndTheOthersAreServed() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress(
                    "i",
                    OLD,
                    rules(
                        rule("a..test", path("Prefix", "/", "a")),
                        rule("*.*.test", path("Prefix", "/", "a")),
                        rule("10.0.0.1", path("Prefix", "/", "a")),
                        rule("good.test", path("Prefix", "/", "a")))));

    assertThat(result.publication().config().hosts()).hasSize(1);
    assertThat(result.routes("good.test")).hasSize(1);
    assertThat(result.complaints())
        .hasSize(3)
        .first()
        .isEqualTo(
            "ERROR Ingress default/i spec.rules[0].host: 'a..test' cannot be served: has an empty"
                + " label; the rules of this host are set aside");
  }

  @Test
  void anAnnotationThatProtectsAndIsNotInForceClosesTheRoutes() {
    String guarded =
        ingress("i", OLD, rules(rule("x.test", path("Prefix", "/admin", "a"))))
            .replace(
                "metadata: {",
                "metadata: {annotations: {nginx.ingress.kubernetes.io/auth-url: u}, ");
    Translated result =
        Translated.of(
            SERVICES
                + guarded
                + ingress("j", OLD, rules(rule("x.test", path("Prefix", "/", "b")))));

    assertThat(result.routes("x.test"))
        .containsExactly("Prefix /admin -> 503", "Prefix / -> default/b:80");
    assertThat(result.publication().config().upstreams()).hasSize(1);
  }

  @Test
  void aCanaryNeverCompetesWithItsMainIngress() {
    String canary =
        ingress("a-canary", OLD, rules(rule("x.test", path("Prefix", "/", "b"))))
            .replace(
                "metadata: {",
                "metadata: {annotations: {nginx.ingress.kubernetes.io/canary: \"true\"}, ");
    Translated result =
        Translated.of(
            SERVICES
                + canary
                + ingress("main", YOUNG, rules(rule("x.test", path("Prefix", "/", "a")))));

    assertThat(result.routes("x.test")).containsExactly("Prefix / -> default/a:80");
    assertThat(result.complaints())
        .singleElement()
        .asString()
        .startsWith("ERROR Ingress default/a-canary");
  }

  @Test
  void annotationsReachThePolicyOfEveryRoute() {
    String tuned =
        ingress(
                "i",
                OLD,
                defaultBackend("b") + ", " + rules(rule("x.test", path("Exact", "/", "a"))))
            .replace(
                "metadata: {",
                "metadata: {annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 8m}, ");
    Translated result = Translated.of(SERVICES + tuned);

    assertThat(result.routesOf("x.test"))
        .extracting(route -> route.policy().requestBodyBytesMax())
        .containsExactly(8L << 20, 8L << 20);
  }

  @Test
  void withoutAClassEveryIngressIsServed() {
    Translated result =
        Translated.of(
            SERVICES + ingress("i", OLD, "ingressClassName: whatever, " + defaultBackend("a")));

    assertThat(result.routes("")).hasSize(1);
  }

  @Test
  void withAClassOnlyItsOwnIngressesAreServed() {
    String objects =
        SERVICES
            + ingress("by-field", OLD, "ingressClassName: mine, " + host("field.test"))
            + old("mine", ingress("by-annotation", OLD, host("old.test")))
            + old("other", ingress("both", OLD, "ingressClassName: mine, " + host("both.test")))
            + ingress("foreign", OLD, "ingressClassName: other, " + host("foreign.test"))
            + ingress("none", OLD, host("none.test"))
            + ingress("broken-foreign", OLD, "ingressClassName: other");
    Translated result =
        Translated.of(
            Translated.view(objects), Publication.EMPTY, Translated.options(Optional.of("mine")));

    assertThat(result.publication().config().hosts())
        .extracting(host -> host.host().text())
        .containsExactly("field.test", "old.test");
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void theDefaultClassTakesIngressesWithoutOne() {
    String objects =
        SERVICES + clazz("mine", true) + clazz("other", false) + ingress("i", OLD, host("x.test"));

    assertThat(hostsFor(objects, "mine")).isEqualTo(1);
    assertThat(hostsFor(objects, "other")).isZero();
  }

  @Test
  void severalDefaultClassesAreToldApart() {
    String objects = clazz("mine", true) + clazz("other", true);
    Translated result =
        Translated.of(
            Translated.view(objects), Publication.EMPTY, Translated.options(Optional.of("mine")));

    assertThat(result.complaints()).hasSize(2).allMatch(c -> c.contains("('mine', 'other')"));
  }

  @Test
  void ofSeveralDefaultClassesOfAClusterOneOfWhichIsOursAllAreTold() {
    String foreign = clazz("other", true).replace("example.com/c", "example.com/d");
    ClassSelection ours = new ClassSelection.Controller("penstock", "example.com/c", false, false);
    ClassSelection nobody = new ClassSelection.Controller("x", "example.com/x", false, false);
    ClusterView view = Translated.view(clazz("mine", true) + foreign);

    assertThat(Translated.of(view, Publication.EMPTY, Translated.options(ours)).complaints())
        .hasSize(2)
        .allMatch(c -> c.startsWith("WARNING IngressClass "))
        .allMatch(c -> c.contains("('mine', 'other')") && c.contains("to the newest of them"));
    assertThat(Translated.of(view, Publication.EMPTY, Translated.options(nobody)).complaints())
        .isEmpty();
  }

  @Test
  void theParametersOfAClassOfOursHaveNoEffectWhichIsSaid() {
    String parameters = "parameters: {kind: K, name: n}}";
    String objects =
        (clazz("mine", false) + clazz("other", false).replace("example.com/c", "example.com/d"))
            .replaceAll("(example.com/.)}", "$1, " + parameters);
    ClassSelection ours = new ClassSelection.Controller("penstock", "example.com/c", false, false);
    Translated result =
        Translated.of(Translated.view(objects), Publication.EMPTY, Translated.options(ours));

    assertThat(result.complaints())
        .containsExactly(
            "WARNING IngressClass mine spec.parameters: has no effect, and the Ingresses of the"
                + " class are served without it: what holds for all of them is read from the"
                + " ConfigMap of --configmap; remove it");
  }

  @Test
  void aControllerServesTheClassesThatNameIt() {
    String objects =
        SERVICES
            + clazz("mine", false)
            + clazz("other", false).replace("example.com/c", "example.com/d")
            + ingress("i", OLD, "ingressClassName: mine, " + host("x.test"))
            + ingress("j", OLD, "ingressClassName: other, " + host("y.test"))
            + ingress("k", OLD, "ingressClassName: unknown, " + host("z.test"));
    TranslationOptions options =
        Translated.options(
            new ClassSelection.Controller("penstock", "example.com/c", false, false));
    Translated result = Translated.of(Translated.view(objects), Publication.EMPTY, options);

    assertThat(result.publication().config().hosts())
        .extracting(host -> host.host().text())
        .containsExactly("x.test");
  }

  @Test
  void anIngressWithTooManyPathsIsSetAside() {
    Source source = Source.of("Ingress", "default", "i");
    IngressObject.Path path = new IngressObject.Path(source, "/a", "Exact", null);
    IngressObject.Rule rule =
        new IngressObject.Rule(source, "x.test", Collections.nCopies(10_001, path));
    ObjectKey key = new ObjectKey("default", "i");
    IngressObject ingress =
        new IngressObject(
            source,
            key,
            Instant.EPOCH,
            WrittenAnnotations.NONE,
            null,
            null,
            List.of(),
            List.of(rule),
            "");
    ClusterView view =
        new ClusterView(Map.of(key, ingress), Map.of(), Map.of(), Map.of(), Map.of());
    Translated result =
        Translated.of(view, Publication.EMPTY, Translated.options(Optional.empty()));

    assertThat(result.publication()).isEqualTo(Publication.EMPTY);
    assertThat(result.complaints())
        .containsExactly(
            "ERROR Ingress default/i spec: holds more than 10000 rules, paths or TLS hosts; the"
                + " Ingress is set aside: split it");
  }

  @Test
  void hostsAreComparedInLowerCaseAndWildcardsKept() {
    Translated result =
        Translated.of(
            SERVICES
                + ingress(
                    "i",
                    OLD,
                    rules(
                        rule("X.Test", path("Exact", "/1", "a")),
                        rule("x.test", path("Exact", "/2", "a")),
                        rule("*.x.test", path("Exact", "/3", "a")))));

    assertThat(result.routes("x.test")).hasSize(2);
    assertThat(result.routes("*.x.test")).hasSize(1);
  }

  @Test
  void withoutTlsThereIsNeitherRedirectNorHsts() {
    Translated result = Translated.of(SERVICES + ingress("i", OLD, host("x.test")));

    assertThat(result.routesOf("x.test").getFirst().policy()).isEqualTo(RoutePolicy.DEFAULT);
  }

  private static int hostsFor(String objects, String ingressClass) {
    return Translated.of(
            Translated.view(objects),
            Publication.EMPTY,
            Translated.options(Optional.of(ingressClass)))
        .publication()
        .config()
        .hosts()
        .size();
  }

  private static String host(String host) {
    return rules(rule(host, path("Prefix", "/", "a")));
  }

  private static String old(String name, String ingress) {
    return ingress.replace(
        "metadata: {", "metadata: {annotations: {kubernetes.io/ingress.class: " + name + "}, ");
  }

  private static String clazz(String name, boolean isDefault) {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: IngressClass
    metadata:
      name: %s
      annotations: {ingressclass.kubernetes.io/is-default-class: "%s"}
    spec: {controller: example.com/c}
    """
        .formatted(name, isDefault);
  }
}

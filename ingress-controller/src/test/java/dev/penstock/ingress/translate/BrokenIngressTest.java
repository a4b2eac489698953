package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.Yaml.ingress;
import static dev.penstock.ingress.translate.Yaml.path;
import static dev.penstock.ingress.translate.Yaml.rule;
import static dev.penstock.ingress.translate.Yaml.rules;
import static dev.penstock.ingress.translate.Yaml.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Publication;
import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.model.Translation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of an Ingress that protects and cannot be read as a whole, nothing is served by another. */
class BrokenIngressTest {
  private static final String OPEN = "Prefix / -> default/open:80";
  private static final String AUTH = "nginx.ingress.kubernetes.io/auth-url: \"http://auth.test/\"";
  private static final String GUARDED =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: guarded
        annotations: {%s}
      spec:
        tls: [{hosts: [a.test], secretName: none}]
        rules:
          - host: a.test
            http:
              paths:
                - path: /g
                  pathType: Prefix
                  backend: {service: {name: open, port: {number: 80}}}
      """
          .formatted(AUTH);

  /** An Ingress that is open and older, with the same host and with the default backend. */
  private static final String BESIDE =
      service("open")
          + ingress(
              "open",
              "2000-01-01T00:00:00Z",
              rules(
                  rule("a.test", path("Prefix", "/", "open"), path("Prefix", "/shop", "open")),
                  rule("", path("Prefix", "/", "open"))));

  private record Served(ClusterView view, List<Diagnostic> read, Translated translated) {
    static Served of(String yaml) {
      Translation<ClusterView> read =
          ManifestReader.readAll(Map.of("a.yaml", yaml.getBytes(StandardCharsets.UTF_8)));
      return new Served(
          read.value(),
          read.diagnostics(),
          Translated.of(read.value(), Publication.EMPTY, Translated.options(Optional.empty())));
    }

    List<String> routes(String host) {
      return translated.routes(host);
    }

    String errors() {
      return Stream.concat(read.stream(), translated.diagnostics().stream())
          .filter(d -> d.level() == Diagnostic.Level.ERROR)
          .map(Diagnostic::toString)
          .reduce("", (a, b) -> a + b + "\n");
    }
  }

  private static Served beside(String from, String to) {
    assertThat(GUARDED).contains(from);
    return Served.of(BESIDE + GUARDED.replace(from, to.replace("\\n", "\n")));
  }

  private static final String PATH_CLOSED = "Prefix /g -> 503";

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "backend: {service: {name: open, port: {number: 80}}} @ backend: open",
        "number: 80}}} @ number: eighty}}}",
        "auth-url: \"http://auth.test/\" @ auth-url: [a]",
        "auth-url: \"http://auth.test/\" @ auth-url: {a: b}",
        "auth-url: \"http://auth.test/\" @ configuration-snippet: [a]",
        "metadata: @ metadata:\\n  creationTimestamp: today",
        "annotations: { @ annotations: {other.test/list: [], ",
        "name: guarded @ name: 'no name'",
        "name: guarded @ namespace: 7",
        "  name: guarded\\n @ ''",
        "spec: @ spec:\\n  ingressClassName: [a]",
        "spec: @ spec:\\n  defaultBackend: open",
        "spec: @ spec:\\n  rule: []",
        "secretName: none @ secretName: [none]",
        "networking.k8s.io/v1 @ networking.k8s.io/v1beta1",
        "networking.k8s.io/v1 @ extensions/v1beta1",
        "apiVersion: networking.k8s.io/v1 @ version: v1",
        "kind: Ingress @ kind: Ingres",
        "kind: Ingress @ kinds: Ingress",
      })
  void aPathThatCanStillBeReadAnswers503(String from, String to) {
    Served served = beside(from.replace("\\n", "\n"), to);

    assertThat(served.routes("a.test"))
        .startsWith("Prefix /shop -> default/open:80")
        .contains(PATH_CLOSED, OPEN);
    assertThat(served.errors())
        .contains("this Ingress cannot be read as a whole, and it limits who may ask");
    assertThat(unprotected(from.replace("\\n", "\n"), to))
        .containsExactly("Prefix /shop -> default/open:80", OPEN);
  }

  /** The same without the protection: as if it were not there. */
  private static List<String> unprotected(String from, String to) {
    String plain = GUARDED.replace(from, to.replace("\\n", "\n")).replaceAll("nginx[^ ]+: ", "x: ");
    return Served.of(BESIDE + plain).routes("a.test").stream()
        .filter(route -> !route.startsWith("Prefix /g -> default"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "annotations: {nginx.ingress.kubernetes.io/auth-url: \"http://auth.test/\"} @ annotations: x",
        "annotations: @ annotation:",
        "annotations: @ annotatons:",
        "annotations: @ Annotations:",
        "metadata:\n  name: guarded\n  annotations: @ metadata:\n  name: guarded\nannotations:",
        "metadata: @ metadta:",
      })
  void annotationsThatCannotBeFoundAreTakenForAProtection(String change) {
    String[] sides = change.split(" @ ");
    Served served = beside(sides[0], sides[1]);

    assertThat(served.routes("a.test"))
        .containsSubsequence("Regex /g.*? -> 503", PATH_CLOSED, OPEN);
    assertThat(served.errors())
        .contains("this Ingress cannot be read as a whole, and its annotations cannot be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "path: /g @ path: [/g]",
        "path: /g @ paht: /g",
        "paths: @ paths: x\n        others:",
        "paths: @ path:",
        "http: @ https:",
        "rules: @ rules: x\n  others:",
      })
  void aHostWhosePathsCannotBeReadIsClosedForAll(String change) {
    String[] sides = change.split(" @ ");
    Served served = beside(sides[0], sides[1]);

    assertThat(served.routes("a.test")).containsExactly("Prefix / -> 503");
    assertThat(served.routes("")).containsExactly(OPEN);
    assertThat(served.errors())
        .contains("path '/' (Prefix) answers 503: Ingress default/guarded (a.yaml:")
        .contains("limits who may ask for this host, and its paths cannot be read");
  }

  @Test
  void aPathWhoseTypeCannotBeReadIsClosedAsBoth() {
    assertThat(beside("pathType: Prefix", "pathType: [Exact]").routes("a.test"))
        .contains("Exact /g -> 503", PATH_CLOSED);
  }

  private static final String NO_TLS = GUARDED.replaceFirst("  tls: .*\n", "");

  /** Beside an older open one with the same path. */
  private static Served shop(String from, String to) {
    String guarded = NO_TLS.replace("path: /g", "path: /shop");
    assertThat(guarded).contains(from);
    return Served.of(BESIDE + guarded.replace(from, to.replace("\\n", "\n")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "host: a.test @ host: a.test.",
        "host: a.test @ host: 'a.test:8080'",
        "host: a.test @ host: 'http://a.test/'",
        "host: a.test @ host: ' a.test '",
        "host: a.test @ host: ａ.test",
        "host: a.test @ host: [a.test]",
        "host: a.test @ host: ['a.test:80', b.test, 7]",
        "host: a.test @ hosts: [a.test]",
        "host: a.test @ hsot: a.test",
        "- host: a.test @ '  host: a.test.'",
        "- host: @ '  host:'",
        "rules: @ rule:",
        "rules: @ Rules:",
        "spec: @ specs:",
        "spec: @ Spec:",
        "spec: @ spec:\nspecs:",
      })
  void aHostThatIsWrongButLegibleIsClosed(String from, String to) {
    Served served = shop(from, to);

    assertThat(served.routes("a.test"))
        .contains("Prefix /shop -> 503", OPEN)
        .doesNotContain("Prefix /shop -> default/open:80");
    assertThat(served.routes("")).contains(OPEN);
    assertThat(served.errors()).contains("path '/shop' (Prefix) answers 503");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec:", "rules:", "spec in metadata"})
  void rulesThatStandAtAnotherPlaceAreClosed(String change) {
    String spec = NO_TLS.substring(NO_TLS.indexOf("spec:")).replace("path: /g", "path: /shop");
    String rules = spec.replace("spec:\n", "").indent(-2);
    String moved =
        switch (change) {
          case "spec:" -> spec.replace("spec:\n", "");
          case "rules:" -> rules;
          default -> spec.indent(2);
        };
    Served served = Served.of(BESIDE + NO_TLS.substring(0, NO_TLS.indexOf("spec:")) + moved);

    assertThat(served.routes("a.test"))
        .contains("Prefix /shop -> 503", OPEN)
        .doesNotContain("Prefix /shop -> default/open:80");
    assertThat(served.errors()).contains("cannot be read as a whole, and it limits who may ask");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "labels: {%s}"})
  void aProtectionAmongLabelsOrFieldsOfTheMetadataClosesAndIsTold(String place) {
    Served served = shop("annotations: {" + AUTH + "}", place.formatted(AUTH));

    assertThat(served.routes("a.test"))
        .contains("Prefix /shop -> 503", OPEN)
        .doesNotContain("Prefix /shop -> default/open:80");
    assertThat(served.errors())
        .contains("auth-url: protects only as an annotation, and is not in force here");
  }

  @Test
  void ofOneThatClosesNothingItIsSaid() {
    String noSpec = NO_TLS.substring(0, NO_TLS.indexOf("spec:"));

    assertThat(Served.of(BESIDE + noSpec).errors())
        .contains("no host of this Ingress can be read, so that nothing closes what is meant")
        .doesNotContain("answer 503 rather than");
  }

  @Test
  void aHostThatIsWrongButLegibleIsToldWithWhatIsMeant() {
    assertThat(shop("host: a.test", "host: a.test.").errors())
        .contains(
            "spec.rules[0].host: 'a.test.' cannot be served: has an empty label; the rules of this"
                + " host are set aside; this Ingress denies its routes, so that their paths answer"
                + " 503 for host 'a.test', which seems to be meant");
  }

  @Test
  void aHostThatIsWrongWithoutPathsIsClosedAsAWhole() {
    String noPaths = NO_TLS.substring(0, NO_TLS.indexOf("      http:"));
    Served served = Served.of(BESIDE + noPaths.replace("host: a.test", "host: a.test."));

    assertThat(served.routes("a.test")).containsExactly("Prefix / -> 503");
  }

  @Test
  void aHostThatIsWrongOfOneWithoutProtectionClosesNothing() {
    assertThat(shop("host: a.test", "host: a.test.").routes("a.test")).hasSize(2);
    String open = NO_TLS.replace("host: a.test", "host: a.test.").replace(AUTH, "");
    assertThat(Served.of(BESIDE + open).routes("a.test"))
        .containsExactly("Prefix /shop -> default/open:80", OPEN);
  }

  @Test
  void eachOfManyHostsWithManyPathsIsClosedAsAWhole() {
    String hosts = "host: [" + "h.test, ".repeat(3_000) + "a.test]";
    String paths = "http: {paths: [" + "{path: /g}, ".repeat(3_000) + "{path: /h}]}";
    String spec = "spec: {rules: [{" + hosts + ", " + paths + "}]}\n";
    String many = NO_TLS.substring(0, NO_TLS.indexOf("spec:")) + spec;

    assertThat(Served.of(BESIDE + many).routes("a.test")).containsExactly("Prefix / -> 503");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: List, apiVersion: v1, itmes: [%s]}",
        "{kind: List, apiVersion: v1, Items: [%s], more: [1]}",
        "{kind: List, apiVersion: v1, items: , objects: [%s]}",
        "{kind: List, apiVersion: v1, items: %s}",
        "{kind: IngressList, apiVersion: networking.k8s.io/v1, itens: [%s]}",
        "{kind: IngresList, apiVersion: networking.k8s.io/v1, items: [%s]}",
        "{kind: IngressList, apiVersion: networking.k8s.io/v1beta1, items: [%s]}",
        "{kind: List, apiVersion: v2, itmes: [%s]}",
        "{kind: List, items: [%s]}",
        "{kind: List, apiVersion: v1, items: [], Items: [%s]}",
        "{kind: List, apiVersion: v1, metadata: {items: [%s]}}",
        "{kind: List, apiVersion: v1, items: [], metadata: {items: [%s]}}",
        "{apiVersion: v1, items: [%s]}",
        "{apiVersion: v1, kind: [List], items: [%s]}",
      })
  void whatIsProtectedInAListThatCannotBeReadIsClosed(String list) {
    String type = list.contains("Ingres") ? "" : "kind: Ingress, apiVersion: networking.k8s.io/v1,";
    String item =
        "{%s metadata: {name: guarded, annotations: {%s}}, spec: {%s}}"
            .formatted(type, AUTH, rules(rule("a.test", path("Prefix", "/shop", "open"))));
    Served served = Served.of(BESIDE + "---\n" + list.formatted(item) + "\n");

    assertThat(served.routes("a.test")).containsExactly("Prefix /shop -> 503", OPEN);
    assertThat(served.errors())
        .containsPattern("did you mean|must be a|is missing|rewrite|not read");
  }

  @Test
  void ofAListWithTwoFieldsThatMayBeItsItemsNothingIsGuessed() {
    String list = "---\n{kind: List, apiVersion: v1, a: [{metadata: {}}], b: [{metadata: {}}]}\n";

    assertThat(Served.of(BESIDE + list).routes("a.test")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[7]", "7", "a_b.test"})
  void aHostThatCannotBeReadIsTold(String host) {
    String lost = GUARDED.replace("host: a.test", "host: " + host).replaceFirst("tls: .*", "");
    Served served = Served.of(BESIDE + lost);

    assertThat(served.routes("")).containsExactly(OPEN);
    assertThat(served.errors()).contains("nothing closes");
  }

  @Test
  void aSpecThatCannotBeReadIsTold() {
    String lost = GUARDED.substring(0, GUARDED.indexOf("spec:")) + "spec: none\n";

    assertThat(Served.of(BESIDE + lost).errors())
        .contains("none of its hosts can be read either, so that nothing closes them");
  }

  @Test
  void aBrokenOneBeforeAWholeOneOfTheSameNameCounts() {
    String broken = GUARDED.replace("path: /g", "path: [/g]");
    String whole = GUARDED.replace(AUTH, "").replace("path: /g", "path: /");

    assertThat(Served.of(service("open") + broken + whole).routes("a.test"))
        .containsExactly("Prefix / -> 503");
    assertThat(Served.of(service("open") + whole + broken).routes("a.test"))
        .containsExactly("Prefix / -> 503");
  }

  @Test
  void aProtectedOneWhoseNameIsTakenIsClosed() {
    String other = GUARDED.replace(AUTH, "").replace("path: /g", "path: /");
    Served served = Served.of(service("open") + other + GUARDED);

    assertThat(served.routes("a.test")).containsExactly(PATH_CLOSED, OPEN);
    assertThat(served.errors())
        .contains("that one is taken; this one limits who may ask, so that what can be read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "number: 80 @ number: eighty",
        "kind: Ingress @ kind: Ingres",
        "networking.k8s.io/v1 @ network.k8s.io/v1",
        "networking.k8s.io/v1 @ ingress.k8s.io/v1",
        "pathType: Prefix @ pathType: prefix",
        "pathType: Prefix @ pathType: [x]",
        "annotations: @ anotations:",
        "pathType: Prefix @ pathTipe: Prefix",
        "auth-url: \"http://auth.test/\" @ auth-url: [a]",
        "auth-url: \"http://auth.test/\" @ auth-url: {a: b}",
        "auth-url: \"http://auth.test/\" @ auth-url: []",
        "auth-url: \"http://auth.test/\" @ limit-rps: [1]",
        "auth-url: \"http://auth.test/\" @ server-snippet: {a: b}",
        "annotations: { @ annotations: {other.test/list: [], ",
        "nginx.ingress.kubernetes.io/auth @ nginx.ingress.kubernets.io/auth",
        "nginx.ingress.kubernetes.io/auth-url: @ Nginx.ingress.kubernetes.io/auth-url: ",
        "nginx.ingress.kubernetes.io/auth-url: @ NGINX.INGRESS.KUBERNETES.IO/AUTH-URL: ",
        "nginx.ingress.kubernetes.io/auth-url: @ 'nginx.ingress.kubernetes.io/auth-url ': ",
        "nginx.ingress.kubernetes.io/auth-url: @ ' nginx.ingress.kubernetes.io/auth-url': ",
        "nginx.ingress.kubernetes.io/auth-url: @ 'nginx.ingress.kubernetes.io /auth-url': ",
        "nginx.ingress.kubernetes.io/auth-url: @ nginx.ingress.kubernetes.io/ auth-url: ",
        "nginx.ingress.kubernetes.io/auth-url: @ nginx.ingress.kubernetes.io//auth-url: ",
        "nginx.ingress.kubernetes.io/auth-url: @ nginx.ingress.kubernetes.io/auth-url/: ",
        "nginx.ingress.kubernetes.io/auth-url: @ nginx.ingress.kubernetes.io.auth-url: ",
        "nginx.ingress.kubernetes.io/auth-url: @ \"nginx.ingress.kubernetes.io/auth-url\\u200b\": ",
        "nginx.ingress.kubernetes.io/auth-url: \"http://auth.test/\" @ nginx.ingress.kubernetes.io: {auth-url: x}",
        "nginx.ingress.kubernetes.io/auth-url: \"http://auth.test/\" @ nginx.ingress.kubernetes.io/: {auth-url: x}",
        "nginx.ingress.kubernetes.io/auth-url: \"http://auth.test/\" @ 'nginx.ingress.kubernetes.io/auth-url ': [x]",
        "kubernetes.io/auth-url: \"http://auth.test/\" @ kubernets.io/auth-url: [a]",
      })
  void whatIsUnreadableGoesBeforeAnOlderRouteOfTheSamePath(String from, String to) {
    String guarded = GUARDED.replace("path: /g", "path: /shop");
    assertThat(guarded).contains(from);
    Served served = Served.of(BESIDE + guarded.replace(from, to));

    assertThat(served.routes("a.test"))
        .contains("Prefix /shop -> 503", OPEN)
        .doesNotContain("Prefix /shop -> default/open:80");
    assertThat(served.errors())
        .contains("path '/shop' (Prefix) answers 503: Ingress default/guarded")
        .doesNotContain("is served by");
  }

  @Test
  void expressionsUnderAMisspeltPrefixAreClosedByWhatTheyBeginWith() {
    String misspelt =
        GUARDED
            .replace("kubernetes.io/auth-url", "kubernets.io/use-regex")
            .replace("path: /g", "path: /shop/.*")
            .replace("pathType: Prefix", "pathType: ImplementationSpecific");

    assertThat(Served.of(BESIDE + misspelt).routes("a.test"))
        .containsSubsequence("Regex /shop/.*? -> 503", "Prefix /shop -> default/open:80");
  }

  @Test
  void oneThatCanBeReadKeepsTheOrderByAgeAndItIsTold() {
    Served served =
        Served.of(
            BESIDE
                + GUARDED
                    .replace("path: /g", "path: /shop")
                    .replace(
                        "  name: guarded",
                        "  name: guarded\n  creationTimestamp: 2020-01-01T00:00:00Z"));

    assertThat(served.routes("a.test")).containsExactly("Prefix /shop -> default/open:80", OPEN);
    assertThat(served.errors())
        .contains("is served by Ingress default/open")
        .contains("not in force, and its protection is not in force there: change the host");
  }

  @Test
  void aRouteThatLosesToOneThatAnswers503IsNotSaidToBeServed() {
    String older = GUARDED.replace("  name: guarded", "  name: first");

    assertThat(Served.of(service("open") + older + GUARDED).errors())
        .contains("path '/g' (Prefix) answers 503 for Ingress default/first")
        .doesNotContain("is served by", "its protection is not in force there");
  }

  @Test
  void metadataUnderAnotherNameWithoutAnyAnnotationClosesNothing() {
    String lost = GUARDED.replace("  annotations: {" + AUTH + "}\n", "");

    assertThat(Served.of(BESIDE + lost.replace("metadata:", "metdata:")).routes("a.test"))
        .containsExactly("Prefix /shop -> default/open:80", OPEN);
  }

  @Test
  void whatProtectsBeforeTheFaultOfAFileIsClosed() {
    Translation<ClusterView> read =
        ManifestReader.readAll(
            Map.of(
                "a.yaml", BESIDE.getBytes(StandardCharsets.UTF_8),
                "b.yaml", (GUARDED + "---\na: 1\n b: 2\n").getBytes(StandardCharsets.UTF_8)));
    Translated served =
        Translated.of(read.value(), Publication.EMPTY, Translated.options(Optional.empty()));

    assertThat(served.routes("a.test")).contains(PATH_CLOSED, OPEN);
    assertThat(read.diagnostics().toString())
        .contains("nothing of this file is served, and no protection in it is in force");
  }

  @Test
  void theRedirectOfItsHostStaysForAll() {
    assertThat(beside("number: 80", "number: x").translated().routesOf("a.test"))
        .allMatch(route -> route.policy().httpsRedirect() == HttpsRedirect.DROP_TRAILING_SLASH);
  }

  @Test
  void oneThatIsTooLargeIsClosedByItsHosts() {
    StringBuilder paths = new StringBuilder();
    for (int i = 0; i <= OneIngress.PATHS_MAX; i++) paths.append("          - {path: /g}\n");
    Served served = beside("          - path: /g\n", paths + "          - path: /g\n");

    assertThat(served.routes("a.test")).containsExactly("Prefix / -> 503");
  }
}

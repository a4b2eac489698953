package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.Yaml.path;
import static dev.penstock.ingress.translate.Yaml.rule;
import static dev.penstock.ingress.translate.Yaml.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Publication;
import org.junit.jupiter.api.Test;

/** In a cluster, what one namespace gets wrong closes nothing of another, and opens nothing. */
class TenantsTest {
  private static final String HOST = "shop.test";
  private static final String MISSPELT =
      "nginx.ingress.kubernetes.io/Whitelist-Source-Range: 10.0.0.0/8";
  private static final String PROTECTED =
      "nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8";

  private static String service(String namespace) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: web
      namespace: %s
      annotations: {penstock.dev/endpoints: "127.0.0.1:9000"}
    spec:
      ports: [{port: 80}]
    """
        .formatted(namespace);
  }

  private static String ingress(
      String namespace, String name, int year, String annotation, String... paths) {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: %s
      namespace: %s
      creationTimestamp: "%d-01-01T00:00:00Z"
      annotations: {%s}
    spec: {%s}
    """
        .formatted(name, namespace, year, annotation, rules(rule(HOST, paths)));
  }

  private static String shop() {
    return service("shop") + ingress("shop", "shop", 2010, "", path("Prefix", "/", "web"));
  }

  private static Translated translate(String yaml) {
    return Translated.of(
        Translated.view(yaml), Publication.EMPTY, Translated.options(new ClassSelection.All()));
  }

  @Test
  void anotherNamespacesMisspeltProtectionClosesNoPathOfAnOlderIngress() {
    Translated all =
        translate(shop() + ingress("evil", "evil", 2020, MISSPELT, path("Prefix", "/", "web")));

    assertThat(all.routes(HOST)).containsExactly("Prefix / -> shop/web:80");
  }

  @Test
  void anotherNamespacesUnreadablePathClosesNothingOfAnyoneElse() {
    Translated all =
        translate(
            shop()
                + ingress(
                    "evil", "evil", 2000, PROTECTED, path("ImplementationSpecific", "/(", "web")));

    assertThat(all.routes(HOST)).containsExactly("Prefix /( -> 503", "Prefix / -> shop/web:80");
    assertThat(all.complaints())
        .anyMatch(said -> said.contains("evil/evil") && said.contains("and none of theirs"));
  }

  @Test
  void anothersExpressionThatIsNotServedTakesNoPathOfAnyoneElse() {
    String regex = "nginx.ingress.kubernetes.io/use-regex: \"true\"";
    Translated all =
        translate(
            shop()
                + ingress(
                    "evil", "evil", 2020, regex, path("ImplementationSpecific", "/.*", "web")));

    assertThat(all.routes(HOST)).containsExactly("Prefix / -> shop/web:80");
  }

  @Test
  void whatCannotBeReadClosesAllOfItsOwnNamespaceInAHostOfSeveral() {
    Translated all =
        translate(
            shop()
                + service("team")
                + ingress("team", "open", 2011, "", path("Prefix", "/app", "web"))
                + ingress(
                    "team",
                    "guarded",
                    2012,
                    PROTECTED,
                    path("ImplementationSpecific", "/app/(", "web")));

    assertThat(all.routes(HOST))
        .containsExactly("Prefix /app/( -> 503", "Prefix /app -> 503", "Prefix / -> shop/web:80");
    assertThat(all.complaints())
        .anyMatch(said -> said.contains("team/open") && said.contains("answers 503"));
  }

  @Test
  void anothersExpressionsAreBoundedAndCloseNothingOfAnyoneElse() {
    String[] paths = new String[20];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = path("ImplementationSpecific", "/(a*b?){180}z" + i, "web");
    }
    String regex = "nginx.ingress.kubernetes.io/use-regex: \"true\"";
    Translated all = translate(shop() + ingress("evil", "evil", 2000, regex, paths));

    assertThat(all.routes(HOST)).containsExactly("Prefix / -> shop/web:80");
    assertThat(all.complaints())
        .anyMatch(said -> said.contains("evil/evil") && said.contains("2500 instructions"));
  }

  @Test
  void anExpressionOfAMillionInstructionsIsSetAside() {
    String regex = "nginx.ingress.kubernetes.io/use-regex: \"true\"";
    Translated all =
        translate(
            shop()
                + ingress(
                    "evil",
                    "evil",
                    2000,
                    regex,
                    path("ImplementationSpecific", "/(a{1000}){1000}", "web")));

    assertThat(all.complaints()).anyMatch(said -> said.contains("instructions, more than 2500"));
  }

  @Test
  void aPathThatCanBeReadIsClosedBeforeOlderOnesOfItsOwnNamespaceAlone() {
    Translated all =
        translate(
            shop()
                + service("team")
                + ingress("team", "open", 2011, "", path("Exact", "/app", "web"))
                + ingress("team", "guarded", 2012, MISSPELT, path("Exact", "/app", "web")));

    assertThat(all.routes(HOST)).containsExactly("Exact /app -> 503", "Prefix / -> shop/web:80");
  }
}

package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.Yaml.ingress;
import static dev.penstock.ingress.translate.Yaml.path;
import static dev.penstock.ingress.translate.Yaml.rule;
import static dev.penstock.ingress.translate.Yaml.rules;
import static dev.penstock.ingress.translate.Yaml.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.model.Publication;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an Ingress protects does not fall through to a broader route of another. */
class GuardedPathTest {
  private static final String OLD = "2024-01-01T00:00:00Z";
  private static final String YOUNG = "2025-01-01T00:00:00Z";
  private static final String OPEN = "Prefix / -> default/open:80";
  private static final String PREFIX = "nginx.ingress.kubernetes.io/";
  private static final String AUTH = PREFIX + "auth-url: \"http://auth.test/\"";
  private static final String REGEX = AUTH + ", " + PREFIX + "use-regex: \"true\"";

  @ParameterizedTest
  @CsvSource({
    "prefix, /g, Prefix /g",
    "exact, /g/h, Prefix /g/h",
    "Prefix, /g10(, Regex /g10",
    "Prefix, /v1.2/{id}, Regex /v1\\.2/",
    "Prefix, g/h, Prefix /g/h",
    "Prefix, /g//h, Prefix /g/h",
    "Prefix, /x/../g, Prefix /g"
  })
  void anUnreadablePathStaysClosed(String type, String path, String closed) {
    assertThat(besidesOpen(AUTH, type, path)).containsExactly(closed + " -> 503", OPEN);
    assertThat(besidesOpen(PREFIX + "use-regex: \"false\"", type, path)).containsExactly(OPEN);
  }

  @ParameterizedTest
  @CsvSource({
    "/admin(, Regex /admin",
    "/admin/(a, Regex /admin/",
    "/admins?(, Regex /admin",
    "/a.c(, Regex /a"
  })
  void anExpressionThatDoesNotCompileIsClosedAsFarAsItIsPlain(String path, String closed) {
    assertThat(besidesOpen(REGEX, "ImplementationSpecific", path))
        .containsExactly(closed + " -> 503", OPEN);
  }

  @Test
  void aPathWithoutAPlainPartClosesTheHostUnlessAnOlderIngressHasIt() {
    String bad = rules(rule("a.test", path("ImplementationSpecific", "/(a|b", "open")));
    String guarded = annotated(REGEX, ingress("guarded", YOUNG, bad));

    assertThat(Translated.of(service("open") + guarded).routes("a.test"))
        .containsExactly("Prefix / -> 503");
    assertThat(Translated.of(service("open") + guarded + open()).routes("a.test"))
        .containsExactly(OPEN);
  }

  @Test
  void whatDeniesGoesBeforeWhatLeavesTheIngressOut() {
    String canary = PREFIX + "canary: \"true\"";

    assertThat(besidesOpen(AUTH + ", " + canary, "Prefix", "/g"))
        .containsExactly("Prefix /g -> 503", OPEN);
    assertThat(besidesOpen(canary, "Prefix", "/g")).containsExactly(OPEN);
  }

  @ParameterizedTest
  @CsvSource({"auth-tls-verify-client: on", "limit-rps: 5"})
  void aProtectionWithoutQuotesIsSeen(String annotation) {
    assertThat(besidesOpen(PREFIX + annotation, "Prefix", "/g"))
        .containsExactly("Prefix /g -> 503", OPEN);
  }

  private static List<String> besidesOpen(String annotations, String type, String path) {
    String guarded = ingress("guarded", YOUNG, rules(rule("a.test", path(type, path, "open"))));
    return translated(service("open") + open() + annotated(annotations, guarded)).routes("a.test");
  }

  private static Translated translated(String yaml) {
    ClusterView view =
        ManifestReader.readAll(Map.of("a.yaml", yaml.getBytes(StandardCharsets.UTF_8))).value();
    return Translated.of(view, Publication.EMPTY, Translated.options(Optional.empty()));
  }

  private static String open() {
    return ingress("open", OLD, rules(rule("a.test", path("Prefix", "/", "open"))));
  }

  private static String annotated(String annotations, String ingress) {
    return ingress.replace("metadata: {", "metadata: {annotations: {" + annotations + "}, ");
  }
}

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
    "prefix, /g, /g",
    "exact, /g/h, /g/h",
    "Prefix, g/h, /g/h",
    "Prefix, /g//h, /g/h",
    "Prefix, /x/../g, /g",
    "Prefix, http://h/g, /g",
    "Prefix, '~ /g', /g",
    "Prefix, '= /g', /g",
  })
  void anUnreadablePathOfPlainTextStaysClosedWhateverItsType(
      String type, String path, String closed) {
    assertThat(besidesOpen(AUTH, type, path))
        .containsExactly("Exact " + closed + " -> 503", "Prefix " + closed + " -> 503", OPEN);
    assertThat(besidesOpen(PREFIX + "use-regex: \"false\"", type, path)).containsExactly(OPEN);
  }

  @ParameterizedTest
  @CsvSource({
    "Prefix, /g10(, Regex /g10.*?",
    "Prefix, /v1.2/{id}, Regex /v1\\.2/.*?.*?",
    "Prefix, /%2e%2e/g, Regex /.*?.*?.*?",
    "Exact, '', Regex /.*?"
  })
  void whatBeginsLikeAnUnreadablePathIsClosed(String type, String path, String closed) {
    assertThat(besidesOpen(AUTH, type, path)).containsExactly(closed + " -> 503", OPEN);
    assertThat(besidesOpen(PREFIX + "use-regex: \"false\"", type, path)).containsExactly(OPEN);
  }

  @ParameterizedTest
  @CsvSource({
    "/secret.*, /secret",
    "/secret/.*, /secret/",
    "/secrets?, /secret",
    "/secret/x*, /secret/",
    "'/secretx{0,1}', /secret",
    "'/secretx{,1}', /secret",
    "/secret(/|$)(.*), /secret",
    "^/secret.*, /secret",
    "/secret\\d, /secret",
    "//secret[0-9], /secret",
    "/secret/../x(y), /secret/",
    "/(a|b, /",
  })
  void aPathThatLooksLikeAnExpressionIsClosedFromWhatItBeginsWith(String path, String closed) {
    for (String type : List.of("Prefix", "Exact", "Regex", "ImplementationSpecific", "")) {
      assertThat(besidesOpen(AUTH, type, path))
          .as(type)
          .anyMatch(route -> route.replace(".*?", "").equals("Regex " + closed + " -> 503"));
      assertThat(besidesOpen(PREFIX + "use-regex: \"false\"", type, path))
          .noneMatch(route -> route.startsWith("Regex "));
    }
  }

  @Test
  void eachAlternativeOfWhatLooksLikeAnExpressionIsClosed() {
    assertThat(besidesOpen(AUTH, "Prefix", "/secret|/b"))
        .containsExactly("Regex /secret.*?.*? -> 503", "Regex /b.*?.*?.*? -> 503", OPEN);
    assertThat(besidesOpen(AUTH, "Prefix", "/secret\\(|/b"))
        .anyMatch(route -> route.startsWith("Regex /b."));
  }

  @ParameterizedTest
  @CsvSource({"http://h/g", "~ /g", "'= /g'"})
  void whatIsNoPathIsNotAdvisedWithASlashBeforeIt(String path) {
    String guarded = ingress("guarded", YOUNG, rules(rule("a.test", path("Exact", path, "open"))));

    assertThat(translated(guarded).diagnostics().toString())
        .contains("does not begin with '/'; a path begins with '/', without a scheme")
        .doesNotContain("write '/");
  }

  @Test
  void aPathWithADotHasOneMeaning() {
    assertThat(besidesOpen(AUTH, "Exact", "/index.html"))
        .containsExactly("Exact /index.html -> 503", OPEN);
  }

  @ParameterizedTest
  @CsvSource({
    "/admin(, Regex /admin.*?",
    "/admin/(a, Regex /admin/.*?",
    "/admins?(, Regex /admin.*?.*?",
    "/a.c(, Regex /a.*?.*?"
  })
  void anExpressionThatDoesNotCompileIsClosedAsFarAsItIsPlain(String path, String closed) {
    assertThat(besidesOpen(REGEX, "ImplementationSpecific", path))
        .containsExactly(closed + " -> 503", OPEN);
  }

  @Test
  void aPathWithoutAPlainPartClosesWhatIsNoMorePreciseThanItself() {
    assertThat(besidesOpen(REGEX, "ImplementationSpecific", "/(a|b"))
        .containsExactly("Regex /.*?.*? -> 503", OPEN);
    assertThat(besidesOpen(REGEX, "ImplementationSpecific", "/a|/b("))
        .containsExactly("Regex /.*?.*? -> 503", OPEN);
  }

  @Test
  void aClosedPatternIsNeverLongerThanAPatternMayBe() {
    String long501 = "/" + "a".repeat(499) + "(".repeat(600);

    assertThat(besidesOpen(REGEX, "ImplementationSpecific", long501).getFirst())
        .hasSizeBetween("Regex ".length() + 990, "Regex ".length() + 1_000 + " -> 503".length());
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
    String guarded =
        ingress(
            "guarded",
            YOUNG,
            rules(rule("a.test", path(type, path.replace("\\", "\\\\"), "open"))));
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

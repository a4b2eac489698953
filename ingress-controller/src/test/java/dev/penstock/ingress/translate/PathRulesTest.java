package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.IngressObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRulesTest {
  private static final int PATH_CHARS_MAX = 8 * 1024;
  private final Complaints complaints = new Complaints();

  @Test
  void theThreePathTypesAreReadAndImplementationSpecificIsAPrefix() {
    assertThat(read("Exact", "/a/")).isEqualTo(new PathMatch.Exact("/a/"));
    assertThat(read("Prefix", "/a/")).isEqualTo(new PathMatch.Prefix("/a/"));
    assertThat(read("ImplementationSpecific", "/a")).isEqualTo(new PathMatch.Prefix("/a"));
    assertThat(complaints.all()).isEmpty();
  }

  @Test
  void anEmptyPathIsEverythingForImplementationSpecificOnly() {
    assertThat(read("ImplementationSpecific", "")).isEqualTo(new PathMatch.Prefix("/"));
    assertThat(complaints.all()).isEmpty();

    assertThat(read("Exact", "")).isNull();
    assertThat(messages())
        .containsExactly(
            "is empty, which pathType Exact does not allow; write path: /; this path is set aside");
  }

  @Test
  void aMissingPathTypeIsAPrefixWithAWarning() {
    assertThat(read("", "/a")).isEqualTo(new PathMatch.Prefix("/a"));
    assertThat(complaints.all())
        .extracting(Diagnostic::level)
        .containsExactly(Diagnostic.Level.WARNING);
  }

  @ParameterizedTest
  @CsvSource({"exact, ; did you mean 'Exact'?", "Prefx, ; did you mean 'Prefix'?", "Regex, ."})
  void anUnknownPathTypeIsSetAsideWithTheAcceptedOnes(String type, String hint) {
    assertThat(read(type, "/a")).isNull();
    assertThat(messages())
        .containsExactly(
            "'"
                + type
                + "' is no path type"
                + hint
                + " Accepted: Exact, Prefix, ImplementationSpecific; this path is set aside");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a b", "/a\"; }", "/a%20b", "/é", "/a\u0000", "/a\nb", "/${x}", "/a*", "/~x"})
  void strictTypesTakeOnlyLettersDigitsAndFourMarks(String path) {
    assertThat(read("Exact", path)).isNull();
    assertThat(read("Prefix", path)).isNull();
    assertThat(complaints.all()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a b", "/a\"; }", "/é", "/a\u0000", "/a\r\nb", "/a?b", "/a#b", "/a{2}", "/a\\b"})
  void noTypeTakesWhatNoRequestPathHolds(String path) {
    assertThat(read("ImplementationSpecific", path)).isNull();
    assertThat(complaints.all()).hasSize(1);
    assertThat(messages().getFirst()).doesNotContain("\n", "\r", "\u0000");
  }

  @ParameterizedTest
  @CsvSource({
    "/a//b, /a/b",
    "//, /",
    "/a/../b, /b",
    "/a/./b, /a/b",
    "/../.., /",
    "/a/.., /",
    "/a/b/.//, /a/b"
  })
  void aPathThatIsNotCanonicalIsSetAsideWithTheOneThatIs(String path, String canonical) {
    assertThat(read("Prefix", path)).isNull();
    assertThat(messages())
        .containsExactly(
            "'"
                + path
                + "' could never match, because requests are compared without dot segments and"
                + " double slashes; write '"
                + canonical
                + "'; this path is set aside");
  }

  @ParameterizedTest
  @CsvSource({
    "/%41, with '%41' decoded; write 'A'",
    "/%2f, with escapes in upper case; write '%2F'",
    "/%zz, 'which is no escape: two hex digits must follow'",
    "/a%2, 'which is no escape'",
    "/%00, for which requests are refused",
    "/a/..;/b, 'holds the segment ''..;'', for which requests are refused'"
  })
  void anEscapeThatNoCanonicalPathHoldsIsSetAside(String path, String why) {
    assertThat(read("ImplementationSpecific", path)).isNull();
    assertThat(messages()).singleElement().asString().contains(why);
  }

  @Test
  void canonicalEscapesAndSubDelimitersPassForImplementationSpecific() {
    assertThat(read("ImplementationSpecific", "/a%20b/caf%C3%A9/~x;v=1,2@:!&'="))
        .isEqualTo(new PathMatch.Prefix("/a%20b/caf%C3%A9/~x;v=1,2@:!&'="));
    assertThat(complaints.all()).isEmpty();
  }

  @Test
  void anExpressionWithoutTheAnnotationIsTakenLiterallyWithAWarning() {
    assertThat(read("ImplementationSpecific", "/api(.*)"))
        .isEqualTo(new PathMatch.Prefix("/api(.*)"));
    assertThat(complaints.all())
        .extracting(Diagnostic::level)
        .containsExactly(Diagnostic.Level.WARNING);
  }

  @Test
  void aPathThatDoesNotBeginWithASlashOrIsTooLongIsSetAside() {
    assertThat(read("Prefix", "a/b")).isNull();
    assertThat(read("Prefix", "/" + "a".repeat(PATH_CHARS_MAX))).isNull();
    assertThat(messages())
        .containsExactly(
            "'a/b' does not begin with '/'; write '/a/b'; this path is set aside",
            "is 8193 characters long; no request line over 8192 bytes is accepted, so that it"
                + " could never match; this path is set aside");
  }

  @Test
  void inRegexModePathsAreLinearTimeExpressions() {
    IngressObject.Path good = path("ImplementationSpecific", "/api(/|$)(.*)");
    assertThat(PathRules.read(good, "p", true, PATH_CHARS_MAX, complaints))
        .isEqualTo(new PathMatch.Regex("/api(/|$)(.*)", true));
    assertThat(complaints.all()).isEmpty();

    for (String bad : List.of("/(a", "/(?=a)", "/a\nb", "/" + "a".repeat(1_000))) {
      IngressObject.Path rule = path("ImplementationSpecific", bad);
      assertThat(PathRules.read(rule, "p", true, PATH_CHARS_MAX, complaints)).isNull();
    }
    assertThat(complaints.all()).hasSize(4);
  }

  private @Nullable PathMatch read(String type, String path) {
    return PathRules.read(path(type, path), "f", false, PATH_CHARS_MAX, complaints);
  }

  private static IngressObject.Path path(String type, String path) {
    return new IngressObject.Path(Source.of("Ingress", "ns", "web"), path, type, null);
  }

  private List<String> messages() {
    return complaints.all().stream().map(Diagnostic::message).toList();
  }
}

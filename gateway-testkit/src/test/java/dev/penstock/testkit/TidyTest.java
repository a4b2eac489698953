package dev.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TidyTest {
  private static final String MAIN = "gateway-core/src/main/java/p/";
  private static final String TEST = "gateway-core/src/test/java/p/";

  @TempDir private Path root;

  @BeforeEach
  void aPackageWithItsDescription() throws IOException {
    write(MAIN + "package-info.java", "/** What. */\n@NullMarked\npackage p;\n");
  }

  @Test
  void aTidyFileHasNoFinding() throws IOException {
    write(MAIN + "Fine.java", "package p;\nclass Fine {\n  int one() { return 1; }\n}\n");
    assertThat(findings()).isEmpty();
  }

  @Test
  void aFileIsAtMost600Lines() throws IOException {
    write(MAIN + "Long.java", "package p;\nclass Long {}\n" + "//\n".repeat(598));
    assertThat(findings()).isEmpty();
    write(MAIN + "Long.java", "package p;\nclass Long {}\n" + "//\n".repeat(599));
    assertThat(findings()).containsExactly(MAIN + "Long.java:601: file of 601 lines, at most 600");
  }

  @Test
  void aMethodIsAtMost70Lines() throws IOException {
    write(MAIN + "M.java", "class M {\n  void m() {\n" + "    i++;\n".repeat(68) + "  }\n}\n");
    assertThat(findings()).isEmpty();
    write(MAIN + "M.java", "class M {\n  void m() {\n" + "    i++;\n".repeat(69) + "  }\n}\n");
    assertThat(findings()).containsExactly(MAIN + "M.java:2: method of 71 lines, at most 70");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class P { void m(int a, int b, int c, int d, int e, int f) {} }",
        "record P(int a, int b, int c, int d, int e, int f, int g) {}",
        "record P(int a, int b, int c, int d, int e, int f, int g) { P { a = 1; } }",
        "record P(int a, int b, int c, int d, int e, int f, int g) {"
            + " P(int a, int b, int c, int d, int e, int f, int g) {} }",
      })
  void sixParametersAreAllowedAndAnyNumberOfComponents(String source) throws IOException {
    write(MAIN + "P.java", source);
    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "class P { void m(int a, int b, int c, int d, int e, int f, int g) {} }",
        "class P { P(int a, int b, int c, int d, int e, int f, int g) {} }",
        "record P(int x) { void m(int a, int b, int c, int d, int e, int f, int g) {} }",
        "record P(int x) { static class Q { Q(int a, int b, int c, int d, int e, int f, int g) {}"
            + " } }",
      })
  void sevenParametersAreTooMany(String source) throws IOException {
    write(MAIN + "P.java", source);
    assertThat(findings()).containsExactly(MAIN + "P.java:1: 7 parameters, at most 6");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for (;;) while (a) if (b) c();",
        "if (a) b(); else if (c) d(); else if (e) f(); else if (g) h();",
        "try { if (a) { while (b) c(); } } finally { d(); }",
        "for (;;) for (;;) for (;;) new Object() { void m() { if (a) b(); } };",
        "for (;;) { if (a) b(); if (a) b(); } if (a) b(); if (a) b();",
      })
  void threeLevelsOfNestingAreAllowed(String body) throws IOException {
    write(MAIN + "N.java", "class N {\n  void m() { " + body + " }\n}\n");
    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for (;;) while (a) do if (b) c(); while (d);",
        "for (A a : b) switch (a) { case 1: try { if (a) b(); } finally { c(); } }",
        "synchronized (a) { for (;;) { for (;;) { int i = switch (b) { default -> 1; }; } } }",
        "if (a) b(() -> { for (;;) for (;;) while (c) d(); });",
        "if (a) b(); else { if (a) for (;;) if (c) d(); }",
      })
  void fourLevelsOfNestingAreTooMany(String body) throws IOException {
    write(MAIN + "N.java", "class N {\n  void m() { " + body + " }\n}\n");
    assertThat(findings()).containsExactly(MAIN + "N.java:2: nested 4 deep, at most 3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "StringUtil",
        "StringUtils",
        "TestHelper",
        "HelperForTests",
        "PoolManager",
        "RouterImpl",
        "AbstractRouter"
      })
  void someClassNamesSayNothing(String name) throws IOException {
    write(MAIN + name + ".java", "final class " + name + " {}");
    assertThat(findings())
        .containsExactly(MAIN + name + ".java:1: class name '" + name + "' says nothing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Implementation", "Utilisation", "Abstraction", "Managerial"})
  void aNameMayBeginLikeABannedOne(String name) throws IOException {
    write(MAIN + name + ".java", "final class " + name + " {}");
    assertThat(findings()).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    write("gateway-core/src/main/java/q/Q.java", "package q;\nclass Q {}\n");
    assertThat(findings())
        .containsExactly(
            "gateway-core/src/main/java/q/Q.java:1: its package has no package-info.java");
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    write(MAIN + "package-info.java", "/** What; not @NullMarked. */\npackage p;\n");
    assertThat(findings())
        .containsExactly(MAIN + "package-info.java:1: package without @NullMarked");
  }

  @Test
  void aTestsPackageMayBeDescribedWithTheCodeItTests() throws IOException {
    write(TEST + "FineTest.java", "package p;\nclass FineTest {}\n");
    assertThat(findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TO-DO", "FIX-ME"})
  void nothingIsLeftUndone(String mark) throws IOException {
    write(MAIN + "U.java", "package p;\n// " + mark.replace("-", "") + ": later\nclass U {}\n");
    assertThat(findings()).containsExactly(MAIN + "U.java:2: work left undone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Thread.sleep(10)", "TimeUnit.SECONDS.sleep(1)"})
  void noTestSleeps(String call) throws IOException {
    write(TEST + "S.java", "class S {\n  void m() { " + call + "; }\n}\n");
    write(MAIN + "S.java", "class S {\n  void m() { " + call + "; }\n}\n");
    assertThat(findings())
        .containsExactly(TEST + "S.java:2: sleeps: wait for the event, or move a virtual clock");
  }

  @ParameterizedTest
  @CsvSource({"System.out.println(1)", "System.err.print('x')", "f(System.out)"})
  void onlyTheCommandLinePrints(String call) throws IOException {
    write(TEST + "S.java", "class S {\n  void m() { " + call + "; }\n}\n");
    write("gateway-app/src/main/java/q/package-info.java", "@NullMarked\npackage q;");
    write("gateway-app/src/main/java/q/S.java", "class S {\n  void m() { " + call + "; }\n}\n");
    assertThat(findings())
        .containsExactly(TEST + "S.java:2: prints to the standard output or error");
  }

  @Test
  void whatIsBuiltOrHiddenIsNotRead() throws IOException {
    write("gateway-core/target/src/main/java/p/ItsHelper.java", "class ItsHelper {}");
    write(".copy/src/main/java/p/ItsHelper.java", "class ItsHelper {}");
    assertThat(findings()).isEmpty();
  }

  private List<String> findings() {
    return Tidy.findings(root).stream().map(Tidy.Finding::toString).toList();
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

package dev.penstock.ingress.source;

import static dev.penstock.ingress.source.Manifests.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever stands in a manifest, it is read without an exception and every loss is told. */
class ManifestMutationTest {
  private static final int BYTE_MUTATIONS = 20_000;
  private static final Pattern VALUE = Pattern.compile("(?m)^(\\s*(?:- )?[\\w./-]+:)(.*)$");

  /** Values of every type, among them null, empty and absurd ones. */
  private static final List<String> VALUES =
      List.of(
          "",
          " null",
          " ''",
          " ~",
          " []",
          " {}",
          " [null]",
          " [[[]]]",
          " {a: {b: c}}",
          " text",
          " 0",
          " -1",
          " 99999999999999999999",
          " 0x1F",
          " 1.5",
          " .nan",
          " true",
          " \"\\u0000\"",
          " \"\\uD800\"",
          " \"a\\nb\"",
          " !!str 1",
          " [1, two, {three: 3}]",
          " {null: null}",
          " 2026-01-01",
          " *nowhere",
          " &anchor x",
          " \"" + "x".repeat(3_000) + "\"");

  @Test
  void everyFieldMayHoldAnything() {
    Matcher field = VALUE.matcher(Manifests.ALL);
    List<String> mutants = new ArrayList<>();
    while (field.find()) {
      for (String value : VALUES) {
        mutants.add(
            Manifests.ALL.substring(0, field.start())
                + field.group(1)
                + value
                + Manifests.ALL.substring(field.end()));
      }
      mutants.add(Manifests.ALL.substring(0, field.start()) + Manifests.ALL.substring(field.end()));
    }

    assertThat(mutants).hasSizeGreaterThan(1_000);
    mutants.forEach(ManifestMutationTest::readsOrTells);
  }

  @Test
  void everyByteMayBeAnother() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good = utf8(Manifests.ALL);
    String alphabet = " \t\n-:[]{}'\"&*!|>%@`#,?<~0aZ\u0000\u0085\\";
    for (int i = 0; i < BYTE_MUTATIONS; i++) {
      byte[] mutant = good.clone();
      int edits = 1 + random.nextInt(4);
      for (int e = 0; e < edits; e++) {
        mutant[random.nextInt(mutant.length)] =
            (byte) alphabet.charAt(random.nextInt(alphabet.length()));
      }
      String file = random.nextBoolean() ? "m.yaml" : "m.json";
      assertThatCode(() -> ManifestReader.read(file, mutant, Companions.NONE))
          .as("seed %d, mutant %d", seed, i)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void everyCutOfAFileIsReadOrTold() {
    for (int cut = 0; cut < Manifests.ALL.length(); cut++) {
      readsOrTells(Manifests.ALL.substring(0, cut));
    }
  }

  private static void readsOrTells(String text) {
    FileObjects read = ManifestReader.read("m.yaml", utf8(text), Companions.NONE);
    int objects =
        read.ingresses().size()
            + read.classes().size()
            + read.services().size()
            + read.slices().size()
            + read.secrets().size();
    if (text.length() >= Manifests.ALL.length() && objects < 5) {
      assertThat(read.diagnostics()).as(text).isNotEmpty();
    }
    if (!read.parsed()) assertThat(objects).isZero();
  }
}

package dev.penstock.ingress.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.configmap.RouteDefaults;
import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import dev.penstock.ingress.annotation.Annotation.Raw;
import dev.penstock.ingress.annotation.Annotation.Setting;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnnotationTableTest {
  private static final Source INGRESS = Source.of("Ingress", "ns", "web");

  @Test
  void theTableHoldsEveryKeyOfIngressNginxWithItsRisk() {
    Map<String, Risk> expected = new TreeMap<>();
    for (String line : listing().lines().toList()) {
      String[] parts = line.split(" ");
      expected.put(parts[0], Risk.valueOf(parts[1]));
    }
    Map<String, Risk> actual = new TreeMap<>();
    AnnotationTable.all().forEach((key, annotation) -> actual.put(key, annotation.risk()));

    assertThat(expected).hasSize(138);
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void everyOwnerOfADetailIsAKeyThatCanAskForAFeature() {
    for (Annotation annotation : AnnotationTable.all().values()) {
      if (annotation instanceof Detail detail) {
        assertThat(detail.owners()).as(detail.key()).isNotEmpty();
        for (String owner : detail.owners()) {
          assertThat(AnnotationTable.find(owner)).as(detail.key()).isInstanceOf(Pending.class);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeySaysSomethingWhenItsValueIsNotInForce(String key) {
    Translation<IngressOptions> read = read(key, "~bad~");

    assertThat(read.diagnostics()).hasSize(1);
    Diagnostic diagnostic = read.diagnostics().getFirst();
    assertThat(diagnostic.field())
        .isEqualTo("metadata.annotations[nginx.ingress.kubernetes.io/" + key + "]");
    Annotation annotation = AnnotationTable.find(key);
    boolean denies =
        annotation instanceof Raw
            || annotation instanceof Pending pending && pending.meanwhile() == Meanwhile.DENY;
    boolean setsAside =
        annotation instanceof Pending pending && pending.meanwhile() == Meanwhile.SET_ASIDE;
    boolean errs = denies || setsAside || annotation instanceof Setting<?>;
    assertThat(!read.value().denied().isEmpty()).isEqualTo(denies);
    assertThat(read.value().isSetAside()).isEqualTo(setsAside);
    assertThat(diagnostic.level() == Level.ERROR).isEqualTo(errs);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void noKeyTakesAControlCharacter(String key) {
    Translation<IngressOptions> read = read(key, "a\nb");

    assertThat(read.value().denied()).contains(key);
    assertThat(read.diagnostics()).hasSize(1);
    assertThat(read.diagnostics().getFirst().level()).isEqualTo(Level.ERROR);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void anEmptyValueIsAnAbsentOne(String key) {
    Translation<IngressOptions> read = read(key, " ");

    assertThat(read.value()).isEqualTo(read("other", "x").value());
    assertThat(read.diagnostics())
        .singleElement()
        .extracting(Diagnostic::level)
        .isEqualTo(Level.WARNING);
  }

  static List<String> keys() {
    return List.copyOf(AnnotationTable.all().keySet());
  }

  private static Translation<IngressOptions> read(String key, String value) {
    return AnnotationReader.read(
        INGRESS,
        new WrittenAnnotations(Map.of(AnnotationTable.PREFIX + key, value), Map.of()),
        RouteDefaults.DEFAULT);
  }

  private static String listing() {
    try (InputStream in = AnnotationTableTest.class.getResourceAsStream("ingress-nginx-keys.txt")) {
      if (in == null) throw new IllegalStateException("the listing is missing");
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}

package dev.penstock.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyTableTest {
  private static final Source SOURCE = Source.of("ConfigMap", "penstock", "penstock");

  static List<String> names() {
    return List.copyOf(KeyTable.all().keySet());
  }

  static Stream<Key.Valued> keysWithDefault() {
    return KeyTable.all().values().stream()
        .filter(Key.Valued.class::isInstance)
        .map(Key.Valued.class::cast)
        .filter(key -> !key.initial().isEmpty());
  }

  private static Translation<Loaded> load(String name, String value) {
    return ConfigMapLoader.load(
        new WrittenConfigMap(SOURCE, Map.of(name, value), Map.of()), Map.of());
  }

  /** 192 documented ones, and 14 that only its code knows. */
  @Test
  void theTableHoldsEveryKeyOfIngressNginxAndNoOther() throws IOException {
    try (InputStream in = KeyTableTest.class.getResourceAsStream("keys.txt")) {
      assertThat(in).isNotNull();
      List<String> listed = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertThat(listed).hasSize(206);
      assertThat(KeyTable.all()).containsOnlyKeys(listed);
    }
  }

  @ParameterizedTest
  @MethodSource("keysWithDefault")
  void theDefaultOfEveryKeyIsGoodForIt(Key.Valued key) {
    assertThat(load(key.name(), key.initial()).hasErrors()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("names")
  void whateverAValueHoldsTheKeyIsNamedAndNothingIsThrown(String name) {
    for (String value :
        List.of("", " ", "\u0000", "a\nb", "-1", "9".repeat(40), "x".repeat(10_000), "🙂", "1 2")) {
      assertThat(load(name, value).diagnostics())
          .allSatisfy(said -> assertThat(said.field()).isEqualTo("data[" + name + "]"));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatWasAcceptedGivesTheSameAgainWithoutTheConfigMap(String name) {
    for (String value :
        List.of("true", "false", "0", "7", "4 16k", "/a,/b", "301", "10m", "bad!")) {
      Loaded loaded = load(name, value).value();
      assertThat(ConfigMapLoader.ofAccepted(loaded.settings().configMap())).isEqualTo(loaded);
    }
  }
}

package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FieldNameTest {
  private static FieldName of(String name) {
    byte[] bytes = Cuts.bytes("  " + name);
    return FieldName.of(bytes, 2, bytes.length);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OTHER", "UNUSUAL", "X_FORWARDED_OTHER", "X_ORIGINAL_OTHER"})
  void aNameIsKnownInEveryCase(FieldName name) {
    String text = name.name().replace('_', '-');
    assertThat(of(text)).isEqualTo(name);
    assertThat(of(text.toLowerCase(Locale.ROOT))).isEqualTo(name);
    assertThat(of(text + "x")).isNotEqualTo(name);
    assertThat(of(text.substring(1))).isNotEqualTo(name);
    assertThat(of("q" + text.substring(1))).isEqualTo(FieldName.OTHER);
  }

  @Test
  void familiesAreKnownByTheirBeginning() {
    assertThat(of("X-Forwarded-Whatever")).isEqualTo(FieldName.X_FORWARDED_OTHER);
    assertThat(of("x-original-method")).isEqualTo(FieldName.X_ORIGINAL_OTHER);
    assertThat(of("X-Forwarded")).isEqualTo(FieldName.OTHER);
    assertThat(of("x")).isEqualTo(FieldName.OTHER);
  }
}

package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.HostPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegibleHostTest {
  @ParameterizedTest
  @CsvSource({
    "x.test., x.test",
    "x.test:8080, x.test",
    "x.test.:, x.test",
    "http://x.test/, x.test",
    "HTTPS://X.test:443/a?b#c, x.test",
    "' x.test ', x.test",
    "bücher.test, xn--bcher-kva.test",
    "*.bücher.test., *.xn--bcher-kva.test",
    "x。test。, x.test",
    "x.test, x.test",
  })
  void aHostWithOneMeaningIsRead(String written, String host) {
    assertThat(LegibleHost.of(written)).isEqualTo(new HostPattern(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "http://",
        "a b.test",
        "a_b.test",
        "10.0.0.1",
        "[::1]:80",
        "*",
        "a.*.b",
        "a..test",
        "-a.test",
        "a,b"
      })
  void aTextThatIsNoHostIsNot(String written) {
    assertThat(LegibleHost.of(written)).isNull();
  }

  @Test
  void aTextWithoutEndIsNotLookedAt() {
    assertThat(LegibleHost.of("a".repeat(2_000_000))).isNull();
  }
}

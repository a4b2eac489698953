package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusTextTest {
  @Test
  void aWellFormedTextIsRead() {
    PrometheusText text =
        PrometheusText.parse("# HELP a b\n# TYPE a counter\na{y=\"2\",x=\"\\\"\"} 1.5\na 3E9\n");
    assertThat(text.samples).containsEntry("a{x=\"\\\"\",y=\"2\"}", 1.5).containsEntry("a", 3e9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# TYPE a counter\na 1",
        "# TYPE a counter\na 1\na 1\n",
        "# TYPE a counter\na -1\n",
        "# TYPE a counter\nb 1\n",
        "# TYPE a counter\n# TYPE a counter\n",
        "# TYPE a counter\na{x=\"1\",x=\"2\"} 1\n",
        "# TYPE a counter\na{x=\"\\q\"} 1\n",
        "# TYPE a-b counter\n",
        "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\n",
        "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 2\n",
      })
  void aTextThatAScraperMightRefuseIsRefused(String text) {
    assertThatThrownBy(() -> PrometheusText.parse(text)).isInstanceOf(AssertionError.class);
  }
}

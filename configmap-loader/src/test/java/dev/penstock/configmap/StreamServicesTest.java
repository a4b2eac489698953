package dev.penstock.configmap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Source;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamServicesTest {
  private static Diagnostic judged(String key, String value) {
    WrittenConfigMap written =
        new WrittenConfigMap(
            Source.of("ConfigMap", "ns", "tcp-services"), Map.of(key, value), Map.of());
    assertThat(StreamServices.judge(written, "TCP")).hasSize(1);
    return StreamServices.judge(written, "TCP").getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "5432, data/postgres:5432",
    "22, git/ssh:ssh",
    "22, git/ssh:ssh:PROXY",
    "22, git/ssh:22:proxy:PROXY",
    "22, git/ssh:22::PROXY"
  })
  void aGoodEntryIsSaidToBeNotServedYet(String key, String value) {
    assertThat(judged(key, value).toString())
        .isEqualTo(
            "ConfigMap ns/tcp-services: warning: data["
                + key
                + "]: is read, but TCP is not served in this version");
  }

  @ParameterizedTest
  @CsvSource({
    "80, a/b:1",
    "443, a/b:1",
    "0, a/b:1",
    "65536, a/b:1",
    "http, a/b:1",
    "22, b:1",
    "22, a/b",
    "22, a/b:",
    "22, a/b:0",
    "22, a/b:99999",
    "22, a/b:1:tls",
    "22, a/b:1:PROXY:PROXY:PROXY",
    "22, A/b:1"
  })
  void whatIsNoEntryIsSetAside(String key, String value) {
    assertThat(judged(key, value).level()).isEqualTo(Level.ERROR);
    assertThat(judged(key, value).message()).endsWith("; the entry is set aside");
  }
}

package dev.penstock.ingress.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ObjectCostTest {
  private static final String INGRESS =
      """
      {"kind": "Ingress", "metadata": {"name": "a", "namespace": "shop"},
       "spec": {"rules": [{"host": "a.test", "http": {"paths": [
        {"path": "PATH", "pathType": "ImplementationSpecific"}]}}]}}
      """;

  private static int cost(String path) throws IOException {
    String json = INGRESS.replace("PATH", path.replace("\\", "\\\\"));
    return ofIngress(json);
  }

  @Test
  void everyTextOfAnIngressCostsWhatItTakes() throws IOException {
    String json =
        """
        {"kind": "Ingress",
         "metadata": {"name": "a", "namespace": "shop", "annotations": {"example.com/a": "TEXT"}},
         "spec": {"ingressClassName": "TEXT", "tls": [{"hosts": ["TEXT"], "secretName": "TEXT"}],
          "defaultBackend": {"resource": {"kind": "TEXT", "name": "TEXT"}},
          "rules": [{"host": "TEXT", "http": {"paths": [{"path": "/TEXT", "pathType": "TEXT",
           "backend": {"service": {"name": "TEXT", "port": {"name": "TEXT"}}}}]}}]}}
        """;
    for (int at = json.indexOf("TEXT"); at > 0; at = json.indexOf("TEXT", at + 1)) {
      String longer = json.substring(0, at) + "x".repeat(200) + json.substring(at);

      assertThat(ofIngress(longer)).as(longer).isGreaterThanOrEqualTo(ofIngress(json) + 200);
    }
  }

  private static int ofIngress(String json) throws IOException {
    return ApiKind.INGRESS.object(json.getBytes(UTF_8)).cost();
  }

  @Test
  void anExpressionCostsWhatItIsCompiledTo() throws IOException {
    int plain = cost("/abcdefgh");

    assertThat(cost("/ijklmnop")).isEqualTo(plain);
    assertThat(cost("/(a{1000})")).isGreaterThan(plain + 100_000);
    assertThat(cost("/\\pL\\pL\\pL")).isGreaterThan(plain + 30_000);
    assertThat(cost("/[\\pL\\PN]")).isGreaterThan(plain + 20_000);
  }
}

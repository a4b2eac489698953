package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is protected before the fault of a document is closed. */
class SalvageTest {
  private static final String PROTECTED =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: own
        annotations:
          nginx.ingress.kubernetes.io/auth-url: http://auth.test/
      spec:
        rules:
          - host: a.test
            http:
              paths:
                - path: /own
                  pathType: Prefix
                  backend: {service: {name: own, port: {number: 80}}}
      """;

  private static List<IngressObject> closed(String yaml) {
    FileObjects read =
        ManifestReader.read("a.yaml", Manifests.utf8(yaml), Companions.NONE).withoutLastGood();
    assertThat(read.parsed()).isFalse();
    assertThat(read.ingresses()).allMatch(IngressObject::isBroken);
    return read.ingresses();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "junk: [\n", // found at the end of the file
        "junk: [\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", // and that far away
        "kind: Ingress\n", // a key twice
        "  ingressClassName: [x\n  tls: []\n",
        "  tls: *nowhere\n",
        "\tx: 1\n",
        "junk: !!binary x\n",
        "]\n",
      })
  void aFaultAfterACompleteIngressLeavesItClosed(String fault) {
    for (String before : List.of("", "---\n", "kind: Other\napiVersion: x.test/v1\n---\n")) {
      assertThat(closed(before + PROTECTED + fault))
          .singleElement()
          .satisfies(own -> {
            assertThat(own.key().name()).isEqualTo("own");
            assertThat(own.rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.paths()).hasSize(1));
          });
    }
  }

  @Test
  void aFaultBeforeTheProtectionClosesNothing() {
    assertThat(closed("junk: [\n" + PROTECTED)).isEmpty();
  }

  @Test
  void whatIsNotProtectedIsNotClosed() {
    String open = PROTECTED.replace("auth-url: http://auth.test/", "ssl-redirect: 'false'");
    assertThat(closed(open + "junk: [\n")).isEmpty();
  }
}

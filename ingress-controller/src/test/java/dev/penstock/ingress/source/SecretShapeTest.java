package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretShapeTest {
  @Test
  void ofASecretOnlyWhatIsUsedIsKeptAndNoMoreThanItsBound() {
    String text =
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: tls}
        data:
          tls.crt: file://chain.pem
        stringData:
          tls.key: %s
          other: %s
        """
            .formatted("k".repeat(SecretObject.KEY_BYTES_MAX), "x".repeat(1 << 20));
    int length = SecretObject.CHAIN_BYTES_MAX;

    SecretObject full = secretOf(text, length);
    SecretObject large = secretOf(text, length + 1);

    assertThat(full.tooLarge()).isEmpty();
    assertThat(full.data()).containsOnlyKeys("tls.crt", "tls.key", "other");
    assertThat(large.tooLarge()).containsExactly("tls.crt");
    assertThat(large.data()).containsOnlyKeys("tls.key", "other");
    assertThat(large.bytes()).isLessThan(SecretObject.KEY_BYTES_MAX + 20);
  }

  @Test
  void aKeyHasABoundOfItsOwn() {
    String text =
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: tls}
        stringData: {tls.key: %s}
        """
            .formatted("k".repeat(SecretObject.KEY_BYTES_MAX + 1));

    assertThat(secretOf(text, 0).tooLarge()).containsExactly("tls.key");
  }

  private static SecretObject secretOf(String text, int companionBytes) {
    Companions companions = (manifest, path) -> new byte[companionBytes];
    return ManifestReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), companions)
        .secrets()
        .getFirst();
  }

  @Test
  void theNamesOfASecretsOtherKeysAreBoundedToo() {
    StringBuilder text = new StringBuilder(Manifests.SECRET);
    for (int i = 0; i < 1_000; i++) text.append("  other").append(i).append(": x\n");

    assertThat(secretOf(text.toString(), 0).data())
        .hasSizeLessThan(15)
        .containsKeys("tls.crt", "tls.key");
  }
}

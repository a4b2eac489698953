package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator reads when a kubeconfig is no way to a cluster. */
class KubeconfigTest {
  private static final String USABLE =
      """
      apiVersion: v1
      kind: Config
      current-context: c
      contexts: [{ name: c, context: { cluster: k, user: u } }]
      clusters: [{ name: k, cluster: { server: "https://127.0.0.1:1" } }]
      users: [{ name: u, user: { token: secret } }]
      """;

  @TempDir Path directory;

  @Test
  void aUsableOneIsTaken() throws IOException {
    try (ApiServer server = connect(USABLE)) {
      assertThat(server.address()).isEqualTo("https://127.0.0.1:1");
    }
  }

  @Test
  void credentialsDoNotGoUnencryptedToAnotherMachine() {
    assertThatThrownBy(() -> connect(USABLE.replace("https://127.0.0.1:1", "http://192.0.2.1:1")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("credentials would go unencrypted to http://192.0.2.1:1");
  }

  @Test
  void withoutCredentialsHttpIsTaken() throws IOException {
    String open = USABLE.replace("https://127.0.0.1:1", "http://192.0.2.1:1");
    try (ApiServer server = connect(open.replace("token: secret", ""))) {
      assertThat(server.address()).isEqualTo("http://192.0.2.1:1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000\u0001", "no: [yaml", "clusters: 5"})
  void whatIsNoKubeconfigIsNoStackTrace(String text) {
    assertThatThrownBy(() -> connect(text)).isInstanceOf(IOException.class);
  }

  @Test
  void aMissingCertificateOfTheServerIsNamed() {
    String text = USABLE.replace("server:", "certificate-authority: /nowhere/ca.crt, server:");
    assertThatThrownBy(() -> connect(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nowhere/ca.crt");
  }

  private ApiServer connect(String kubeconfig) throws IOException {
    Path file = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);
    return ApiServer.connect(file, null, "test");
  }
}

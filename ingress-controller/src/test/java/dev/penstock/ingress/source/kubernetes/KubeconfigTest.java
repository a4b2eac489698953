package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

  /** Each change of the usable one, and what is said after the file. */
  static List<Arguments> whatIsNotThere() {
    return List.of(
        arguments(
            "current-context: c",
            "current-context: d",
            "current-context: there is no context 'd'; there are: 'c'"),
        arguments("current-context: c", "", "current-context is missing; there are: 'c'"),
        arguments(
            "cluster: k,",
            "cluster: l,",
            "contexts[c].context.cluster: there is no cluster 'l'; there are: 'k'"),
        arguments("cluster: k,", "", "contexts[c].context.cluster is missing; there are: 'k'"),
        arguments("server: \"https://127.0.0.1:1\"", "", "clusters[k].cluster.server: is missing"),
        arguments(
            "user: u }",
            "user: v }",
            "contexts[c].context.user: there is no user 'v'; there are: 'u'"),
        arguments(
            "server:",
            "certificate-authority: /nowhere/ca, server:",
            "clusters[k].cluster.certificate-authority: /nowhere/ca cannot be read"),
        arguments(
            "token: secret",
            "tokenFile: /nowhere/token",
            "users[u].user.tokenFile: /nowhere/token cannot be read"),
        arguments(
            "token: secret",
            "client-certificate: /nowhere/crt",
            "users[u].user.client-certificate: /nowhere/crt cannot be read"),
        arguments(
            "token: secret",
            "client-certificate-data: eA==, client-key: /nowhere/key",
            "users[u].user.client-key: /nowhere/key cannot be read"));
  }

  @ParameterizedTest
  @MethodSource
  void whatIsNotThere(String usable, String changed, String said) {
    assertThatThrownBy(() -> connect(USABLE.replace(usable, changed)))
        .isInstanceOf(IOException.class)
        .hasMessage(directory.resolve("kubeconfig") + ": " + said);
  }

  @Test
  void aContextThatIsAskedForAndNotThereIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("kubeconfig"), USABLE);
    assertThatThrownBy(() -> ApiServer.connect(file, "d", "test"))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": --context: there is no context 'd'; there are: 'c'");
  }

  @Test
  void aTokenFileIsReadAtEachRequest() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    Path file =
        Files.writeString(
            directory.resolve("kubeconfig"), USABLE.replace("token: secret", "tokenFile: token"));
    OAuthTokenProvider provider = Kubeconfig.read(file, null).getOauthTokenProvider();
    assertThat(provider.getToken()).isEqualTo("first");

    Files.writeString(token, "second");
    assertThat(provider.getToken()).isEqualTo("second");
    Files.delete(token);
    assertThat(provider.getToken()).isEqualTo("second");
  }

  private ApiServer connect(String kubeconfig) throws IOException {
    Path file = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);
    return ApiServer.connect(file, null, "test");
  }
}

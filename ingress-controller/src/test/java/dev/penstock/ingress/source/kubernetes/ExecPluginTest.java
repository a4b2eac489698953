package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.testkit.Await;
import dev.penstock.testkit.VirtualClock;
import io.fabric8.kubernetes.api.model.ExecConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kubeconfig that names a program for its credentials. */
class ExecPluginTest {
  @TempDir Path directory;

  @Test
  void itsTokenIsTaken() throws IOException {
    plugin(
        """
        cat << END
        {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
         "status": {"token": "$1 $SECOND"}}
        END
        """);

    assertThat(Kubeconfig.read(kubeconfig("./plugin"), null).getAutoOAuthToken())
        .isEqualTo("one two");
  }

  @Test
  void aFailureIsNamedWithTheFirstLineOfItsStandardError() throws IOException {
    plugin("echo a secret; echo log in first >&2; echo more >&2; exit 3");

    Path kubeconfig = kubeconfig("./plugin");
    assertThatThrownBy(() -> ApiServer.connect(kubeconfig, null, "test"))
        .isInstanceOf(IOException.class)
        .hasMessage(kubeconfig + ": users[u].user.exec: './plugin' ended with 3: log in first");
  }

  @Test
  void onePassedOverInSilenceIsNamed() throws IOException {
    plugin("exit 0");

    Path kubeconfig = kubeconfig("./plugin");
    assertThatThrownBy(() -> ApiServer.connect(kubeconfig, null, "test"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            kubeconfig + ": users[u].user.exec: './plugin' gave neither a token nor")
        .hasMessageEndingWith("an ExecCredential of 'client.authentication.k8s.io/v1'");
  }

  @Test
  void oneThatIsNotThereIsNamed() throws IOException {
    Path kubeconfig = kubeconfig("penstock-no-such-plugin");
    assertThatThrownBy(() -> ApiServer.connect(kubeconfig, null, "test"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "'penstock-no-such-plugin' cannot be run: is it installed, and on the PATH?");
  }

  @Test
  void oneThatDoesNotEndIsGivenUp() throws IOException {
    plugin("sleep 60");

    ExecPlugin plugin = exec();
    assertThatThrownBy(() -> plugin.run(Duration.ofSeconds(1)))
        .hasMessage("'./plugin' did not end within 1 s");
  }

  @Test
  void itsTokenIsRenewedByAnotherThreadAndTheLastOneStandsWhereThatFails() throws IOException {
    Path token = directory.resolve("token");
    Path failed = directory.resolve("failed");
    plugin("cat '" + token + "' && exit 0; touch '" + failed + "'; echo no >&2; exit 1");
    VirtualClock clock = new VirtualClock();
    ExecToken provider = new ExecToken(exec(), "first", clock);
    assertThat(provider.getToken()).isEqualTo("first");

    clock.advance(ExecToken.RENEWED_EVERY_MIN);
    assertThat(provider.getToken()).isEqualTo("first"); // nobody waits for the program, which fails
    Await.until("it has failed", () -> Files.exists(failed));
    Files.writeString(token, "{\"status\": {\"token\": \"second\"}}");
    Await.until(
        "the second",
        () -> {
          clock.advance(ExecToken.RENEWED_EVERY_MIN);
          return provider.getToken().equals("second");
        });
  }

  @Test
  void itIsAskedOnceAMinuteAndNeverWhereItGaveACertificate() throws IOException {
    Path runs = directory.resolve("runs");
    plugin("echo run >> '" + runs + "'; echo '{\"status\": {\"token\": \"second\"}}'");
    VirtualClock clock = new VirtualClock();
    ExecToken ofCertificate = new ExecToken(exec(), "", clock);
    ExecToken provider = new ExecToken(exec(), "first", clock);
    clock.advance(ExecToken.RENEWED_EVERY_MIN.minusNanos(1));
    for (int i = 0; i < 3; i++) assertThat(provider.getToken()).isEqualTo("first");
    clock.advance(Duration.ofNanos(1));
    assertThat(ofCertificate.getToken()).isEmpty();
    Await.until("the second", () -> provider.getToken().equals("second"));

    assertThat(ofCertificate.getToken()).isEmpty();
    assertThat(Files.readAllLines(runs)).hasSize(1);
  }

  private ExecPlugin exec() {
    return new ExecPlugin(
        directory.resolve("kubeconfig"), new ExecConfigBuilder().withCommand("./plugin").build());
  }

  private void plugin(String script) throws IOException {
    Path file = Files.writeString(directory.resolve("plugin"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private Path kubeconfig(String command) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{ name: c, context: { cluster: k, user: u } }]
        clusters: [{ name: k, cluster: { server: "https://127.0.0.1:1" } }]
        users:
          - name: u
            user:
              exec:
                apiVersion: client.authentication.k8s.io/v1
                command: %s
                args: [one]
                env: [{ name: SECOND, value: two }]
        """
            .formatted(command));
  }
}

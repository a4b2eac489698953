package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.ScriptedApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} and {@code routes} on a scripted API server. */
class LiveClusterTest {
  @TempDir Path directory;

  private final ScriptedApi api = new ScriptedApi();
  private String kubeconfig = "";

  @BeforeEach
  void aClusterWithAnIngress() throws IOException {
    Path file = directory.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
          - {name: c, cluster: {server: "%s"}}
          - {name: gone, cluster: {server: "http://127.0.0.1:1"}}
        users: [{name: u, user: {token: none}}]
        contexts:
          - {name: here, context: {cluster: c, user: u}}
          - {name: gone, context: {cluster: gone, user: u}}
        current-context: here
        """
            .formatted(api.address()));
    kubeconfig = file.toString();
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"penstock"},
         "spec":{"controller":"penstock.dev/ingress-controller"}}
        """);
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress",
         "metadata":{"name":"web","namespace":"shop","creationTimestamp":"2026-01-31T12:00:00Z"},
         "spec":{"ingressClassName":"penstock","rules":[{"host":"web.test","http":{"paths":[
          {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}
         ]}}]}}
        """);
  }

  @AfterEach
  void close() {
    api.close();
  }

  private void theService() {
    api.put(
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"},
         "spec":{"ports":[{"name":"http","port":80}]}}
        """);
    api.put(
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
         "metadata":{"name":"web-1","namespace":"shop",
          "labels":{"kubernetes.io/service-name":"web"}},
         "ports":[{"name":"http","port":8080,"protocol":"TCP"}],
         "endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true}}]}
        """);
  }

  @Test
  void whatIsWrongInAClusterIsReportedWithoutWritingToIt() {
    Ran ran = Ran.penstock("check", "--kubeconfig", kubeconfig);

    assertThat(ran.out())
        .isEqualTo(
            "Ingress shop/web: error: spec.rules[0].http.paths[0].backend.service.name: no Service"
                + " 'web' was found in namespace 'shop'; create it or name another. Until then it"
                + " answers 503\n1 error, 0 warnings; 1 route would be served\n");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(api.writes()).isEmpty();
    theService();
    assertThat(Ran.penstock("check", "--kubeconfig", kubeconfig).exitCode()).isZero();
  }

  @Test
  void theRoutesOfAClusterAreListedWithTheirObjects() {
    theService();
    Ran ran = Ran.penstock("routes", "--kubeconfig", kubeconfig);

    assertThat(ran.out())
        .isEqualTo(
            """
            HOST      PATH  TYPE    ACTION       ENDPOINTS      TLS  SOURCE
            web.test  /     Prefix  shop/web:80  10.0.0.1:8080  -    Ingress shop/web
            """);
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void theFlagsOfAGatewayDecideWhatIsLookedAt() {
    Ran ran = Ran.penstock("check", "--kubeconfig", kubeconfig, "--controller-class", "x.test/y");

    assertThat(ran.out()).isEqualTo("0 errors, 0 warnings; 0 routes would be served\n");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void aClusterThatCannotBeReachedIsOneLineAndAnExitCodeOfItsOwn() {
    Ran ran = Ran.penstock("routes", "--kubeconfig", kubeconfig, "--context", "gone");

    assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(ran.err())
        .startsWith("penstock: the cluster at http://127.0.0.1:1 cannot be read: ")
        .containsPattern(" [0-9]+ s; is it up, is it the right one \\(--kubeconfig, --context\\)")
        .doesNotContain("served")
        .endsWith("\n")
        .hasLineCount(1);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void whatCannotBeMeantIsSaid() {
    Ran both = Ran.penstock("check", "--kubeconfig", kubeconfig, directory.toString());
    Ran context = Ran.penstock("check", "--kubeconfig", kubeconfig, "--context", "none");
    Ran neither = Ran.penstock("routes");

    assertThat(both.err()).contains("manifests or a cluster, not both");
    assertThat(context.err()).contains("there is no context 'none'");
    assertThat(neither.err()).contains("Missing: --config DIR|FILE, or a cluster by");
    assertThat(new int[] {both.exitCode(), context.exitCode(), neither.exitCode()})
        .containsOnly(ExitCode.USAGE);
  }
}

package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckAndRoutesTest {
  private static final String GOOD =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web}
      spec:
        rules:
          - host: web.example
            http:
              paths:
                - path: /api
                  pathType: Prefix
                  backend: {service: {name: web, port: {number: 80}}}
                - path: /api
                  pathType: Exact
                  backend: {service: {name: web, port: {number: 80}}}
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        annotations: {penstock.dev/endpoints: "127.0.0.1:3000,[::1]:3001"}
      spec: {ports: [{port: 80}]}
      """;

  @TempDir Path directory;

  @BeforeEach
  void oneGoodFile() throws IOException {
    Files.writeString(directory.resolve("web.yaml"), GOOD);
  }

  @Test
  void goodManifestsHaveNoFindings() {
    Ran ran = Ran.penstock("check", directory.toString());
    assertThat(ran.out()).isEqualTo("0 errors, 0 warnings; 2 routes would be served\n");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void anErrorIsSaidWithItsPlaceAndTheRestIsStillServed() throws IOException {
    Files.writeString(directory.resolve("bad.yaml"), "apiVersion: v1\nkind: Service\n- oops\n");
    Ran ran = Ran.penstock("check", directory.toString());
    assertThat(ran.out())
        .matches("(?s)bad\\.yaml:3:1: error: .+\n1 error, 0 warnings; 2 routes would be served\n");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void aWarningAloneIsNoFinding() throws IOException {
    String annotated =
        GOOD.replace(
            "{name: web}", "{name: web, annotations: {nginx.ingress.kubernetes.io/nonsense: x}}");
    Files.writeString(directory.resolve("web.yaml"), annotated);
    Ran ran = Ran.penstock("check", directory.toString());
    assertThat(ran.out()).contains(": warning: ").contains("0 errors, 1 warning; ");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void theConfigMapIsCheckedWhenItIsNamed() throws IOException {
    Files.writeString(
        directory.resolve("settings.yaml"),
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: penstock}
        data:
          keep-alive: soon
        """);
    String[] named = {"check", "--configmap", "penstock/settings", directory.toString()};
    assertThat(Ran.penstock(named).out())
        .startsWith(
            "settings.yaml:5:3: ConfigMap penstock/settings: error: data[keep-alive]: 'soon' is not"
                + " a whole number of at least 0; the default stays in force\n");
    assertThat(Ran.penstock("check", directory.toString()).out()).doesNotContain("keep-alive");
  }

  @Test
  void checkSpeaksJson() throws IOException {
    Files.writeString(directory.resolve("bad.yaml"), "apiVersion: v1\nkind: Service\n- oops\n");
    Ran ran = Ran.penstock("check", "-o", "json", directory.toString());
    assertThat(ran.out())
        .contains("\"level\": \"error\"", "\"file\": \"bad.yaml\"", "\"line\": 3")
        .containsPattern("\"errors\": 1,\\s+\"warnings\": 0,\\s+\"routes\": 2");
    assertThat(ran.exitCode()).isEqualTo(1);
  }

  @Test
  void checkWithoutADirectoryIsOneLine() {
    Ran ran = Ran.penstock("check");
    assertThat(ran.err())
        .isEqualTo(
            "penstock check: Missing: DIR|FILE, or a cluster by --kubeconfig or --cluster; see"
                + " 'penstock check --help'\n");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.exitCode()).isEqualTo(2);
  }

  @Test
  void aDirectoryThatIsNotThereIsOneLine() {
    Path missing = directory.resolve("missing");
    for (Ran ran :
        new Ran[] {
          Ran.penstock("check", missing.toString()),
          Ran.penstock("routes", "--config", missing.toString()),
          Ran.penstock(
              "run", "--config", missing.toString(), "--admin-port", "0", "--no-access-log")
        }) {
      assertThat(ran.err())
          .isEqualTo(
              "penstock: cannot read "
                  + missing
                  + ": there is no such file or directory; name a directory of manifests that can"
                  + " be read, or one file\n");
      assertThat(ran.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void routesAreListedInTheOrderInWhichTheyAreTried() {
    Ran ran = Ran.penstock("routes", "--config", directory.toString());
    assertThat(ran.out())
        .isEqualTo(
            """
            HOST         PATH  TYPE    ACTION          ENDPOINTS                  TLS  SOURCE
            web.example  /api  Exact   default/web:80  127.0.0.1:3000,[::1]:3001  -    web.yaml:12:13
            web.example  /api  Prefix  default/web:80  127.0.0.1:3000,[::1]:3001  -    web.yaml:9:13
            """);
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void routesSpeakJson() {
    Ran ran = Ran.penstock("routes", "-o", "json", "--config", directory.toString());
    assertThat(ran.out())
        .contains(
            "\"endpoints\": [\"127.0.0.1:3000\", \"[::1]:3001\"]",
            "\"source\": \"web.yaml:12:13\"",
            "\"object\": \"Ingress default/web\"");
  }

  @Test
  void aRouteWithoutItsServiceSaysWhatItAnswers() throws IOException {
    Files.writeString(directory.resolve("web.yaml"), GOOD.substring(0, GOOD.indexOf("---")));
    Ran ran = Ran.penstock("routes", "--config", directory.toString());
    assertThat(ran.out()).contains("503 (");
    assertThat(ran.err()).endsWith("see 'penstock check " + directory + "'\n");
  }

  @Test
  void ofManyEndpointsTheTableShowsTheFirstAndJsonAll() throws IOException {
    String five = "10.0.0.1:80,10.0.0.2:80,10.0.0.3:80,10.0.0.4:80,10.0.0.5:80";
    Files.writeString(
        directory.resolve("web.yaml"), GOOD.replace("127.0.0.1:3000,[::1]:3001", five));
    String config = directory.toString();

    assertThat(Ran.penstock("routes", "--config", config).out())
        .contains(" 10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 2 more ")
        .doesNotContain("10.0.0.4");
    assertThat(Ran.penstock("routes", "--config", config, "-o", "json").out())
        .contains("\"10.0.0.4:80\"", "\"10.0.0.5:80\"");
  }
}

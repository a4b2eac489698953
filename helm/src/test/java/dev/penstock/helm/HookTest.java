package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The only hook: what {@code helm test} starts. Rendered from a copy of the chart in which it is
 * none, because Helm's code in the JVM leaves hooks out.
 */
class HookTest {
  @TempDir private static Path copy;

  @BeforeAll
  static void makeItNoHook() throws IOException {
    try (Stream<Path> files = Files.walk(Chart.DIRECTORY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = copy.resolve(Chart.DIRECTORY.relativize(file).toString());
        Files.createDirectories(copied.getParent());
        Files.writeString(copied, Chart.read(file).replace("helm.sh/hook\"", "was-hook\""));
      }
    }
  }

  private static Manifest render(String values) {
    return Manifest.of(Chart.text(copy, "penstock", values));
  }

  private static List<JsonNode> tests(String values) {
    return render(values).all().stream()
        .filter(object -> object.path("kind").asText().equals("Pod"))
        .toList();
  }

  private static JsonNode test(String values) {
    return tests(values).getFirst();
  }

  private static List<String> args(String values) {
    return Manifest.texts(test(values).at("/spec/containers/0/args"));
  }

  @Test
  void thereIsNoneButTheTestWhichGoesWhenItHasPassed() {
    assertThat(render("").all())
        .filteredOn(object -> object.at("/metadata/annotations").has("was-hook"))
        .containsExactly(test(""));
    assertThat(test("").at("/metadata/annotations/was-hook").asText()).isEqualTo("test");
    assertThat(test("").at("/metadata/annotations/helm.sh~1hook-delete-policy").asText())
        .isEqualTo("before-hook-creation,hook-succeeded");
  }

  @Test
  void theServiceIsAskedAndWhatElseIsNamed() {
    assertThat(args("test: {urls: ['https://shop.example.com/']}"))
        .containsExactly(
            "probe",
            "--insecure",
            "--through=$(PENSTOCK_SERVICE_HOST)",
            "http://penstock.penstock.svc:80/",
            "https://penstock.penstock.svc:443/",
            "https://shop.example.com/");
  }

  @Test
  void whereThereIsOnlyAnInternalServiceThatOneIsAsked() {
    assertThat(
            args(
                "controller: {service: {external: {enabled: false}, internal: {enabled: true, ports: {http: 8080}}, enableHttps: false}}"))
        .containsExactly(
            "probe",
            "--insecure",
            "--through=$(PENSTOCK_INTERNAL_SERVICE_HOST)",
            "http://penstock-internal.penstock.svc:8080/");
  }

  @Test
  void wherePlainHttpComesToThePortOfHttpsThatIsNotAsked() {
    assertThat(args("controller: {service: {targetPorts: {https: http}}}"))
        .noneMatch(argument -> argument.startsWith("https:"));
  }

  @Test
  void whereALoadBalancerSpeaksTheProxyProtocolTheTestDoesSoToo() {
    assertThat(args("controller: {config: {use-proxy-protocol: 'true'}}"))
        .contains("--proxy-protocol");
    assertThat(args("controller: {config: {use-proxy-protocol: 'false'}}"))
        .doesNotContain("--proxy-protocol");
  }

  @Test
  void withoutAServiceThereIsNoTest() {
    assertThat(tests("controller: {service: {enabled: false}}")).isEmpty();
  }

  @Test
  void itsPodIsWhereThoseOfTheGatewayMayBeAndAsRestricted() {
    JsonNode spec =
        test("{imagePullSecrets: [{name: registry}], controller: {nodeSelector: {edge: 'true'}, tolerations: [{key: edge}]}}")
            .path("spec");

    assertThat(spec.path("imagePullSecrets")).hasToString("[{\"name\":\"registry\"}]");
    assertThat(spec.at("/nodeSelector/edge").asText()).isEqualTo("true");
    assertThat(spec.path("tolerations")).hasToString("[{\"key\":\"edge\"}]");
    assertThat(spec.at("/containers/0/securityContext"))
        .isEqualTo(Chart.render().container().path("securityContext"));
  }

  @Test
  void itsPodHasTheGatewaysImageNoTokenAndNoneOfItsTraffic() {
    JsonNode pod = test("");

    assertThat(pod.at("/spec/containers/0/image"))
        .isEqualTo(Chart.render().container().path("image"));
    assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.at("/metadata/labels/app.kubernetes.io~1component").asText())
        .isNotEqualTo(
            Chart.render()
                .one(Kind.Service, "penstock")
                .at("/spec/selector/app.kubernetes.io~1component")
                .asText());
  }
}

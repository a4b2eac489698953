package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart as a dependency of another, in the way that ingress-nginx's is one. */
class SubchartTest {
  @TempDir private static Path parent;

  @BeforeAll
  static void makeTheChartAround() throws IOException {
    Files.writeString(
        parent.resolve("Chart.yaml"),
        """
        apiVersion: v2
        name: platform
        version: 1.0.0
        dependencies:
          - name: penstock
            version: "*"
            alias: ingress-nginx
            condition: ingress-nginx.enabled
            tags: [edge]
        """);
    Files.writeString(parent.resolve("values.yaml"), "ingress-nginx: {enabled: false}");
    Files.createDirectory(parent.resolve("templates"));
    Files.writeString(
        parent.resolve("templates/own.yaml"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: own}}");
    Path inside = parent.resolve("charts/penstock");
    try (Stream<Path> files = Files.walk(Chart.DIRECTORY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = inside.resolve(Chart.DIRECTORY.relativize(file).toString());
        Files.createDirectories(copied.getParent());
        Files.copy(file, copied);
      }
    }
  }

  private static Manifest render(String values) {
    return Manifest.of(Chart.text(parent, "edge", values));
  }

  @Test
  void theConditionSaysWhetherItIsThere() {
    assertThat(render("").names()).containsExactly("ConfigMap/own");
    assertThat(
            render("ingress-nginx: {enabled: true, controller: {replicaCount: 3}}")
                .one(Kind.Deployment)
                .at("/spec/replicas")
                .asInt())
        .isEqualTo(3);
  }

  @Test
  void whatIsGlobalIsForAllChartsAndMayBeOthers() {
    Manifest manifest =
        render(
            """
            global: {image: {registry: r.test, tag: v1, pullPolicy: Always}, storageClass: fast}
            tags: {edge: true}
            ingress-nginx: {enabled: true}
            """);

    assertThat(manifest.container().path("image").asText()).isEqualTo("r.test/penstock:dev");
  }
}

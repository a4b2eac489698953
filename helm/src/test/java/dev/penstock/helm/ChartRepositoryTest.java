package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is published; it stays in {@code target/chart}. */
class ChartRepositoryTest {
  private static final Path DIRECTORY = Path.of("target/chart").toAbsolutePath();

  /** That of all that is built reproducibly: {@code project.build.outputTimestamp}. */
  private static final Instant TIME = Instant.parse("2026-11-22T00:00:00Z");

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void helmReadsTheArchive() throws IOException {
    Path archive = ChartRepository.write(DIRECTORY, Chart.DIRECTORY, TIME);

    assertThat(
            new Helm(archive)
                .template()
                .withName("penstock")
                .withNamespace("penstock")
                .withKubeVersion(Chart.KUBERNETES)
                .call())
        .isEqualTo(Chart.text("penstock", ""));
  }

  @Test
  void packedTwiceItIsTheSame() throws IOException {
    assertThat(ChartArchive.pack(Chart.DIRECTORY, 1))
        .isEqualTo(ChartArchive.pack(Chart.DIRECTORY, 1));
  }

  @Test
  void thePageOfInstallingPublishesWhatIsMade() throws IOException {
    Path archive = ChartRepository.write(DIRECTORY, Chart.DIRECTORY, TIME).getFileName();
    String version = archive.toString().replaceAll("penstock-|\\.tgz", "");

    assertThat(Chart.read(Path.of("../docs/install.md")))
        .contains(
            "helm push helm/target/chart/" + archive + " oci://",
            " --version " + version + " ",
            "/penstock:" + Chart.render().container().path("image").asText().split(":")[1] + "\n");
  }

  @Test
  void theIndexAndTheLayoutNameWhatIsThere() throws IOException {
    byte[] archive = Files.readAllBytes(ChartRepository.write(DIRECTORY, Chart.DIRECTORY, TIME));
    JsonNode entry = json("index.yaml").at("/entries/penstock/0");

    assertThat(entry.path("digest").asText()).isEqualTo(ChartRepository.sha256(archive));
    assertThat(DIRECTORY.resolve(entry.at("/urls/0").asText())).exists();

    JsonNode manifest = blob(json("oci/index.json").at("/manifests/0"));
    assertThat(blob(manifest.path("config")).path("name").asText()).isEqualTo("penstock");
    assertThat(manifest.at("/layers/0/digest").asText())
        .isEqualTo("sha256:" + ChartRepository.sha256(archive));
  }

  private static JsonNode blob(JsonNode described) throws IOException {
    return json("oci/blobs/" + described.path("digest").asText().replace(':', '/'));
  }

  private static JsonNode json(String file) throws IOException {
    return JSON.readTree(DIRECTORY.resolve(file).toFile());
  }

  @Test
  void theImageThatIsNamedIsThatOfThePodsAndTheOneThatIsBuilt() {
    String image = Chart.render().container().path("image").asText();

    assertThat(Chart.read(Chart.DIRECTORY.resolve("Chart.yaml")))
        .contains("      image: " + image + "\n");
    assertThat(
            Chart.read(
                Path.of("../gateway-app/src/test/java/dev/penstock/app/ContainerImage.java")))
        .contains("\"" + image + "\"");
  }
}

package dev.penstock.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What is published: the archive with the {@code index.yaml} of a chart repository, and the same as
 * an OCI layout, the form that a registry has it in (its media types are Helm's).
 */
final class ChartRepository {
  private static final String CONFIG = "application/vnd.cncf.helm.config.v1+json";
  private static final String CONTENT = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final byte[] archive;
  private final ObjectNode chart;

  private ChartRepository(Path directory, byte[] archive, ObjectNode chart) {
    this.directory = directory;
    this.archive = archive;
    this.chart = chart;
  }

  /**
   * Written anew; answers where the archive is.
   *
   * @param time of all that is in it
   */
  static Path write(Path directory, Path chart, Instant time) throws IOException {
    ObjectNode metadata =
        JSON.valueToTree(Value.parse(Files.readString(chart.resolve("Chart.yaml"))));
    byte[] archive = ChartArchive.pack(chart, time.getEpochSecond());
    ChartRepository repository = new ChartRepository(directory, archive, metadata);
    Files.createDirectories(directory.resolve("oci/blobs/sha256"));
    repository.writeIndex(time);
    repository.writeLayout();
    return Files.write(directory.resolve(repository.fileName()), archive);
  }

  private String fileName() {
    return text("name") + "-" + text("version") + ".tgz";
  }

  private String text(String field) {
    return chart.path(field).asText();
  }

  /** JSON, which is YAML, too. */
  private void writeIndex(Instant time) throws IOException {
    ObjectNode index = JSON.createObjectNode().put("apiVersion", "v1");
    ObjectNode entry = index.withObject("entries").withArray(text("name")).addObject();
    entry.setAll(chart);
    entry.put("created", time.toString()).put("digest", sha256(archive));
    entry.withArray("urls").add(fileName());
    index.put("generated", time.toString());
    write(directory.resolve("index.yaml"), index);
  }

  private void writeLayout() throws IOException {
    ObjectNode manifest =
        JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", MANIFEST);
    manifest.set("config", blob(CONFIG, JSON.writeValueAsBytes(chart)));
    manifest.withArray("layers").add(blob(CONTENT, archive));
    manifest
        .withObject("annotations")
        .put("org.opencontainers.image.title", text("name"))
        .put("org.opencontainers.image.version", text("version"))
        .put("org.opencontainers.image.description", text("description"));

    ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2);
    ObjectNode tagged = blob(MANIFEST, JSON.writeValueAsBytes(manifest));
    tagged.withObject("annotations").put("org.opencontainers.image.ref.name", text("version"));
    index.withArray("manifests").add(tagged);
    write(directory.resolve("oci/index.json"), index);
    write(
        directory.resolve("oci/oci-layout"),
        JSON.createObjectNode().put("imageLayoutVersion", "1.0.0"));
  }

  /** Stores it, and answers what a manifest says of it. */
  private ObjectNode blob(String mediaType, byte[] content) throws IOException {
    String digest = sha256(content);
    Files.write(directory.resolve("oci/blobs/sha256").resolve(digest), content);
    return JSON.createObjectNode()
        .put("mediaType", mediaType)
        .put("digest", "sha256:" + digest)
        .put("size", content.length);
  }

  private static void write(Path file, JsonNode json) throws IOException {
    Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

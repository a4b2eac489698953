package dev.penstock.helm;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The chart, rendered by Helm's own code as {@code helm template} does. */
final class Chart {
  /** Of the module: tests run in it. */
  static final Path DIRECTORY = Path.of("penstock").toAbsolutePath();

  /** helm-java's own default is older than what the chart asks for. */
  static final String KUBERNETES = "1.34.0";

  private Chart() {}

  /** With default values, as release {@code penstock} in a namespace of that name. */
  static Manifest render() {
    return render("");
  }

  /**
   * @param values YAML, as in a values file
   * @throws IllegalStateException what Helm says when it refuses them
   */
  static Manifest render(String values) {
    return render("penstock", values);
  }

  static Manifest render(String release, String values) {
    return Manifest.of(text(release, values));
  }

  /** What Helm prints. */
  static String text(String release, String values) {
    return text(DIRECTORY, release, values);
  }

  /** The same of a chart elsewhere. */
  static String text(Path chart, String release, String values) {
    return withFile(
        values,
        file ->
            new Helm(chart)
                .template()
                .withName(release)
                .withNamespace("penstock")
                .withKubeVersion(KUBERNETES)
                .withValuesFile(file)
                .call());
  }

  /** What {@code helm install} says when it is done. */
  static String notes(String values) {
    String output =
        withFile(
            values,
            file ->
                new Helm(DIRECTORY)
                    .install()
                    .withName("penstock")
                    .withNamespace("penstock")
                    .withKubeVersion(KUBERNETES)
                    .dryRun()
                    .clientOnly()
                    .withValuesFile(file)
                    .call()
                    .getOutput());
    return output.substring(output.indexOf("NOTES:"));
  }

  /** A use of a values file that lasts no longer than it. */
  interface Use<T> {
    T of(Path valuesFile);
  }

  static <T> T withFile(String values, Use<T> use) {
    try {
      Path file = Files.createTempFile("values", ".yaml");
      try {
        return use.of(Files.writeString(file, values));
      } finally {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

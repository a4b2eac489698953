package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is made of others and checked in; {@code make chart} writes it instead. */
final class Golden {
  private Golden() {}

  static void check(Path file, String text) {
    if (Boolean.getBoolean("golden.update")) {
      try {
        Files.writeString(file, text);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    assertThat(Files.exists(file) ? Chart.read(file) : "")
        .as("%s is stale: run 'make chart' and read the difference", file.getFileName())
        .isEqualTo(text);
  }
}

package dev.penstock.app;

import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A certificate and its key in files, as a Secret is mounted. */
record KeyFiles(Path certificate, Path key) {
  /** Of a file; a chain of 16 certificates has some 32 KiB. */
  private static final int BYTES_MAX = 256 << 10;

  /**
   * @throws IOException when they are no chain with its key; the message says which file
   */
  KeyMaterial read() throws IOException {
    KeyMaterial material = new KeyMaterial(text(certificate), text(key));
    try {
      material.parse();
      return material;
    } catch (KeyMaterialException fault) {
      boolean isChain = fault.part() == KeyMaterialException.Part.CHAIN;
      throw new IOException((isChain ? certificate : key) + ": " + fault.getMessage(), fault);
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IOException(file + " holds more than " + BYTES_MAX + " bytes");
      }
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (text.isBlank()) throw new IOException(file + " is empty");
      return text;
    }
  }
}

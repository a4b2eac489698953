package dev.penstock.ingress.source;

import java.io.IOException;

/** Reads the files that a manifest names by {@code file://}. */
@FunctionalInterface
public interface Companions {
  /** Bytes of a companion file, at most: a long certificate chain is a tenth of this. */
  int BYTES_MAX = 1 << 20;

  /**
   * @param manifest the manifest's own name, relative to the configured directory
   * @param path what follows {@code file://}: relative to the manifest's directory
   * @return its bytes
   * @throws IOException when it cannot be read or must not be read; the message says why, for the
   *     operator, in one line
   */
  byte[] read(String manifest, String path) throws IOException;

  /** Where there is no directory: refuses every file. */
  Companions NONE =
      (manifest, path) -> {
        throw new IOException("files beside a manifest are read from a directory only");
      };
}

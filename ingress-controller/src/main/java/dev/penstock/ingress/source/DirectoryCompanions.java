package dev.penstock.ingress.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code file://} companions from the configured directory and nowhere else: the path is
 * relative, and what it leads to through all links lies inside the real directory. Remembers what
 * was asked for, so that a changed companion is a reason to read its manifest again.
 */
final class DirectoryCompanions implements Companions {
  private final Path directory;
  private final Instant now;
  private final Map<Path, Optional<Fingerprint>> asked = new HashMap<>();

  DirectoryCompanions(Path directory, Instant now) {
    this.directory = directory;
    this.now = now;
  }

  /** What was asked for, and how it looked just before it was read. */
  Map<Path, Optional<Fingerprint>> asked() {
    return Map.copyOf(asked);
  }

  @Override
  public byte[] read(String manifest, String path) throws IOException {
    Path target = resolve(manifest, path);
    asked.put(target, Optional.ofNullable(Fingerprint.ofPath(target, now)));
    try {
      Path real = target.toRealPath();
      if (!real.startsWith(directory.toRealPath())) {
        throw new Refused("it leads out of the configured directory");
      }
      if (!Files.isRegularFile(real)) throw new Refused("it is not a regular file");
      try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX)
          throw new Refused("it is larger than " + BYTES_MAX + " bytes");
        return bytes;
      }
    } catch (Refused refused) {
      throw refused;
    } catch (IOException fault) {
      throw new IOException(FileFaults.reason(fault), fault);
    }
  }

  private Path resolve(String manifest, String path) throws IOException {
    try {
      if (path.isEmpty()) throw new Refused("the path is missing");
      Path relative = Path.of(path);
      if (relative.isAbsolute()) {
        throw new Refused("the path must be relative to the manifest's directory");
      }
      Path target = directory.resolve(manifest).resolveSibling(relative).normalize();
      if (!target.startsWith(directory.normalize())) {
        throw new Refused("it leads out of the configured directory");
      }
      return target;
    } catch (InvalidPathException notAPath) {
      throw new Refused("it is no path");
    }
  }

  /** A refusal of our own, whose message is final. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }
  }
}

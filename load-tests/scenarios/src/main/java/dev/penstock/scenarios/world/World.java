package dev.penstock.scenarios.world;

import dev.penstock.scenarios.http.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory that the gateway serves. A file is written beside it and renamed into it, so that
 * it is there at once and as a whole; the time of the rename is when a change begins. Thread-safe
 * for different files.
 */
public final class World {
  private final Path config;
  private final Path staging;
  private final Backends backends;

  /**
   * @param directory emptied first
   */
  public World(Path directory, Backends backends) throws IOException {
    this.backends = backends;
    if (Files.exists(directory)) delete(directory);
    config = Files.createDirectories(directory.resolve("config"));
    staging = Files.createDirectories(directory.resolve("staging"));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }

  /** What the gateway is to serve. */
  public Path config() {
    return config;
  }

  /** A host in a file of its own; what was there before is replaced. */
  public Change put(HostSpec host) throws IOException {
    return put("h%05d.yaml".formatted(host.number()), List.of(host));
  }

  /** Several hosts in one file. */
  public Change put(String file, List<HostSpec> hosts) throws IOException {
    StringBuilder text = new StringBuilder();
    for (HostSpec host : hosts) {
      if (!text.isEmpty()) text.append("---\n");
      text.append(host.yaml(backends));
    }
    Path prepared = staging.resolve(file);
    Files.writeString(prepared, text);
    return () -> Files.move(prepared, config.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes a host's file away, by a rename too. */
  public Change remove(int number) {
    String file = "h%05d.yaml".formatted(number);
    return () ->
        Files.move(
            config.resolve(file),
            staging.resolve(file + ".removed"),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
  }

  /** A change that is prepared and becomes real by one rename. */
  @FunctionalInterface
  public interface Change {
    void rename() throws IOException;
  }
}

package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Backends;
import dev.penstock.scenarios.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where a scenario runs.
 *
 * @param directory its own; emptied first
 * @param progress hears one line for each step
 */
record Stage(Path directory, Report report, Consumer<String> progress) {
  /** The directory of manifests, empty. */
  World world(Backends backends) throws IOException {
    return new World(directory, backends);
  }

  void say(String line) {
    progress.accept(line);
  }
}

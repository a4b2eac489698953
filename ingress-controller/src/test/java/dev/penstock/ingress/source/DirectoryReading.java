package dev.penstock.ingress.source;

import dev.penstock.ingress.source.DirectoryReader.Outcome;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory of its own for each test, and the reader of it. */
class DirectoryReading {
  @TempDir Path base;
  Path directory;
  DirectoryReader reader;

  @BeforeEach
  void makeDirectory() throws IOException {
    directory = Files.createDirectory(base.resolve("conf"));
    reader = new DirectoryReader(directory, InstantSource.system());
  }

  void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  Translation<ClusterView> view() {
    return ((Outcome.View) reader.read()).view();
  }

  String outage() {
    return ((Outcome.Outage) reader.read()).why().toString().replace(base.toString(), "BASE");
  }

  static List<String> names(Translation<ClusterView> view) {
    return view.value().ingresses().keySet().stream().map(ObjectKey::name).sorted().toList();
  }
}

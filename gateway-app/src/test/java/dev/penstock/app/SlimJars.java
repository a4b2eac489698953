package dev.penstock.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Takes out of the distribution's jars what only costs: the manifests' lists of packages for OSGi,
 * which the JVM reads at each start (110 KB of text in interpreted code: 80 ms of processor time
 * and 9 MB of heap), and native libraries, which lie beside the jars. Everything else stays as it
 * is, licences included. Equal jars come out equal.
 */
final class SlimJars {
  /** What the JVM acts upon. */
  private static final List<Name> KEPT =
      List.of(Name.MULTI_RELEASE, Name.CLASS_PATH, Name.MAIN_CLASS, Name.IMPLEMENTATION_VERSION);

  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String NATIVES = "META-INF/native";

  private SlimJars() {}

  /**
   * Every jar of the directory.
   *
   * @param natives where the native libraries go
   */
  static void in(Path libraries, Path natives) throws IOException {
    Files.createDirectories(natives);
    for (Path jar : DistributionBuild.files(libraries, "*.jar")) {
      FileTime time = Files.getLastModifiedTime(jar);
      try (FileSystem zip = FileSystems.newFileSystem(jar)) {
        moveNatives(zip.getPath(NATIVES), natives);
        slimManifest(zip.getPath(MANIFEST), time);
      }
      Files.setLastModifiedTime(jar, time);
    }
  }

  private static void moveNatives(Path from, Path to) throws IOException {
    if (!Files.exists(from)) return;
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".so")).toList()) {
        Files.move(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  private static void slimManifest(Path file, FileTime time) throws IOException {
    if (!Files.exists(file)) return;
    Manifest full;
    try (InputStream in = Files.newInputStream(file)) {
      full = new Manifest(in);
    }
    if (!full.getEntries().isEmpty()) return; // signed, or packages with attributes of their own
    Manifest slim = new Manifest();
    Attributes attributes = slim.getMainAttributes();
    attributes.put(Name.MANIFEST_VERSION, "1.0");
    for (Name name : KEPT) {
      String value = full.getMainAttributes().getValue(name);
      if (value != null) attributes.put(name, value);
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    slim.write(text);
    Files.write(file, text.toByteArray());
    Files.setLastModifiedTime(file, time);
  }
}

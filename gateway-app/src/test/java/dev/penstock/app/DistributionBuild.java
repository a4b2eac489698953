package dev.penstock.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * Completes the distribution that Maven's assembly has begun: with a Java of its own, the native
 * libraries, and an AOT cache. Runs in Maven's package phase, in the module's directory; what has
 * not changed is not made again.
 */
final class DistributionBuild {
  private DistributionBuild() {}

  public static void main(String[] arguments) throws Exception {
    Path libraries = Distribution.HOME.resolve("lib");
    String runtime = RuntimeImage.make(Distribution.HOME.resolve("runtime"));
    SlimJars.in(libraries, libraries.resolve("native"));
    List<AotCache> caches = new ArrayList<>();
    for (AotCache.User user : AotCache.User.values()) {
      caches.add(new AotCache(user, libraries, runtime));
    }
    for (AotCache cache : caches) cache.make();
    for (AotCache cache : caches) cache.place();
  }

  /** In the order of their names. */
  static List<Path> files(Path directory, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      entries.forEach(found::add);
    }
    Collections.sort(found);
    return found;
  }

  /** Of the content and the names of files, and of a text. */
  static String digest(String text, List<Path> files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(text.getBytes(UTF_8));
      byte[] block = new byte[1 << 16];
      for (Path file : files) {
        digest.update(file.getFileName().toString().getBytes(UTF_8));
        digest(digest, file, block);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private static void digest(MessageDigest digest, Path file, byte[] block) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        digest.update(block, 0, read);
      }
    }
  }

  /** What a stamp file says; empty when there is none. */
  static String stamp(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  static void say(String text) {
    System.out.println("distribution: " + text);
  }

  static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}

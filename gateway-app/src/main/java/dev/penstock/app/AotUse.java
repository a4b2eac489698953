package dev.penstock.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the JVM took the AOT cache that the launcher offered. It is silent about it, because its
 * own words would be several lines at each start with other options.
 */
final class AotUse {
  private static final Logger LOG = LoggerFactory.getLogger(AotUse.class);

  private AotUse() {}

  /** Says it when a cache is offered and not used: the start takes three times as long. */
  static void report() {
    String cache = System.getProperty("penstock.aot-cache");
    if (cache == null || inUse()) return;
    LOG.warn(
        "The AOT cache {} does not fit this JVM, its options or the jars: the start takes longer;"
            + " PENSTOCK_JAVA_OPTS=-Xlog:aot:stderr says why",
        cache);
  }

  /**
   * Fails when the cache was made of other jars than lie beside it: the JVM would run the classes
   * of the old ones. It does not look itself (JDK 25 does so only when a class of the training came
   * from a jar in the end).
   */
  static void requireSameJars() throws CliFailure {
    String cache = System.getProperty("penstock.aot-cache");
    if (cache == null || !inUse()) return;
    Path list = Path.of(cache + ".jars");
    try {
      for (String line : Files.readAllLines(list)) {
        Path jar = list.resolveSibling(line.substring(line.lastIndexOf(' ') + 1));
        if (!identity(jar).equals(line))
          throw otherJars(
              jar + " is not the jar of this build, by its size and time (cp -a keeps the times)",
              cache);
      }
    } catch (IOException unreadable) {
      throw otherJars(unreadable + ", so that its jars cannot be compared", cache);
    }
  }

  private static CliFailure otherJars(String why, String cache) {
    return CliFailure.usage(
        why + "; restore it, or remove the cache of classes, which would run others: " + cache);
  }

  /** Size in bytes, time in milliseconds since 1970 and name of a jar, as the list has them. */
  static String identity(Path jar) throws IOException {
    return Files.size(jar)
        + " "
        + Files.getLastModifiedTime(jar).toMillis()
        + " "
        + jar.getFileName();
  }

  /** The JVM shares classes from nothing but an archive: no cache, no sharing. */
  static boolean inUse() {
    return System.getProperty("java.vm.info", "").contains("sharing");
  }
}

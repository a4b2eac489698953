package dev.penstock.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The distribution's own Java, linked by the JDK that builds. Where that JDK cannot link (its files
 * were changed, or it has no jlink), there is none, and the launcher looks for a Java of the
 * machine.
 */
final class RuntimeImage {
  /**
   * What the gateway's classes need ({@code jdeps}; LauncherIT compares), what the Kubernetes
   * client sends its requests with ({@code java.net.http}), and what an operator does: {@code
   * jdk.jcmd} and {@code jdk.jfr} to look into a running process, {@code jdk.management.agent} for
   * JMX, {@code jdk.naming.dns} for Netty's search for name servers.
   */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "jdk.httpserver",
          "jdk.jcmd",
          "jdk.jfr",
          "jdk.management",
          "jdk.unsupported");

  /**
   * Without compression: it would save 14 MB on the disk, and cost time at each class that is not
   * in the AOT cache.
   */
  private static final List<String> OPTIONS =
      List.of("--compress=zip-0", "--no-header-files", "--no-man-pages");

  private static final Path STAMP = Path.of("target/runtime.stamp");

  private RuntimeImage() {}

  /**
   * Links it, unless it is there already.
   *
   * @return names the Java that the distribution runs on: equal as long as that is the same
   */
  static String make(Path image) throws IOException {
    Path jdk = Path.of(System.getProperty("java.home"));
    String release = Files.readString(jdk.resolve("release"));
    String wanted = release + MODULES + OPTIONS;
    if (Files.exists(image) && DistributionBuild.stamp(STAMP).equals(wanted)) return wanted;
    long start = System.nanoTime();
    Files.deleteIfExists(STAMP);
    delete(image);
    Optional<String> fault = link(image);
    if (fault.isPresent()) {
      delete(image);
      DistributionBuild.say(
          "no runtime/, so a Java has to be on the machine: " + jdk + ": " + fault.get());
      return jdk + release;
    }
    Files.writeString(STAMP, wanted);
    DistributionBuild.say("runtime/ in %.1f s".formatted(DistributionBuild.secondsSince(start)));
    return wanted;
  }

  /**
   * Links it anew.
   *
   * @return why it could not
   */
  static Optional<String> link(Path image) {
    Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
    if (jlink.isEmpty()) return Optional.of("it has no jlink");
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    Stream<String> arguments =
        Stream.concat(
            Stream.of("--add-modules", String.join(",", MODULES), "--output", image.toString()),
            OPTIONS.stream());
    int exitCode = jlink.get().run(out, out, arguments.toArray(String[]::new));
    return exitCode == 0 ? Optional.empty() : Optional.of(said.toString().strip());
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) return;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }
}

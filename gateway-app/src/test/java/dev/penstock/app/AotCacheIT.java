package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The AOT cache is used where it can be, and missed by nobody where it cannot. */
class AotCacheIT {
  private static final String WARNING = "does not fit this JVM";

  @TempDir Path directory;
  private Path config;
  private Path copy;

  /** Links to the distribution's files, in a directory whose name has spaces. */
  @BeforeEach
  void copyTheDistribution() throws IOException {
    config = Files.createDirectory(directory.resolve("config"));
    Files.writeString(config.resolve("empty.yaml"), "");
    copy = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "a copy ");
    try (Stream<Path> files = Files.walk(Distribution.HOME)) {
      for (Path file : files.skip(1).toList()) {
        Path to = copy.resolve(Distribution.HOME.relativize(file));
        if (Files.isDirectory(file)) Files.createDirectory(to);
        else Files.createLink(to, file);
      }
    }
  }

  @AfterEach
  void removeTheCopy() throws IOException {
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }

  @Test
  void itIsUsedWhereverTheDistributionLies() throws Exception {
    Path log = directory.resolve("classes.log");
    serveOnce(
        "-XX:AOTMode=on -Xlog:class+load:file=" + log,
        gateway -> {
          assertThat(gateway.err()).noneMatch(line -> line.contains(WARNING));
        });
    try (Stream<String> loaded = Files.lines(log)) {
      List<String> ours = loaded.filter(AotCacheIT::isNeededAtStart).toList();
      List<String> others =
          ours.stream().filter(line -> !line.contains("shared objects file")).toList();
      assertThat(ours).hasSizeGreaterThan(300);
      assertThat(others).hasSizeLessThan(ours.size() / 20);
    }
  }

  /** picocli's classes are in it only because the build gives them a younger format. */
  private static boolean isNeededAtStart(String line) {
    return line.contains(" dev.penstock.") || line.contains(" picocli.");
  }

  @Test
  void withOptionsThatItDoesNotFitTheGatewayStartsWithOneWarning() throws Exception {
    serveOnce("-XX:-UseCompressedOops", AotCacheIT::warnedOnce);
  }

  @Test
  void aBrokenOneIsOneWarning() throws Exception {
    Path cache = copy.resolve("lib/penstock.aot");
    Files.delete(cache);
    Files.writeString(cache, "no cache at all");
    serveOnce("", AotCacheIT::warnedOnce);
  }

  @Test
  void besideAJarThatIsNotThatOfTheBuildNothingStarts() throws Exception {
    Path jar = copy.resolve("lib/penstock.jar");
    byte[] bytes = Files.readAllBytes(jar);
    Files.delete(jar);
    Files.write(jar, bytes); // now
    try (Distribution gateway =
        Distribution.start(copy.resolve("bin/penstock"), Map.of(), List.of("version"))) {
      assertThat(gateway.awaitExit()).isEqualTo(2);
      assertThat(gateway.err())
          .singleElement()
          .asString()
          .contains("penstock.jar is not the jar of this build; restore it, or remove")
          .endsWith("lib/penstock.aot");
      assertThat(gateway.out()).isEmpty();
    }
  }

  @Test
  void nobodyMissesOneThatIsNotThere() throws Exception {
    Files.delete(copy.resolve("lib/penstock.aot"));
    serveOnce(
        "", gateway -> assertThat(gateway.err()).noneMatch(line -> line.contains("AOT cache")));
  }

  private static void warnedOnce(Distribution gateway) {
    assertThat(gateway.err().stream().filter(line -> line.contains("AOT")))
        .singleElement()
        .asString()
        .contains(WARNING);
    assertThat(gateway.out()).isEmpty();
  }

  @FunctionalInterface
  private interface Look {
    void at(Distribution gateway);
  }

  private void serveOnce(String options, Look look) throws Exception {
    List<String> arguments =
        List.of(
            "run",
            "--config=" + config,
            "--bind=127.0.0.1",
            "--http-port=0",
            "--https-port=0",
            "--admin-port=0",
            "--drain-min=0s");
    Map<String, String> environment = Map.of("PENSTOCK_JAVA_OPTS", options);
    try (Distribution gateway =
        Distribution.start(copy.resolve("bin/penstock"), environment, arguments)) {
      gateway.awaitErr("  hosts  ");
      gateway.terminate();
      assertThat(gateway.awaitExit()).isZero();
      look.at(gateway);
    }
  }
}

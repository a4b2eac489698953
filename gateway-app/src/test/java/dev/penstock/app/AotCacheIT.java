package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
    assertThat(loadedFromElsewhere(log)).isLessThan(0.05);
  }

  @Test
  void theGatewayOfAPodFindsItsClassesInItToo() throws Exception {
    Path log = directory.resolve("classes.log");
    try (TrainingCluster cluster = TrainingCluster.in(directory)) {
      Map<String, String> environment = new HashMap<>(cluster.environment());
      environment.put("PENSTOCK_JAVA_OPTS", "-XX:AOTMode=on -Xlog:class+load:file=" + log);
      List<String> arguments = new ArrayList<>(List.of("ingress", "--drain-min=0s"));
      arguments.addAll(List.of(TrainingCluster.FLAGS));
      serveOnce(environment, arguments, gateway -> {});
    }
    assertThat(loadedFromElsewhere(log)).isLessThan(0.05);
  }

  /** The part of the classes that a start needs which did not come out of the cache. */
  private static double loadedFromElsewhere(Path log) throws IOException {
    try (Stream<String> loaded = Files.lines(log)) {
      List<String> needed = loaded.filter(AotCacheIT::isNeededAtStart).toList();
      long others = needed.stream().filter(line -> !line.contains("shared objects file")).count();
      assertThat(needed).hasSizeGreaterThan(300);
      return (double) others / needed.size();
    }
  }

  /** picocli's classes are in it only because the build gives them a younger format. */
  private static boolean isNeededAtStart(String line) {
    return line.matches(".* (dev[.]penstock|picocli|io[.]fabric8|sun[.]security)[.].*");
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
          .contains(
              "penstock.jar is not the jar of this build, by its size and time (cp -a keeps the times); restore")
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
    serveOnce(
        Map.of("PENSTOCK_JAVA_OPTS", options),
        List.of("run", "--config=" + config, "--drain-min=0s"),
        look);
  }

  private void serveOnce(Map<String, String> environment, List<String> command, Look look)
      throws Exception {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(Distribution.ON_FREE_PORTS);
    try (Distribution gateway =
        Distribution.start(copy.resolve("bin/penstock"), environment, arguments)) {
      gateway.awaitErr("  hosts  ");
      gateway.terminate();
      assertThat(gateway.awaitExit()).isZero();
      look.at(gateway);
    }
  }
}

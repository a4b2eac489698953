package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution: what is in it, and how it starts. */
class LauncherIT {
  private static final Path LAUNCHER = Distribution.HOME.resolve("bin/penstock");

  @TempDir Path directory;

  @Test
  void theLibrariesAreForLinuxAndHoldNoKubernetesClient() throws IOException {
    try (Stream<Path> jars = Files.list(Distribution.HOME.resolve("lib"))) {
      List<String> names = jars.map(jar -> jar.getFileName().toString()).toList();
      assertThat(names)
          .allMatch(name -> name.endsWith(".jar"))
          .noneMatch(name -> name.contains("osx") || name.contains("windows"))
          .noneMatch(name -> name.startsWith("kubernetes-") || name.contains("fabric8"))
          .anyMatch(name -> name.startsWith("gateway-app-"));
    }
    assertThat(LAUNCHER).isExecutable();
  }

  @Test
  void aLinkToTheLauncherFindsItsLibraries() throws Exception {
    Path first = Files.createSymbolicLink(directory.resolve("first"), LAUNCHER);
    Path second = Files.createSymbolicLink(directory.resolve("second"), first.getFileName());
    try (Distribution penstock = Distribution.start(second, Map.of(), List.of("version"))) {
      assertThat(penstock.awaitExit()).isZero();
      assertThat(penstock.out()).first().isEqualTo("penstock " + VersionCommand.version());
      assertThat(penstock.err()).isEmpty();
    } finally {
      Files.delete(second);
      Files.delete(first);
    }
  }

  @Test
  void aPortInUseIsOneLineWithoutAStackTrace() throws Exception {
    Files.writeString(directory.resolve("empty.yaml"), "");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> arguments =
          List.of(
              "run",
              "--config=" + directory,
              "--bind=127.0.0.1",
              "--http-port=" + taken.getLocalPort(),
              "--https-port=0",
              "--admin-port=0");
      try (Distribution penstock = Distribution.start(LAUNCHER, Map.of(), arguments)) {
        assertThat(penstock.awaitExit()).isEqualTo(ExitCode.USAGE);
        assertThat(penstock.err().stream().filter(line -> !line.contains("INFO")))
            .singleElement()
            .asString()
            .contains("127.0.0.1:" + taken.getLocalPort(), "another process listens there");
      }
    }
  }

  @Test
  void servingLoadsNothingThatOnlyOtherWorkNeeds() throws Exception {
    Files.writeString(directory.resolve("empty.yaml"), "");
    Path log = directory.resolve("classes.log");
    String option = "-Xlog:class+load:file=" + log;
    try (Distribution gateway =
        Distribution.serving(
            directory, Map.of("PENSTOCK_JAVA_OPTS", option), "--drain-min", "0s")) {
      gateway.terminate();
      assertThat(gateway.awaitExit()).isZero();
    }
    try (Stream<String> loaded = Files.lines(log)) {
      assertThat(loaded.map(line -> line.split(" ", 3)[1]))
          .contains("dev.penstock.core.Gateway")
          .noneMatch(name -> name.startsWith("io.fabric8."))
          .noneMatch(name -> name.contains(".jackson."))
          .noneMatch(name -> name.startsWith("org.bouncycastle."));
    }
  }

  @Test
  void anOldJavaIsOneLine() throws Exception {
    Path java = Files.createDirectories(directory.resolve("jdk/bin"));
    Files.writeString(java.resolve("java"), "#!/bin/sh\n");
    assertThat(java.resolve("java").toFile().setExecutable(true)).isTrue();
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"17.0.15\"\n");
    // A copy that looks nowhere else, since this machine has a Java that is good enough.
    Path copy = Files.createDirectories(directory.resolve("bin")).resolve("penstock");
    String launcher = Files.readString(LAUNCHER);
    Files.writeString(copy, launcher.replace("/usr/lib/jvm/", "/nowhere/"));
    assertThat(copy.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment =
        Map.of("JAVA_HOME", directory.resolve("jdk").toString(), "PATH", java + ":/usr/bin:/bin");
    try (Distribution penstock = Distribution.start(copy, environment, List.of("version"))) {
      assertThat(penstock.awaitExit()).isEqualTo(2);
      assertThat(penstock.err())
          .containsExactly(
              "penstock: no Java 25 or newer in JAVA_HOME, PATH or /usr/lib/jvm: install one"
                  + " (https://adoptium.net) and set JAVA_HOME to it");
    }
  }
}

package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution: what is in it, and how it starts. */
class LauncherIT {
  private static final Path LAUNCHER = Distribution.HOME.resolve("bin/penstock");

  @TempDir Path directory;

  @Test
  void theLibrariesAreForLinuxAndOfKubernetesHoldTheClientWithoutItsModels() throws IOException {
    Path libraries = Distribution.HOME.resolve("lib");
    List<String> jars = names(libraries, "*.jar");
    assertThat(jars)
        .contains("penstock.jar")
        .noneMatch(name -> name.contains("osx") || name.contains("windows"))
        .noneMatch(name -> name.contains("vertx-4") || name.startsWith("kubernetes-httpclient-v"))
        .noneMatch(name -> name.startsWith("kubernetes-model-networking"));
    assertThat(names(libraries, "*"))
        .hasSize(jars.size() + 5)
        .contains("penstock.aot", "penstock.aot.jars", "native")
        .contains("penstock-pod.aot", "penstock-pod.aot.jars");
    assertThat(names(libraries.resolve("native"), "*"))
        .allMatch(name -> name.endsWith(".so"))
        .anyMatch(name -> name.contains("tcnative"))
        .anyMatch(name -> name.contains("epoll"));
    assertThat(LAUNCHER).isExecutable();
  }

  @Test
  void theClassPathIsEveryJarInAnOrderThatTheBuildFixes() throws IOException {
    Path libraries = Distribution.HOME.resolve("lib");
    try (JarFile jar = new JarFile(libraries.resolve("penstock.jar").toFile())) {
      String classPath = jar.getManifest().getMainAttributes().getValue(Name.CLASS_PATH);
      assertThat(List.of(classPath.split(" ")))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(
              names(libraries, "*.jar").stream()
                  .filter(name -> !name.equals("penstock.jar"))
                  .toList());
    }
  }

  @Test
  void noJavaOfTheMachineIsNeeded() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", "/nowhere", "PATH", "/nowhere");
    try (Distribution penstock =
        Distribution.start(LAUNCHER, environment, List.of("version", "-o", "json"))) {
      assertThat(penstock.awaitExit()).isZero();
      assertThat(penstock.err()).isEmpty();
    }
  }

  @Test
  void theRuntimeHasTheModulesThatOurClassesUse() throws IOException {
    StringWriter said = new StringWriter();
    Path libraries = Distribution.HOME.resolve("lib");
    List<String> arguments = new ArrayList<>();
    Collections.addAll(arguments, "--multi-release", "25", "--ignore-missing-deps");
    arguments.add("--print-module-deps");
    for (Path jar :
        DistributionBuild.files(libraries, "{penstock,gateway,ingress,admission}*.jar")) {
      arguments.add(jar.toString());
    }
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    PrintWriter out = new PrintWriter(said);
    assertThat(jdeps.run(out, out, arguments.toArray(String[]::new))).as("%s", said).isZero();
    assertThat(RuntimeImage.MODULES).contains(said.toString().strip().split(","));
  }

  private static List<String> names(Path directory, String glob) throws IOException {
    return DistributionBuild.files(directory, glob).stream()
        .map(file -> file.getFileName().toString())
        .toList();
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

  @ParameterizedTest
  @ValueSource(strings = {"--http-port", "--https-port", "--admin-port"})
  void aPortInUseIsTheOnlyLineWhateverElseIsWrong(String flag) throws Exception {
    Files.writeString(directory.resolve("broken.yaml"), "kind: [");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ran ran = run(Map.of(), flag + "=" + taken.getLocalPort());
      assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err())
          .startsWith("penstock: ")
          .contains("127.0.0.1:" + taken.getLocalPort(), flag)
          .containsOnlyOnce("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"io_uring", "epoll"})
  void aTransportThatCannotBeUsedIsTheOnlyLine(String transport) throws Exception {
    Files.writeString(directory.resolve("broken.yaml"), "kind: [");
    Map<String, String> withoutNative =
        Map.of("PENSTOCK_JAVA_OPTS", "-Dio.netty.transport.noNative=true");
    Ran ran = run(withoutNative, "--transport=" + transport);
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err())
        .startsWith("penstock: the transport cannot be used: " + transport + ": ")
        .endsWith(" (--transport)\n")
        .containsOnlyOnce("\n");
  }

  /** {@code penstock run} that ends by itself, on free ports but for those in the flags. */
  private Ran run(Map<String, String> environment, String... flags) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--config=" + directory, "--bind=127.0.0.1"));
    arguments.addAll(List.of(flags));
    for (String port : List.of("--http-port", "--https-port", "--admin-port")) {
      if (arguments.stream().noneMatch(given -> given.startsWith(port))) arguments.add(port + "=0");
    }
    try (Distribution penstock = Distribution.start(LAUNCHER, environment, arguments)) {
      int exitCode = penstock.awaitExit();
      return new Ran(exitCode, lines(penstock.out()), lines(penstock.err()));
    }
  }

  private static String lines(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
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

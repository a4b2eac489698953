package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container image as an archive; the suite in a cluster runs it. */
class ContainerImageIT {
  @TempDir Path directory;

  @Test
  void builtTwiceEveryLayerButTheAotCacheIsTheSame() throws Exception {
    List<String> once = digests(archiveOf(Distribution.HOME, "once"));
    List<String> again = digests(archiveOf(linkedAnew(), "again"));

    assertThat(once).hasSize(5).doesNotHaveDuplicates();
    assertThat(again.subList(0, 4)).isEqualTo(once.subList(0, 4));
    assertThat(again.getLast()).isNotEqualTo(once.getLast());
  }

  @Test
  void itRunsItsOwnJavaAsNobodyAndHasOurCodeInALayerOfItsOwn() throws Exception {
    ContainerImage.Archive archive = archiveOf(Distribution.HOME, "once");

    assertThat(archive.configuration())
        .contains("\"User\":\"65532\"", "\"Entrypoint\":[\"/penstock/runtime/bin/java\"");
    List<Path> layers = archive.layers();
    assertThat(ContainerImage.Archive.filesOf(layers.get(3)))
        .allMatch(name -> name.equals("penstock.jar") || name.endsWith("-SNAPSHOT.jar"))
        .hasSize(6);
    assertThat(ContainerImage.Archive.filesOf(layers.get(2)))
        .contains("re2j-1.8.jar")
        .noneMatch(name -> name.endsWith("-SNAPSHOT.jar"));
    assertThat(ContainerImage.Archive.filesOf(layers.getLast())).contains("penstock-pod.aot");
  }

  private ContainerImage.Archive archiveOf(Path distribution, String name) throws Exception {
    Path tar = directory.resolve(name + ".tar");
    new ContainerImage(distribution, Files.createDirectory(directory.resolve(name))).write(tar);
    return ContainerImage.Archive.of(
        tar, Files.createDirectory(directory.resolve(name + "-unpacked")));
  }

  private static List<String> digests(ContainerImage.Archive archive) {
    return archive.layers().stream().map(file -> file.getFileName().toString()).toList();
  }

  /** Another Java of the same JDK, another cache, and files with the times of today. */
  private Path linkedAnew() throws IOException {
    Path home = Files.createDirectory(directory.resolve("anew"));
    try (Stream<Path> files = Files.walk(Distribution.HOME)) {
      for (Path file : files.skip(1).toList()) {
        Path relative = Distribution.HOME.relativize(file);
        if (relative.startsWith("runtime")) continue;
        Path to = home.resolve(relative);
        if (Files.isDirectory(file)) Files.createDirectory(to);
        else if (file.toString().endsWith(".jar")) Files.createLink(to, file);
        else Files.copy(file, to);
      }
    }
    Files.writeString(home.resolve("lib/penstock-pod.aot"), "another cache");
    assertThat(RuntimeImage.link(home.resolve("runtime"))).isEmpty();
    return home;
  }
}

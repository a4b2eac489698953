package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real file system and the real watcher. */
class DirectorySourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path base;

  private static final class Heard implements SourceListener {
    private final List<Translation<ClusterView>> views = new CopyOnWriteArrayList<>();
    private final List<Diagnostic> outages = new CopyOnWriteArrayList<>();

    @Override
    public void onView(Translation<ClusterView> view) {
      views.add(view);
    }

    @Override
    public void onOutage(Diagnostic why) {
      outages.add(why);
    }

    void awaitIngress(String name) {
      await()
          .atMost(PATIENCE)
          .until(() ->
              !views.isEmpty()
                  && views
                      .getLast()
                      .value()
                      .ingresses()
                      .containsKey(new ObjectKey("default", name)));
    }
  }

  private Path directory() throws IOException {
    Path directory = Files.createDirectory(base.resolve("conf"));
    Files.writeString(directory.resolve("a.yaml"), Manifests.ingress("first"));
    return directory;
  }

  @Test
  void changesAreHeardOnTheSourcesThread() throws IOException {
    Path directory = directory();
    Heard heard = new Heard();
    try (DirectorySource source =
        new DirectorySource(directory, InstantSource.system(), Set.of())) {
      assertThat(source.readFirst().value().ingresses()).hasSize(1);
      source.start(heard);

      Files.writeString(directory.resolve("a.yaml"), Manifests.ingress("edited"));
      heard.awaitIngress("edited");

      Files.writeString(base.resolve("tmp"), Manifests.ingress("renamed"));
      Files.move(base.resolve("tmp"), directory.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
      heard.awaitIngress("renamed");

      Files.createDirectory(directory.resolve("sub"));
      Files.writeString(directory.resolve("sub/b.yaml"), Manifests.ingress("below"));
      heard.awaitIngress("below");
      Files.writeString(directory.resolve("sub/b.yaml"), Manifests.ingress("below2"));
      heard.awaitIngress("below2");
    }
  }

  @Test
  void aRenamedParentIsSeenThoughTheKernelDoesNotTell() throws IOException {
    Path directory = directory();
    Heard heard = new Heard();
    try (DirectorySource source =
        new DirectorySource(directory, InstantSource.system(), Set.of())) {
      source.readFirst();
      source.start(heard);

      Files.move(directory, base.resolve("away"));
      await().atMost(PATIENCE).until(() -> heard.outages.size() == 1);

      Files.createDirectory(directory);
      Files.writeString(directory.resolve("a.yaml"), Manifests.ingress("new"));
      heard.awaitIngress("new");
      Files.writeString(directory.resolve("a.yaml"), Manifests.ingress("watched"));
      heard.awaitIngress("watched");
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsToldAndHeardOfWhenItComes() throws IOException {
    Path directory = base.resolve("late");
    Heard heard = new Heard();
    try (DirectorySource source =
        new DirectorySource(directory, InstantSource.system(), Set.of())) {
      assertThatThrownBy(source::readFirst)
          .isInstanceOf(IOException.class)
          .hasMessage(
              directory
                  + ": error: cannot be read: no such file or directory; what was served before is"
                  + " served on");
      source.start(heard);

      Files.createDirectory(directory);
      Files.writeString(directory.resolve("a.yaml"), Manifests.ingress("late"));
      heard.awaitIngress("late");
    }
  }

  @Test
  void nothingIsHeardAfterClose() throws IOException {
    Path directory = directory();
    Heard heard = new Heard();
    DirectorySource source = new DirectorySource(directory, InstantSource.system(), Set.of());
    source.start(heard);
    heard.awaitIngress("first");
    source.close();

    int views = heard.views.size();
    Files.writeString(directory.resolve("a.yaml"), Manifests.ingress("after"));

    await()
        .during(Duration.ofMillis(1_500))
        .atMost(PATIENCE)
        .until(() -> heard.views.size() == views);
  }
}

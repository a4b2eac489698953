package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.DirectoryReader.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is looked at after a notice, and what is not. */
class DirectoryTouchesTest extends DirectoryReading {
  private List<String> namesAfterTouch(String... touched) {
    Set<Path> paths =
        Arrays.stream(touched).map(directory::resolve).collect(Collectors.toUnmodifiableSet());
    return names(((Outcome.View) reader.readTouched(paths)).view());
  }

  @Test
  void whatWasTouchedIsReadAndNothingElseIsListed() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    view();

    write("a.yaml", Manifests.ingress("a2"));
    write("new.yaml", Manifests.ingress("new"));
    write("unseen.yaml", Manifests.ingress("unseen"));

    assertThat(namesAfterTouch("a.yaml")).containsExactly("a2", "b");
    assertThat(namesAfterTouch("new.yaml")).containsExactly("a2", "b", "new");
    Files.delete(directory.resolve("b.yaml"));
    assertThat(namesAfterTouch("b.yaml")).containsExactly("a2", "new");
    assertThat(names(view())).containsExactly("a2", "new", "unseen");
  }

  @Test
  void aFileThatCameAndWentBetweenTwoLooksIsNothing() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    view();
    write("unseen.yaml", Manifests.ingress("unseen"));

    assertThat(reader.readTouched(Set.of(directory.resolve("brief.yaml"))))
        .isEqualTo(new Outcome.Same());
  }

  @Test
  void everythingIsListedWhenMoreThanAManifestWasTouched() throws IOException {
    for (String touched : List.of("..data", "sub", ".hidden.yaml", "key.pem", "sub/x.yaml")) {
      write("a.yaml", Manifests.ingress("a"));
      write("gone.yaml", Manifests.ingress("gone"));
      Files.deleteIfExists(directory.resolve("new.yaml"));
      reader = new DirectoryReader(directory, InstantSource.system());
      view();
      Files.delete(directory.resolve("gone.yaml"));
      write("new.yaml", Manifests.ingress("new"));

      assertThat(namesAfterTouch("a.yaml", touched)).as(touched).containsExactly("a", "new");
    }
  }

  @Test
  void aFileThatIsGoneWithItsDirectoryIsNotTakenForDeleted() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    view();

    Files.move(directory, base.resolve("away"));

    assertThat(reader.readTouched(Set.of(directory.resolve("a.yaml"))))
        .isInstanceOf(Outcome.Outage.class);
  }

  @Test
  void everythingIsListedAfterAnOutage() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    view();
    Files.delete(directory.resolve("a.yaml"));
    assertThat(outage()).contains("holds no object any more");

    write("b.yaml", Manifests.ingress("b"));

    assertThat(namesAfterTouch("b.yaml")).containsExactly("b");
  }

  @Test
  void aListingGivesWayAndChangesNothing() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    view();
    write("a.yaml", Manifests.ingress("a2"));
    Files.delete(directory.resolve("b.yaml"));

    assertThat(reader.read(() -> true)).isEqualTo(new Outcome.GaveWay());

    assertThat(namesAfterTouch("a.yaml")).containsExactly("a2", "b");
    assertThat(names(view())).containsExactly("a2");
  }

  @Test
  void whatIsEqualInAFileThatWasReadAgainIsTheSameObject() throws IOException {
    String service = Manifests.SERVICE + "---\n";
    write("a.yaml", service + Manifests.ingress("a"));
    ClusterView before = view().value();

    write("a.yaml", service + Manifests.ingress("a2"));
    Outcome outcome = reader.readTouched(Set.of(directory.resolve("a.yaml")));

    ClusterView now = ((Outcome.View) outcome).view().value();
    assertThat(now.services()).isNotEmpty().isSameAs(before.services());
    assertThat(now.ingresses()).isNotEqualTo(before.ingresses());
  }

  @Test
  void whatWasTouchedIsReadThoughItsSizeAndTimesAreTheOldOnes() throws IOException {
    FileTime past = FileTime.from(Instant.EPOCH);
    write("a.yaml", Manifests.ingress("a"));
    Files.setLastModifiedTime(directory.resolve("a.yaml"), past);
    view();

    write("a.yaml", Manifests.ingress("b"));
    Files.setLastModifiedTime(directory.resolve("a.yaml"), past);

    assertThat(namesAfterTouch("a.yaml")).containsExactly("b");
  }
}

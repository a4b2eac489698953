package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.penstock.ingress.source.DirectoryReader.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that does not parse keeps its objects under another name, too. */
class RenamedFilesTest {
  private static final String BROKEN = "x: [\n";

  @TempDir private Path directory;
  private DirectoryReader reader;

  @BeforeEach
  void aFrozenFileAndAnother() throws IOException {
    reader = new DirectoryReader(directory, InstantSource.system());
    write("other.yaml", Manifests.ingress("other"));
    write("a.yaml", Manifests.ingress("a"));
    assertThat(names()).containsExactly("a", "other");
    write("a.yaml", Manifests.ingress("a") + BROKEN);
    assertThat(names()).containsExactly("a", "other");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void move(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to));
  }

  private List<String> names() {
    return ((Outcome.View) reader.read())
        .view().value().ingresses().keySet().stream().map(ObjectKey::name).sorted().toList();
  }

  @Test
  void aFrozenFileThatIsRenamedKeepsItsObjects() throws IOException {
    move("a.yaml", "b.yaml");
    Outcome.View view = (Outcome.View) reader.read();

    assertThat(view.view().value().ingresses().keySet())
        .extracting(ObjectKey::name)
        .containsExactlyInAnyOrder("a", "other");
    assertThat(view.view().diagnostics())
        .singleElement()
        .asString()
        .startsWith("b.yaml:")
        .endsWith("; this file's objects keep their last good state");

    move("b.yaml", "c.yaml");
    assertThat(names()).containsExactly("a", "other");
  }

  @Test
  void aRenamedFileThatParsesAgainHoldsWhatItSays() throws IOException {
    move("a.yaml", "b.yaml");
    names();
    write("b.yaml", Manifests.ingress("b"));

    assertThat(names()).containsExactly("b", "other");
  }

  @Test
  void aFrozenFileThatIsRenamedAndChangedKeepsNothing() throws IOException {
    Files.delete(directory.resolve("a.yaml"));
    write("b.yaml", Manifests.ingress("a") + BROKEN + BROKEN);

    assertThat(names()).containsExactly("other");
  }

  @Test
  void aCopyOfAFrozenFileKeepsItsObjectsWhenItGoes() throws IOException {
    write("b.yaml", Manifests.ingress("a") + BROKEN);
    Files.setLastModifiedTime(directory.resolve("b.yaml"), FileTime.fromMillis(0)); // settled
    assertThat(((Outcome.View) reader.read()).view().diagnostics()).hasSize(2);

    Files.delete(directory.resolve("a.yaml"));
    assertThat(names()).containsExactly("a", "other");
  }

  @Test
  void aFrozenFileThatIsDeletedTakesItsObjectsWithIt() throws IOException {
    Files.delete(directory.resolve("a.yaml"));

    assertThat(names()).containsExactly("other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n"})
  void anEmptiedFileThatIsRenamedKeepsItsObjects(String nothing) throws IOException {
    write("a.yaml", nothing);
    assertThat(names()).containsExactly("a", "other");
    move("a.yaml", "b.yaml");

    assertThat(names()).containsExactly("a", "other");
    write("b.yaml", Manifests.ingress("b"));
    assertThat(names()).containsExactly("b", "other");
  }

  @Test
  void anUnreadableFileThatIsRenamedKeepsItsObjectsUntilItCanBeReadAgain() throws IOException {
    Path a = directory.resolve("a.yaml");
    Path b = directory.resolve("b.yaml");
    write("a.yaml", Manifests.ingress("b"));
    Files.setPosixFilePermissions(a, Set.of());
    assumeThat(Files.isReadable(a)).as("to root everything is readable").isFalse();
    assertThat(names()).containsExactly("a", "other");
    move("a.yaml", "b.yaml");
    Files.setLastModifiedTime(b, FileTime.fromMillis(0)); // settled
    assertThat(names()).containsExactly("a", "other");
    Files.setPosixFilePermissions(b, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(names()).containsExactly("b", "other");
  }

  @Test
  void anotherEmptyFileIsNotTheOneThatIsGone() throws IOException {
    write("b.yaml", "");
    write("a.yaml", "");
    assertThat(names()).containsExactly("a", "other");
    Files.delete(directory.resolve("a.yaml"));

    assertThat(names()).containsExactly("other");
  }

  @Test
  void aRenameOverAFileWithObjectsKeepsThoseOfThatFile() throws IOException {
    write("b.yaml", Manifests.ingress("b"));
    assertThat(names()).containsExactly("a", "b", "other");
    Files.delete(directory.resolve("b.yaml"));
    move("a.yaml", "b.yaml");

    assertThat(names()).containsExactly("b", "other");
  }
}

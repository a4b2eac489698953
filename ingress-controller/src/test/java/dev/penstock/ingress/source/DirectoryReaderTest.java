package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.DirectoryReader.Outcome;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DirectoryReaderTest extends DirectoryReading {
  private static List<String> complaints(Translation<ClusterView> view) {
    return view.diagnostics().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void aFileThatWasNeverGoodIsSaidToServeAndProtectNothing() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", "a: 1\n b: 2\n");

    assertThat(complaints(view()))
        .singleElement()
        .asString()
        .endsWith("; nothing of this file is served, and no protection in it is in force");
    assertThat(reader.read()).isInstanceOf(Outcome.Same.class);
  }

  @Test
  void manifestsAreReadFromSubDirectoriesAndNothingElse() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("sub/deep/b.yml", Manifests.ingress("b"));
    write("c.json", "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"c\"}}");
    write("notes.txt", "not: [yaml");
    write(".hidden.yaml", "not: [yaml");
    write(".git/x.yaml", "not: [yaml");

    Translation<ClusterView> view = view();

    assertThat(names(view)).containsExactly("a", "b");
    assertThat(view.value().services()).hasSize(1);
    assertThat(view.diagnostics()).isEmpty();
    assertThat(view.value().ingresses().values())
        .extracting(ingress -> ingress.source().file())
        .containsExactlyInAnyOrder("a.yaml", "sub/deep/b.yml");
    assertThat(reader.read()).isEqualTo(new Outcome.Same());
  }

  @Test
  void anEditARenameAndADeletionAreSeen() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    view();

    write("a.yaml", Manifests.ingress("a2"));
    assertThat(names(view())).containsExactly("a2", "b");

    Path temporary = base.resolve("tmp");
    Files.writeString(temporary, Manifests.ingress("a3"));
    Files.move(temporary, directory.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(names(view())).containsExactly("a3", "b");

    Files.delete(directory.resolve("b.yaml"));
    assertThat(names(view())).containsExactly("a3");
  }

  @Test
  void anEditWithinOneTickOfTheFileSystemsClockIsSeen() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    FileTime time = Files.getLastModifiedTime(directory.resolve("a.yaml"));
    view();

    write("a.yaml", Manifests.ingress("b"));
    Files.setLastModifiedTime(directory.resolve("a.yaml"), time);

    assertThat(names(view())).containsExactly("b");
  }

  @Test
  void aSettledFileIsNotReadAgain() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    Path file = directory.resolve("a.yaml");
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    Files.setLastModifiedTime(file, old);
    view();

    // Same time, size and inode: by this alone it is known that nobody looks into the file.
    Files.writeString(file, Manifests.ingress("b"));
    Files.setLastModifiedTime(file, old);

    assertThat(reader.read()).isEqualTo(new Outcome.Same());
  }

  @Test
  void aFileThatIsReadAgainAndSaysTheSameKeepsItsObjects() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    ClusterView before = view().value();

    write("a.yaml", "kind: [");
    view();
    write("a.yaml", Manifests.ingress("a"));
    assertThat(view().value()).isEqualTo(before);
    write("a.yaml", Manifests.ingress("a"));
    assertThat(reader.read()).isEqualTo(new Outcome.Same());
  }

  @Test
  void theSwapOfAMountedConfigMapIsSeenAsOneChange() throws IOException {
    Files.createDirectory(directory.resolve("..2024_1"));
    Files.writeString(directory.resolve("..2024_1/a.yaml"), Manifests.ingress("one"));
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2024_1"));
    Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("..data/a.yaml"));
    assertThat(names(view())).containsExactly("one");

    Files.createDirectory(directory.resolve("..2024_2"));
    Files.writeString(directory.resolve("..2024_2/a.yaml"), Manifests.ingress("two"));
    Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2024_2"));
    Files.move(
        directory.resolve("..data_tmp"),
        directory.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE);
    Files.delete(directory.resolve("..2024_1/a.yaml"));
    Files.delete(directory.resolve("..2024_1"));

    Translation<ClusterView> view = view();
    assertThat(names(view)).containsExactly("two");
    assertThat(view.diagnostics()).isEmpty();
  }

  @Test
  void aSwappedLinkToTheDirectoryIsSeen() throws IOException {
    Path one = Files.createDirectory(base.resolve("one"));
    Path two = Files.createDirectory(base.resolve("two"));
    Files.writeString(one.resolve("a.yaml"), Manifests.ingress("one"));
    Files.writeString(two.resolve("a.yaml"), Manifests.ingress("two"));
    Path current = Files.createSymbolicLink(base.resolve("current"), one);
    reader = new DirectoryReader(current, InstantSource.system());
    assertThat(names(view())).containsExactly("one");

    Files.createSymbolicLink(base.resolve("next"), two);
    Files.move(base.resolve("next"), current, StandardCopyOption.ATOMIC_MOVE);

    assertThat(names(view())).containsExactly("two");
  }

  @Test
  void theNamedConfigMapIsReadAndKeptWhileItsFileDoesNotParse() throws IOException {
    String configMap =
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, namespace: n}, data: {a: '1'}}\n";
    ObjectKey named = new ObjectKey("n", "settings");
    reader = new DirectoryReader(directory, InstantSource.system(), Set.of(named));
    write("c.yaml", configMap.formatted("settings") + "---\n" + configMap.formatted("other"));
    assertThat(view().value().configMaps()).containsOnlyKeys(named);

    write("c.yaml", "kind: [\n");
    assertThat(view().value().configMaps()).containsOnlyKeys(named);

    Files.delete(directory.resolve("c.yaml"));
    write("a.yaml", Manifests.ingress("a"));
    assertThat(view().value().configMaps()).isEmpty();
  }

  @Test
  void aFileThatNoLongerParsesKeepsItsObjectsAndTheRestGoesOn() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    view();

    write("a.yaml", "kind: [\n");
    write("b.yaml", Manifests.ingress("b2"));
    Translation<ClusterView> frozen = view();
    assertThat(names(frozen)).containsExactly("a", "b2");
    assertThat(complaints(frozen))
        .singleElement()
        .asString()
        .startsWith("a.yaml:2:1: error: ")
        .endsWith("; this file's objects keep their last good state");

    write("a.yaml", "still: wrong: here\n");
    assertThat(names(view())).containsExactly("a", "b2");

    write("a.yaml", Manifests.ingress("mended"));
    Translation<ClusterView> mended = view();
    assertThat(names(mended)).containsExactly("b2", "mended");
    assertThat(mended.diagnostics()).isEmpty();
  }

  @Test
  void aFileThatHoldsNoObjectAnyMoreKeepsItsObjectsUntilItIsDeleted() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    view();

    for (String empty :
        List.of(
            "",
            "---\n# nothing\n",
            "apiVersion: networking.k8s.io/v1\n",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n")) {
      write("a.yaml", empty);
      Translation<ClusterView> view = view();
      assertThat(names(view)).as(empty).containsExactly("a", "b");
      assertThat(complaints(view))
          .last()
          .isEqualTo(
              "a.yaml: warning: the file holds no object any more; delete the file to remove its"
                  + " objects; its objects keep their last good state");
      write("a.yaml", Manifests.ingress("a"));
      view();
    }

    write("a.yaml", "");
    view();
    Files.delete(directory.resolve("a.yaml"));
    assertThat(names(view())).containsExactly("b");
  }

  @Test
  void anIngressThatHasToBeClosedIsClosedThoughTheRestOfItsFileIsKept() throws IOException {
    write("a.yaml", Manifests.ingress("a") + "---\n" + Manifests.ingress("b"));
    view();

    String broken = "  annotations: {nginx.ingress.kubernetes.io/auth-url: x}\nspec: none\n";
    write("a.yaml", Manifests.ingress("b") + broken);
    assertThat(view().value().ingresses().values())
        .extracting(i -> i.key().name() + " " + i.isBroken())
        .containsExactlyInAnyOrder("a false", "b true");

    write("a.yaml", "kind: [");
    assertThat(view().value().ingresses().values()).anyMatch(IngressObject::isBroken).hasSize(2);

    write("a.yaml", Manifests.ingress("c"));
    assertThat(names(view())).containsExactly("c");
  }

  @Test
  void aFileThatNeverHeldAnObjectIsNoLoss() throws IOException {
    write("a.yaml", "# to be filled\n");
    write("b.yaml", Manifests.ingress("b"));
    assertThat(view().diagnostics()).isEmpty();

    write("a.yaml", "# still to be filled\n");
    assertThat(reader.read()).isEqualTo(new Outcome.Same());
  }

  @Test
  void aFileThatBecomesUnreadableKeepsItsObjects() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    view();

    Files.delete(directory.resolve("a.yaml"));
    Files.createSymbolicLink(directory.resolve("a.yaml"), Path.of("nowhere"));

    Translation<ClusterView> view = view();
    assertThat(names(view)).containsExactly("a", "b");
    assertThat(complaints(view))
        .containsExactly(
            "a.yaml: error: cannot be read: a symbolic link that leads nowhere; its objects keep"
                + " their last good state");
  }

  @Test
  void aSubDirectoryThatBecomesUnreadableKeepsItsObjects() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("sub/b.yaml", Manifests.ingress("b"));
    view();

    Files.move(directory.resolve("sub"), base.resolve("away"));
    Files.createSymbolicLink(directory.resolve("sub"), Path.of("nowhere"));
    assertThat(names(view())).containsExactly("a", "b");

    Files.delete(directory.resolve("sub"));
    assertThat(names(view())).containsExactly("a");
  }

  @Test
  void aDirectoryThatVanishesChangesNothingAndIsToldOnce() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    Translation<ClusterView> before = view();

    Files.move(directory, base.resolve("away"));
    assertThat(outage())
        .isEqualTo(
            "BASE/conf: error: cannot be read: no such file or directory; what was served before is"
                + " served on");
    assertThat(reader.read()).isEqualTo(new Outcome.Same());

    Files.move(base.resolve("away"), directory);
    assertThat(view()).isEqualTo(before);
    assertThat(reader.read()).isEqualTo(new Outcome.Same());
  }

  @Test
  void aDirectoryThatIsSuddenlyEmptyChangesNothing() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    view();

    Files.delete(directory.resolve("a.yaml"));
    assertThat(outage()).contains("holds no object any more, all at once");

    write("a.yaml", "");
    assertThat(names(view())).as("a truncated file").containsExactly("a");

    write("a.yaml", Manifests.ingress("b"));
    assertThat(names(view())).containsExactly("b");
  }

  @Test
  void noErrorMakesAnEmptyDirectoryCount() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    view();

    write("b.yaml", "hello\n");
    Files.delete(directory.resolve("a.yaml"));
    assertThat(outage()).contains("holds no object any more, all at once (b.yaml:1:1: error: ");

    Files.delete(directory.resolve("b.yaml"));
    Files.createSymbolicLink(directory.resolve("b.yaml"), Path.of("nowhere"));
    assertThat(outage()).contains("leads nowhere");

    write("a.yaml", Manifests.ingress("a"));
    assertThat(names(view())).containsExactly("a");
  }

  @Test
  void aFirstViewWithoutAnObjectIsAnOutageWhenTheLastGoodStateIsServed() throws IOException {
    reader.servedAlready();

    assertThat(outage()).contains("holds no object any more");
    assertThat(reader.read()).isEqualTo(new Outcome.Same());
    write("a.yaml", "kind: [");
    assertThat(outage()).contains("holds no object any more, all at once (a.yaml:");

    write("a.yaml", Manifests.ingress("a"));
    assertThat(names(view())).containsExactly("a");
  }

  @Test
  void aDirectoryThatComesLateAndEmptyIsStillAnOutage() throws IOException {
    Path late = base.resolve("late");
    reader = new DirectoryReader(late, InstantSource.system());
    reader.servedAlready();
    assertThat(outage()).contains("cannot be read");

    Files.createDirectory(late);

    assertThat(outage()).contains("holds no object any more");
  }

  @Test
  void aDirectoryIsEmptyAtFirstWithoutComplaint() {
    assertThat(view().value()).isEqualTo(ClusterView.EMPTY);
  }

  @Test
  void aDirectoryThatIsNotThereIsAnOutageFromTheBeginning() {
    reader = new DirectoryReader(base.resolve("none"), InstantSource.system());

    assertThat(outage()).startsWith("BASE/none: error: cannot be read: no such file or directory");
  }

  @Test
  void aSingleFileIsReadAlone() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    write("b.yaml", Manifests.ingress("b"));
    reader = new DirectoryReader(directory.resolve("a.yaml"), InstantSource.system());

    Translation<ClusterView> view = view();
    assertThat(names(view)).containsExactly("a");
    assertThat(view.value().ingresses().values().iterator().next().source().file())
        .isEqualTo("a.yaml");

    Files.delete(directory.resolve("a.yaml"));
    assertThat(outage()).contains("no such file or directory");
  }

  @Test
  void aLoopOfLinksIsTold() throws IOException {
    write("sub/a.yaml", Manifests.ingress("a"));
    Files.createSymbolicLink(directory.resolve("sub/up"), directory);

    Translation<ClusterView> view = view();

    assertThat(names(view)).containsExactly("a");
    assertThat(complaints(view))
        .singleElement()
        .asString()
        .startsWith("sub/up: error: cannot be read: a symbolic link leads back");
  }

  @Test
  void aNameWithAControlCharacterIsEscapedAndNotRead() throws IOException {
    write("a\nb.yaml", Manifests.ingress("a"));

    assertThat(complaints(view()))
        .containsExactly(
            "a\\u000ab.yaml: error: cannot be read: its name holds a control character; nothing"
                + " of this file is served, and no protection in it is in force");
  }

  @Test
  void moreFilesThanAllowedAreAnOutage() throws IOException {
    write("a.yaml", Manifests.ingress("a"));
    view();
    for (int i = 0; i < Listing.FILES_MAX; i++) Files.createFile(directory.resolve(i + ".yaml"));

    assertThat(outage()).contains("cannot be read: holds more than 10000 files");
  }

  @Test
  void aFileThatIsTooLargeIsToldWithoutReadingIt() throws IOException {
    try (var file =
        Files.newByteChannel(
            directory.resolve("big.yaml"),
            java.nio.file.StandardOpenOption.CREATE_NEW,
            java.nio.file.StandardOpenOption.WRITE)) {
      file.position(10_000_000 - 1);
      file.write(java.nio.ByteBuffer.wrap(new byte[1]));
    }

    assertThat(complaints(view()))
        .containsExactly(
            "big.yaml: error: the file has 10000000 bytes, at most 8388608 are read: split it into"
                + " several; nothing of this file is served, and no protection in it is in force");
  }

  private static final String FILE_SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: tls}
      type: kubernetes.io/tls
      stringData:
        tls.crt: file://%s
        tls.key: file://key.pem
      """;

  private static @Nullable String certificate(Translation<ClusterView> view) {
    SecretObject secret = view.value().secrets().get(new ObjectKey("default", "tls"));
    return secret == null ? null : secret.data().get("tls.crt");
  }

  @Test
  void aSecretFollowsTheFilesItNames() throws IOException {
    write("tls.yaml", FILE_SECRET.formatted("../conf/chain.pem"));
    write("chain.pem", "one");
    write("key.pem", "key");
    assertThat(certificate(view())).isEqualTo("one");

    write("chain.pem", "two");
    assertThat(certificate(view())).isEqualTo("two");

    Files.delete(directory.resolve("chain.pem"));
    Translation<ClusterView> gone = view();
    assertThat(certificate(gone)).as("the last good value").isEqualTo("two");
    assertThat(complaints(gone))
        .containsExactly(
            "tls.yaml:6:12: Secret default/tls: error: stringData.tls.crt: cannot read"
                + " 'file://../conf/chain.pem': no such file or directory; this Secret keeps its"
                + " last good state");

    write("chain.pem", "three");
    Translation<ClusterView> back = view();
    assertThat(certificate(back)).isEqualTo("three");
    assertThat(back.diagnostics()).isEmpty();
  }

  @Test
  void aSecretReadsNothingOutsideTheDirectory() throws IOException {
    Files.writeString(base.resolve("outside.pem"), "secret");
    Files.createSymbolicLink(directory.resolve("link.pem"), base.resolve("outside.pem"));
    Files.createDirectories(directory.resolve("folder.pem"));
    write("large.pem", "x".repeat(Companions.BYTES_MAX + 1));
    write("key.pem", "key");

    assertRefused("../outside.pem", "it leads out of the configured directory");
    assertRefused("link.pem", "it leads out of the configured directory");
    assertRefused(base.resolve("outside.pem").toString(), "the path must be relative");
    assertRefused("sub/../../conf/../outside.pem", "it leads out of the configured directory");
    assertRefused("folder.pem", "it is not a regular file");
    assertRefused("large.pem", "it is larger than 1048576 bytes");
    assertRefused("", "the path is missing");
  }

  private void assertRefused(String path, String why) throws IOException {
    write("tls.yaml", FILE_SECRET.formatted(path));
    DirectoryReader fresh = new DirectoryReader(directory, InstantSource.system());
    Translation<ClusterView> view = ((Outcome.View) fresh.read()).view();
    assertThat(view.value().secrets()).as(path).isEmpty();
    assertThat(complaints(view)).singleElement().asString().contains("': " + why);
  }

  @Test
  void aSecretMayFollowTheLinksOfAMountedSecret() throws IOException {
    Files.createDirectory(directory.resolve("..2024_1"));
    Files.writeString(directory.resolve("..2024_1/chain.pem"), "chain");
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2024_1"));
    Files.createSymbolicLink(directory.resolve("chain.pem"), Path.of("..data/chain.pem"));
    write("key.pem", "key");
    write("tls.yaml", FILE_SECRET.formatted("chain.pem"));

    assertThat(certificate(view())).isEqualTo("chain");
  }
}

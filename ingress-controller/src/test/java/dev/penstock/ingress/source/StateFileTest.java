package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.GatewayConfig;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.Publication;
import dev.penstock.model.Settings;
import dev.penstock.model.TlsHost;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  @TempDir private Path base;

  private static Publication publication(String key) {
    KeyMaterial material = new KeyMaterial("chain", key);
    return new Publication(
        new GatewayConfig(
            Settings.DEFAULT,
            List.of(),
            List.of(),
            List.of(new TlsHost(new HostPattern("a.example"), material.ref("ns/tls")))),
        List.of(),
        Map.of("ns/tls", material));
  }

  private Path directory() {
    return base.resolve("state");
  }

  private Path file() {
    return directory().resolve(StateFile.NAME);
  }

  @Test
  void whatWasSavedIsLoadedByTheNextProcess() {
    new StateFile(directory()).save(publication("key"));

    Translation<Optional<Publication>> loaded = new StateFile(directory()).load();

    assertThat(loaded.value()).contains(publication("key"));
    assertThat(loaded.diagnostics()).isEmpty();
  }

  @Test
  void whatIsNotAsciiIsWrittenInAsciiAndComesBack() throws IOException {
    new StateFile(directory()).save(publication("schlüssel, 鍵, 🔑"));

    assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1)).matches("[\\n -~]*");
    assertThat(new StateFile(directory()).load().value()).contains(publication("schlüssel, 鍵, 🔑"));
  }

  @Test
  void onlyTheOwnerCanReadIt() throws IOException {
    new StateFile(directory()).save(publication("key"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory())) {
      assertThat(files).containsExactly(file());
    }
  }

  @Test
  void whatOthersCouldReadIsTakenFromThemAndTold() throws IOException {
    new StateFile(directory()).save(publication("key"));
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw-rw-"));

    Translation<Optional<Publication>> loaded = new StateFile(directory()).load();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(loaded.value()).contains(publication("key"));
    assertThat(loaded.diagnostics())
        .singleElement()
        .satisfies(
            d -> assertThat(d.message()).contains("had mode rw-rw-rw-, ", "now it has rw-------"));
    assertThat(new StateFile(directory()).load().diagnostics()).isEmpty();
  }

  @Test
  void itIsWrittenOnlyWhenItDiffers() throws IOException {
    StateFile state = new StateFile(directory());
    state.save(publication("key"));
    FileTime past = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(file(), past);

    state.save(publication("key"));
    assertThat(Files.getLastModifiedTime(file())).isEqualTo(past);

    StateFile next = new StateFile(directory());
    next.load();
    next.save(publication("key"));
    assertThat(Files.getLastModifiedTime(file())).isEqualTo(past);

    next.save(publication("other"));
    assertThat(new StateFile(directory()).load().value()).contains(publication("other"));
  }

  @Test
  void thereIsNothingToSayWhereThereIsNoState() {
    Translation<Optional<Publication>> loaded = new StateFile(directory()).load();

    assertThat(loaded.value()).isEmpty();
    assertThat(loaded.diagnostics()).isEmpty();
  }

  @Test
  void everyCutAndEveryFlippedByteIsNoticed() throws IOException {
    new StateFile(directory()).save(publication("key"));
    byte[] good = Files.readAllBytes(file());
    for (int i = 0; i < good.length; i++) {
      byte[] cut = java.util.Arrays.copyOf(good, i);
      assertUnusable(cut);
      byte[] flipped = good.clone();
      flipped[i] ^= 1;
      assertUnusable(flipped);
    }
  }

  private void assertUnusable(byte[] bytes) throws IOException {
    Files.write(file(), bytes);
    Translation<Optional<Publication>> loaded = new StateFile(directory()).load();
    assertThat(loaded.value()).isEmpty();
    assertThat(loaded.diagnostics())
        .singleElement()
        .satisfies(
            d -> assertThat(d.message()).contains("it is not used and will be written anew"));
  }

  @Test
  void anotherFormatIsPassedOver() throws IOException {
    new StateFile(directory()).save(publication("key"));
    String text = Files.readString(file(), StandardCharsets.UTF_8);
    Files.writeString(file(), text.replaceFirst("penstock-state 2 ", "penstock-state 3 "));

    assertThat(new StateFile(directory()).load().diagnostics())
        .singleElement()
        .satisfies(d -> assertThat(d.message()).contains("has format '3', not 2"));
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsSurvived() throws IOException {
    Files.writeString(directory(), "a file stands where the directory should be");
    StateFile state = new StateFile(directory());

    state.save(publication("key"));
    assertThat(state.isFailing()).isTrue();
    assertThat(state.load().value()).isEmpty();
    assertThat(state.load().diagnostics())
        .singleElement()
        .asString()
        .contains("cannot be read: " + directory() + " is no directory; ");

    Files.delete(directory());
    state.save(publication("key"));
    assertThat(state.isFailing()).isFalse();
    assertThat(state.load().value()).contains(publication("key"));
  }

  @Test
  void aHalfWrittenFileOfADeadProcessIsReplaced() throws IOException {
    Files.createDirectories(directory());
    Files.writeString(directory().resolve(StateFile.NAME + ".tmp"), "half");

    new StateFile(directory()).save(publication("key"));

    assertThat(new StateFile(directory()).load().value()).contains(publication("key"));
    try (var files = Files.list(directory())) {
      assertThat(files).containsExactly(file());
    }
  }
}

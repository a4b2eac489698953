package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.GatewayConfig;
import dev.penstock.model.HostPattern;
import dev.penstock.model.Publication;
import dev.penstock.model.Settings;
import dev.penstock.model.VirtualHost;
import dev.penstock.testkit.VirtualClock;
import dev.penstock.testkit.VirtualExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateSaverTest {
  @TempDir private Path directory;
  private final VirtualExecutor thread = new VirtualExecutor(new VirtualClock());
  private StateSaver saver;

  @BeforeEach
  void newSaver() {
    saver = new StateSaver(new StateFile(directory), thread, thread.clock());
  }

  private static Publication publication(String host) {
    return new Publication(
        new GatewayConfig(
            Settings.DEFAULT,
            List.of(new VirtualHost(new HostPattern(host), List.of())),
            List.of(),
            List.of()),
        List.of(),
        Map.of());
  }

  private List<String> savedHosts() {
    return savedHosts(directory);
  }

  private static List<String> savedHosts(Path directory) {
    return new StateFile(directory)
        .load().value().map(Publication::config).stream()
            .flatMap(config -> config.hosts().stream())
            .map(host -> host.host().text())
            .toList();
  }

  @Test
  void theThreadThatBringsAChangeWritesNothing() {
    saver.accept(publication("a.example"));

    assertThat(savedHosts()).isEmpty();
  }

  @Test
  void theFirstChangeIsSavedAtOnceAndTheNewestOfTheOthersAfterAPause() {
    saver.accept(publication("a.example"));
    thread.runQuiet();
    assertThat(savedHosts()).containsExactly("a.example");

    saver.accept(publication("b.example"));
    saver.accept(publication("c.example"));
    thread.runQuiet();
    assertThat(savedHosts()).containsExactly("a.example");

    thread.pass(StateSaver.PAUSE_MIN);
    assertThat(savedHosts()).containsExactly("c.example");
  }

  @Test
  void afterAQuietTimeAChangeIsSavedAtOnceAgain() {
    saver.accept(publication("a.example"));
    thread.pass(StateSaver.PAUSE_MIN.multipliedBy(2));

    saver.accept(publication("b.example"));
    thread.runQuiet();

    assertThat(savedHosts()).containsExactly("b.example");
  }

  @Test
  void theLongerASavingTakesTheLongerIsThePauseAfterIt() {
    // Each look at it takes half a second.
    LongSupplier slow =
        () -> {
          thread.clock().advance(Duration.ofMillis(500));
          return thread.clock().getAsLong();
        };
    saver = new StateSaver(new StateFile(directory), thread, slow);
    saver.accept(publication("a.example"));
    thread.runQuiet();
    saver.accept(publication("b.example"));

    thread.pass(Duration.ofSeconds(9));
    assertThat(savedHosts()).containsExactly("a.example");
    thread.pass(Duration.ofSeconds(2));
    assertThat(savedHosts()).containsExactly("b.example");
  }

  @Test
  void whatCannotBeSavedIsTriedAgainUntilItCan() throws IOException {
    Path full = directory.resolve("full");
    saver = new StateSaver(new StateFile(full.resolve("state")), thread, thread.clock());
    Files.writeString(full, "a file where the directory should be");
    saver.accept(publication("a.example"));
    thread.runQuiet();
    thread.pass(StateSaver.PAUSE_FAILED.multipliedBy(3));

    Files.delete(full);
    thread.pass(StateSaver.PAUSE_FAILED);

    assertThat(savedHosts(full.resolve("state"))).containsExactly("a.example");
  }

  @Test
  void whatCannotBeSavedGivesWayToWhatCameLater() throws IOException {
    Path full = directory.resolve("full");
    saver = new StateSaver(new StateFile(full.resolve("state")), thread, thread.clock());
    Files.writeString(full, "a file where the directory should be");
    saver.accept(publication("a.example"));
    thread.runQuiet();
    saver.accept(publication("b.example"));
    Files.delete(full);
    thread.pass(StateSaver.PAUSE_FAILED);

    assertThat(savedHosts(full.resolve("state"))).containsExactly("b.example");
  }

  @Test
  void whatStillWaitsIsSavedAtTheEnd() {
    saver.accept(publication("a.example"));
    thread.runQuiet();
    saver.accept(publication("b.example"));

    saver.finish();

    assertThat(savedHosts()).containsExactly("b.example");
  }
}

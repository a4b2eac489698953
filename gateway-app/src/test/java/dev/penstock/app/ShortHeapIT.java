package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import dev.penstock.testkit.GoodTraffic;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.SlowClients;
import dev.penstock.testkit.SlowOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quarter of the usual heap, and more large heads that are never ended than fit. */
class ShortHeapIT {
  private static final String MEMORY = "-Xmx64m -XX:MaxNewSize=16m";
  private static final int CLIENTS = 3_000;
  private static final String BAD_REQUEST = "GET /bad HTTP/1.1\r\nHost: web.example\r\n\r\n";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path config;

  @Test
  void clientsThatDoNotEndLargeHeadsAreEndedBeforeTheHeapIsFull() throws Exception {
    try (SlowOrigin app = new SlowOrigin(1);
        Distribution gateway = serving(new PathManifest().with("/good", app.ports()));
        GoodTraffic good = new GoodTraffic(gateway.port("http"), 8, 100);
        SlowClients slow = new SlowClients(gateway.port("http"), Duration.ofSeconds(2))) {
      slow.open(CLIENTS, SlowClients.Kind.LARGE_HEAD);

      Await.until(
          () -> slow.openNow() + " are open, " + slow.ends().size() + " ended",
          PATIENCE,
          () -> slow.ends().size() == CLIENTS);

      gateway.awaitErr("Request heads are short of memory: ");
      assertThat(slow.ends()).anyMatch(end -> end.status() == 431);
      assertThat(gateway.admin("/metrics").body()).contains("reason=\"memory\"");
      assertNoneFailed(good.take());
    }
  }

  @Test
  void backendsThatDoNotEndLargeHeadsAreGivenUpBeforeTheHeapIsFull() throws Exception {
    try (SlowOrigin app = new SlowOrigin(1);
        Origin bad = neverEndingItsHead();
        Origin worse = neverEndingItsHead();
        Distribution gateway =
            serving(
                new PathManifest()
                    .with("/good", app.ports())
                    .with("/bad", bad.port(), worse.port()));
        GoodTraffic good = new GoodTraffic(gateway.port("http"), 8, 100)) {
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(RawClient.plain(gateway.port("http")).send(BAD_REQUEST));
        }
        gateway.awaitErr("Heads of answers are short of memory: ");
        assertThat(clients.getFirst().readFinal("GET").status()).isEqualTo(503);
        assertNoneFailed(good.take());
      } finally {
        clients.forEach(RawClient::close);
      }
    }
  }

  private static Origin neverEndingItsHead() throws IOException {
    return Origin.playing(c -> {
      c.readRequest();
      c.send("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(20_000));
      c.drain();
    });
  }

  private Distribution serving(PathManifest manifest) throws Exception {
    Files.writeString(config.resolve("all.yaml"), manifest.text());
    return Distribution.serving(config, Map.of("PENSTOCK_JAVA_OPTS", MEMORY), "--no-access-log");
  }

  private static void assertNoneFailed(GoodTraffic.Result result) {
    assertThat(result.failures()).isEmpty();
    assertThat(result.answered()).isGreaterThan(100);
  }
}

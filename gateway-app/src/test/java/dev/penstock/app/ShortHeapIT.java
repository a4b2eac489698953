package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import dev.penstock.testkit.GoodTraffic;
import dev.penstock.testkit.SlowClients;
import dev.penstock.testkit.SlowOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quarter of the usual heap, and more large heads that are never ended than fit. */
class ShortHeapIT {
  private static final String MEMORY = "-Xmx64m -XX:MaxNewSize=16m";
  private static final int CLIENTS = 3_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path config;

  @Test
  void clientsThatDoNotEndLargeHeadsAreEndedBeforeTheHeapIsFull() throws Exception {
    try (SlowOrigin app = new SlowOrigin(1)) {
      Files.writeString(
          config.resolve("all.yaml"), new PathManifest().with("/good", app.ports()).text());
      try (Distribution gateway =
              Distribution.serving(
                  config, Map.of("PENSTOCK_JAVA_OPTS", MEMORY), "--no-access-log");
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
        GoodTraffic.Result result = good.take();
        assertThat(result.failures()).isEmpty();
        assertThat(result.answered()).isGreaterThan(100);
      }
    }
  }
}

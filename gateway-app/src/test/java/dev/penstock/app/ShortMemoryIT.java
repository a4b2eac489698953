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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fifth of the usual memory for network buffers, and more clients that read nothing than fit. */
class ShortMemoryIT {
  private static final String MEMORY = "-Dio.netty.maxDirectMemory=" + (48 << 20);
  private static final int CLIENTS = 4_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern ENDED_FOR_MEMORY =
      Pattern.compile(
          "penstock_listener_closed_connections_total\\{[^}]*reason=\"memory\"[^}]*} ([0-9.E]+)");

  @TempDir Path config;

  @Test
  void clientsThatTakeNothingAreEndedBeforeOthersGoWithout() throws Exception {
    try (SlowOrigin app = new SlowOrigin(1);
        SlowOrigin slowApp = new SlowOrigin(4)) {
      Files.writeString(
          config.resolve("all.yaml"),
          new PathManifest().with("/good", app.ports()).with("/slow", slowApp.ports()).text());
      try (Distribution gateway =
              Distribution.serving(
                  config, Map.of("PENSTOCK_JAVA_OPTS", MEMORY), "--no-access-log");
          GoodTraffic good = new GoodTraffic(gateway.port("http"), 8, 100);
          SlowClients slow = new SlowClients(gateway.port("http"), Duration.ofSeconds(2))) {
        slow.open(CLIENTS, SlowClients.Kind.READING);

        Await.until(
            () -> slow.openNow() + " are open, " + slow.ends().size() + " ended",
            PATIENCE,
            () -> slow.openNow() + slow.ends().size() == CLIENTS && endedForMemory(gateway) > 0);

        gateway.awaitErr("Network buffers are short of memory: ");
        GoodTraffic.Result result = good.take();
        assertThat(result.failures()).isEmpty();
        assertThat(result.answered()).isGreaterThan(100);
        assertThat(slow.failedToOpen()).isZero();
      }
    }
  }

  private static double endedForMemory(Distribution gateway) {
    try {
      Matcher counts = ENDED_FOR_MEMORY.matcher(gateway.admin("/metrics").body());
      double sum = 0;
      while (counts.find()) sum += Double.parseDouble(counts.group(1));
      return sum;
    } catch (Exception unable) {
      throw new AssertionError(unable);
    }
  }
}

package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import dev.penstock.testkit.GoodTraffic;
import dev.penstock.testkit.ProcessMemory;
import dev.penstock.testkit.SlowClients;
import dev.penstock.testkit.SlowOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten thousand slow clients of the distribution at a time, with its own deadlines, while others ask
 * at a fixed rate. Takes two minutes; run by {@code make slow-clients}, and not by the build, which
 * has a thousand of them in gateway-core.
 */
class SlowClientsLoad {
  private static final Path REPORT = Path.of("target/slow-clients.txt");
  private static final int CLIENTS = Integer.getInteger("penstock.slow-clients", 10_000);

  /** Each may have 1,024 connections of each event loop. */
  private static final int SLOW_PORTS = 16;

  private static final int GOOD_CONNECTIONS = 16;
  private static final int GOOD_PER_SECOND = 500;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Duration ALONE = Duration.ofSeconds(20);
  private static final Duration DRIP = Duration.ofSeconds(2);

  /** The longest deadline is 30 s; the rest is for opening all of them. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path config;

  @Test
  void tenThousandSlowClientsHarmNobody() throws IOException {
    try (SlowOrigin app = new SlowOrigin(1);
        SlowOrigin slowApp = new SlowOrigin(SLOW_PORTS)) {
      Files.writeString(
          config.resolve("all.yaml"),
          new PathManifest().with("/good", app.ports()).with("/slow", slowApp.ports()).text());
      try (Distribution gateway = Distribution.serving(config, Map.of(), "--no-access-log")) {
        run(gateway.port("http"), gateway.family().getLast().pid());
      }
    }
  }

  private static void run(int port, long pid) throws IOException {
    try (GoodTraffic good = new GoodTraffic(port, GOOD_CONNECTIONS, GOOD_PER_SECOND);
        SlowClients slow = new SlowClients(port, DRIP)) {
      Await.quietTime(WARM_UP);
      good.take();
      Await.quietTime(ALONE);
      GoodTraffic.Result without = good.take();
      long before = ProcessMemory.rssBytes(pid);
      int most = 0;
      long highest = before;
      slow.open(CLIENTS);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (slow.ends().size() + slow.failedToOpen() < CLIENTS && System.nanoTime() - end < 0) {
        most = Math.max(most, slow.openNow());
        highest = Math.max(highest, ProcessMemory.rssBytes(pid));
        Await.quietTime(Duration.ofMillis(100));
      }
      GoodTraffic.Result with = good.take();
      String report =
          "%,d slow clients, at most %,d at a time, %,d could not connect%n%s"
                  .formatted(CLIENTS, most, slow.failedToOpen(), ends(slow.ends()))
              + line("good requests without them", without)
              + line("good requests with them", with)
              + "resident memory of the gateway: %d MiB before, %d MiB at most%n"
                  .formatted(before >> 20, highest >> 20);
      Files.writeString(REPORT, report);
      assertThat(with.failures()).as(report).isEmpty();
      assertThat(slow.ends()).as(report).hasSize(CLIENTS);
    }
  }

  private static String ends(List<SlowClients.End> ends) {
    StringBuilder text = new StringBuilder();
    for (SlowClients.Kind kind : SlowClients.IN_TURN) {
      List<SlowClients.End> own = ends.stream().filter(end -> end.kind() == kind).toList();
      double[] seconds =
          own.stream().mapToDouble(e -> e.after().toMillis() / 1e3).sorted().toArray();
      Map<Integer, Long> statuses =
          own.stream()
              .collect(
                  Collectors.groupingBy(
                      SlowClients.End::status, TreeMap::new, Collectors.counting()));
      text.append(
          String.format(
              Locale.ROOT,
              "  slow in %-8s %,6d ended after %.1f s (%.1f to %.1f), by status %s%n",
              kind,
              own.size(),
              seconds.length == 0 ? 0 : seconds[seconds.length / 2],
              Arrays.stream(seconds).min().orElse(0),
              Arrays.stream(seconds).max().orElse(0),
              statuses));
    }
    return text.toString();
  }

  private static String line(String what, GoodTraffic.Result result) {
    return String.format(
        Locale.ROOT,
        "%s: %,d at %d/s, %d failures, median %.2f ms, p99 %.2f ms%n",
        what,
        result.answered(),
        GOOD_PER_SECOND,
        result.failures().size(),
        result.median().toNanos() / 1e6,
        result.p99().toNanos() / 1e6);
  }
}

package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Backends;
import dev.penstock.scenarios.http.LoadClient;
import dev.penstock.scenarios.http.Probe;
import dev.penstock.scenarios.process.GatewayProcess;
import dev.penstock.scenarios.process.JavaHeap;
import dev.penstock.scenarios.world.World;
import dev.penstock.testkit.ProcessMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What a client connection costs that was used and now waits. Resident memory is looked at after a
 * full collection both times, so that it holds no garbage; the part of it that is not heap is said
 * too, because the heap grows in steps.
 */
final class IdleConnections implements Scenario {
  /** Descriptors of the gateway that are neither a client's nor a backend's; rather too many. */
  private static final int OTHER_DESCRIPTORS = 200;

  private static final double MILESTONE_KIB = 10;
  private static final double TARGET_KIB = 4;
  private static final int HOSTS = 100;
  private static final double KIB = 1024;

  /**
   * @param connections at most; fewer where the limit of open files is low
   * @param warmUp under load before it counts
   */
  record Size(int connections, Duration warmUp) {
    static final Size FULL = new Size(10_000, Duration.ofSeconds(10));
    static final Size QUICK = new Size(2_000, Duration.ofSeconds(3));
  }

  private final Size size;

  IdleConnections(Size size) {
    this.size = size;
  }

  private record Memory(long rssBytes, JavaHeap heap) {
    static Memory of(GatewayProcess gateway) throws Exception {
      JavaHeap heap = JavaHeap.of(gateway.pid());
      return new Memory(ProcessMemory.rssBytes(gateway.pid()), heap);
    }
  }

  @Override
  public String name() {
    return "idle";
  }

  @Override
  public Duration expected() {
    return Duration.ofSeconds(10 + size.connections / 500).plus(size.warmUp);
  }

  @Override
  public void run(Stage stage) throws Exception {
    try (Backends backends = Backends.start(2)) {
      World world = stage.world(backends);
      Hosts hosts = new Hosts(world, 2, HOSTS, 0);
      try (GatewayProcess gateway = GatewayProcess.start(world.config(), "")) {
        warmUp(stage, gateway, hosts);
        Memory before = Memory.of(gateway);
        measure(stage, gateway, hosts, before);
      }
    }
  }

  private void warmUp(Stage stage, GatewayProcess gateway, Hosts hosts) throws Exception {
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), gateway.port("http"));
    try (LoadClient load =
        LoadClient.start(new LoadClient.Plan(target, 64, 5_000), hosts.questions(0, HOSTS, 1))) {
      LockSupport.parkNanos(size.warmUp.toNanos());
      load.stop();
      stage.report().noFailure("the warm-up", load.tally());
    }
  }

  private void measure(Stage stage, GatewayProcess gateway, Hosts hosts, Memory before)
      throws Exception {
    List<Probe> probes = new ArrayList<>();
    int count = connections(gateway);
    int right = 0;
    try {
      for (int i = 0; i < count; i++) {
        Probe probe = new Probe(gateway.port("http"));
        probes.add(probe);
        if (ask(probe, hosts, i)) right++;
      }
      stage.say("%,d connections are open and idle".formatted(count));
      Memory with = Memory.of(gateway);
      int again = 0;
      for (int i = 0; i < count; i++) if (ask(probes.get(i), hosts, i)) again++;
      report(stage.report(), count, before, with);
      stage
          .report()
          .condition(
              "every connection is answered, and answered again after its rest",
              right == count && again == count,
              "%,d and %,d of %,d".formatted(right, again, count));
    } finally {
      for (Probe probe : probes) probe.close();
    }
  }

  /** The gateway keeps half of its descriptors for backends. */
  private int connections(GatewayProcess gateway) throws IOException {
    return (int) Math.min(size.connections, (gateway.descriptorsMax() - OTHER_DESCRIPTORS) / 2);
  }

  private static boolean ask(Probe probe, Hosts hosts, int i) throws Exception {
    return probe
        .get(hosts.get(i % HOSTS).host(), "/")
        .body()
        .equals(hosts.get(i % HOSTS).body("/"));
  }

  private static void report(Report report, int count, Memory before, Memory with) {
    double rss = with.rssBytes - before.rssBytes;
    double live = with.heap.liveBytes() - before.heap.liveBytes();
    double committed = with.heap.committedBytes() - before.heap.committedBytes();
    report.figure("connections", count, "");
    report.figure(
        "live heap and other memory, for each",
        (live + rss - committed) / KIB / count,
        "KiB",
        MILESTONE_KIB,
        TARGET_KIB);
    report.figure("resident memory, for each", rss / KIB / count, "KiB");
    report.figure("live heap, for each", live / KIB / count, "KiB");
    report.figure("resident, not heap, for each", (rss - committed) / KIB / count, "KiB");
    report.figure("resident memory before", before.rssBytes / KIB / KIB, "MiB");
    report.figure("resident memory with them", with.rssBytes / KIB / KIB, "MiB");
  }
}

package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Backends;
import dev.penstock.scenarios.http.Latencies;
import dev.penstock.scenarios.http.Probe;
import dev.penstock.scenarios.http.TlsProbe;
import dev.penstock.scenarios.process.GatewayProcess;
import dev.penstock.scenarios.world.HostSpec;
import dev.penstock.scenarios.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a change takes from the rename of its file to the first right answer, one change at a
 * time. Changes come a random moment after the one before, so that they meet whatever the gateway
 * does now and then by itself.
 */
final class ChangeToLive implements Scenario {
  private static final double P99_MILESTONE_MILLIS = 100;
  private static final double P99_TARGET_MILLIS = 20;

  /** Between two looks at whether a change is in force; more of them would be a load. */
  private static final Duration LOOK = Duration.ofMillis(1);

  /** At most this long between two changes. */
  private static final Duration GAP_MAX = Duration.ofMillis(20);

  private static final int BACKENDS = 8;
  private static final long SEED = 4;

  /**
   * @param hosts that are served all the time
   * @param withTls of them
   * @param changes of each kind
   */
  record Size(int hosts, int withTls, int changes) {
    static final Size FULL = new Size(5_000, 2_500, 1_000);
    static final Size QUICK = new Size(5_000, 2_500, 200);
  }

  private final Size size;
  private final SplittableRandom random = new SplittableRandom(SEED);

  ChangeToLive(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "change-to-live";
  }

  @Override
  public Duration expected() {
    return Duration.ofSeconds(30).plus(Duration.ofMillis(70).multipliedBy(5L * size.changes));
  }

  @Override
  public void run(Stage stage) throws Exception {
    try (Backends backends = Backends.start(BACKENDS)) {
      World world = stage.world(backends);
      Hosts hosts = new Hosts(world, BACKENDS, size.hosts, size.withTls);
      stage.say("%,d hosts are written, %,d with TLS".formatted(size.hosts, size.withTls));
      try (GatewayProcess gateway = GatewayProcess.start(world.config(), "");
          Probe probe = new Probe(gateway.port("http"))) {
        stage.say("the gateway serves them");
        int inForce = changeAll(stage, hosts, world, gateway, probe);
        stage
            .report()
            .condition(
                "every change comes in force, with no wrong answer before",
                inForce == size.changes * ChangeKind.values().length,
                "%,d changes".formatted(inForce));
      }
    }
  }

  /** How many changes came in force. */
  private int changeAll(Stage stage, Hosts hosts, World world, GatewayProcess gateway, Probe probe)
      throws Exception {
    Watched.Asker asker =
        new Watched.Asker(gateway.port("http"), new TlsProbe(gateway.port("https")), LOOK);
    int inForce = 0;
    for (ChangeKind kind : ChangeKind.values()) {
      double cpuBefore = gateway.cpuSeconds();
      Latencies times = times(kind, hosts, world, asker, probe);
      inForce += times.count();
      report(stage, kind, times, (gateway.cpuSeconds() - cpuBefore) / size.changes);
    }
    return inForce;
  }

  private Latencies times(
      ChangeKind kind, Hosts hosts, World world, Watched.Asker asker, Probe probe)
      throws Exception {
    Latencies times = new Latencies();
    for (int i = 0; i < size.changes; i++) {
      LockSupport.parkNanos(random.nextLong(GAP_MAX.toNanos()));
      times.add(apply(kind, i, hosts, world).by(asker, probe));
    }
    return times;
  }

  private static void report(Stage stage, ChangeKind kind, Latencies times, double cpuSeconds) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Report report = stage.report();
    report.figure(name + ", p50", times.percentileMillis(50), "ms");
    report.figure(
        name + ", p99", times.percentileMillis(99), "ms", P99_MILESTONE_MILLIS, P99_TARGET_MILLIS);
    report.figure(name + ", highest", times.percentileMillis(100), "ms");
    report.figure(name + ", CPU for each, probing included", cpuSeconds * 1e3, "ms");
    stage.say(
        "%,d %s: p50 %.1f ms, p99 %.1f ms, CPU %.1f ms"
            .formatted(
                times.count(),
                name,
                times.percentileMillis(50),
                times.percentileMillis(99),
                cpuSeconds * 1e3));
  }

  /** A change that is about to be made. */
  private record Step(World.Change change, Watched watched) {
    /** Makes it; nanoseconds until it is in force. */
    long by(Watched.Asker asker, Probe probe) throws Exception {
      long startNanos = System.nanoTime();
      change.rename();
      return watched.await(asker, probe) - startNanos;
    }
  }

  /** The deletes take away what the adds have brought. */
  private Step apply(ChangeKind kind, int index, Hosts hosts, World world) throws IOException {
    if (kind == ChangeKind.ADD) {
      HostSpec added = hosts.next();
      return new Step(hosts.put(added), new Watched(kind, Optional.empty(), Optional.of(added)));
    }
    if (kind == ChangeKind.DELETE) {
      HostSpec deleted = hosts.get(size.hosts + index);
      return new Step(
          world.remove(deleted.number()),
          new Watched(kind, Optional.of(deleted), Optional.empty()));
    }
    boolean secret = kind == ChangeKind.SECRET;
    HostSpec before = hosts.get(random.nextInt(secret ? size.withTls : size.hosts));
    HostSpec after =
        switch (kind) {
          case BACKEND -> before.withNextService(hosts.otherBackend(before));
          case ENDPOINT -> before.withBackend(hosts.otherBackend(before));
          default -> before.withNewCertificate();
        };
    return new Step(hosts.put(after), new Watched(kind, Optional.of(before), Optional.of(after)));
  }
}

package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Backends;
import dev.penstock.scenarios.http.Latencies;
import dev.penstock.scenarios.http.LoadClient;
import dev.penstock.scenarios.http.Probe;
import dev.penstock.scenarios.http.Question;
import dev.penstock.scenarios.http.TlsProbe;
import dev.penstock.scenarios.process.GatewayProcess;
import dev.penstock.scenarios.process.JavaHeap;
import dev.penstock.scenarios.world.HostSpec;
import dev.penstock.scenarios.world.World;
import dev.penstock.testkit.ProcessMemory;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * 100,000 routes on 10,000 hosts with 5,000 certificates: time to ready, memory, the time of one
 * change, and whether any of the routes and certificates is still the right one.
 */
final class Scale implements Scenario {
  private static final int PATHS = 10;
  private static final int BACKENDS = 8;
  private static final Duration LOOK = Duration.ofMillis(1);
  private static final double CHANGE_MILESTONE_MILLIS = 500;
  private static final double MIB = 1 << 20;

  /** The launcher's 256 MiB are for some thousands of hosts. */
  private static final String JAVA_OPTIONS = "-Xmx1g";

  /**
   * @param files of two hosts each, of which the first has a certificate
   * @param changes of a backend, one after the other
   * @param handshakes with hosts by chance
   * @param load for how long
   * @param perSecond requests of it
   */
  record Size(int files, int changes, int handshakes, Duration load, int perSecond) {
    static final Size FULL = new Size(5_000, 20, 200, Duration.ofSeconds(20), 2_000);
    static final Size QUICK = new Size(500, 10, 50, Duration.ofSeconds(5), 2_000);

    int hosts() {
      return 2 * files;
    }
  }

  private final Size size;
  private final List<HostSpec> hosts = new ArrayList<>();

  Scale(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public Duration expected() {
    return Duration.ofSeconds(20 + size.files / 100).plus(size.load);
  }

  @Override
  public void run(Stage stage) throws Exception {
    hosts.clear();
    try (Backends backends = Backends.start(BACKENDS)) {
      World world = stage.world(backends);
      for (int number = 0; number < size.hosts(); number++) {
        HostSpec host = HostSpec.plain(number, number % BACKENDS).withPaths(PATHS);
        hosts.add(number % 2 == 0 ? host.withNewCertificate() : host);
      }
      for (int file = 0; file < size.files; file++) put(world, file).rename();
      stage.say("%,d routes are written".formatted(size.hosts() * PATHS));
      long startNanos = System.nanoTime();
      try (GatewayProcess gateway = GatewayProcess.start(world.config(), JAVA_OPTIONS)) {
        firstAnswer(stage, gateway, startNanos);
        changes(stage, gateway, world);
        load(stage, gateway);
        certificates(stage, gateway);
        memory(stage, gateway);
      }
    }
  }

  private World.Change put(World world, int file) throws IOException {
    return world.put("f%05d.yaml".formatted(file), hosts.subList(2 * file, 2 * file + 2));
  }

  private void firstAnswer(Stage stage, GatewayProcess gateway, long startNanos) throws Exception {
    try (Probe probe = new Probe(gateway.port("http"))) {
      HostSpec last = hosts.getLast();
      String path = HostSpec.path(PATHS - 1);
      boolean right = probe.get(last.host(), path).body().equals(last.body(path));
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      stage.report().condition("the last route answers as soon as it is ready", right, path);
      stage.report().figure("exec to the first answer", seconds, "s");
      stage.report().figure("CPU until then", gateway.cpuSeconds(), "s");
      stage.report().figure("resident then", ProcessMemory.rssBytes(gateway.pid()) / MIB, "MiB");
      stage.say("ready after %.1f s".formatted(seconds));
    }
  }

  private void changes(Stage stage, GatewayProcess gateway, World world) throws Exception {
    Latencies times = new Latencies();
    SplittableRandom random = new SplittableRandom(3);
    Watched.Asker asker =
        new Watched.Asker(gateway.port("http"), new TlsProbe(gateway.port("https")), LOOK);
    double cpuBefore = gateway.cpuSeconds();
    try (Probe probe = new Probe(gateway.port("http"))) {
      for (int i = 0; i < size.changes; i++) {
        HostSpec before = hosts.get(random.nextInt(size.hosts()));
        HostSpec after = before.withNextService((before.backend() + 1) % BACKENDS);
        hosts.set(before.number(), after);
        World.Change change = put(world, before.number() / 2);
        long startNanos = System.nanoTime();
        change.rename();
        Watched watched = new Watched(ChangeKind.BACKEND, Optional.of(before), Optional.of(after));
        times.add(watched.await(asker, probe) - startNanos);
      }
    }
    Report report = stage.report();
    report.figure(
        "change of a backend to live, median of " + size.changes,
        times.percentileMillis(50),
        "ms",
        CHANGE_MILESTONE_MILLIS,
        CHANGE_MILESTONE_MILLIS);
    report.figure("change of a backend to live, highest", times.percentileMillis(100), "ms");
    report.figure("CPU for each", (gateway.cpuSeconds() - cpuBefore) / size.changes * 1e3, "ms");
    stage.say("a change takes %.0f ms".formatted(times.percentileMillis(50)));
  }

  private void load(Stage stage, GatewayProcess gateway) throws Exception {
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), gateway.port("http"));
    double cpuBefore = gateway.cpuSeconds();
    try (LoadClient load =
        LoadClient.start(new LoadClient.Plan(target, 64, size.perSecond), anyRoute())) {
      LockSupport.parkNanos(size.load.toNanos());
      load.stop();
      double cpu = gateway.cpuSeconds() - cpuBefore;
      stage.report().noFailure("a load over all routes", load.tally());
      stage.report().times("request at any route", load.tally().latencies());
      stage.report().figure("CPU for each request", cpu * 1e6 / load.tally().right(), "µs");
    }
  }

  private Supplier<Question> anyRoute() {
    SplittableRandom random = new SplittableRandom(7);
    return () -> hosts.get(random.nextInt(size.hosts())).question(random.nextInt(PATHS));
  }

  private void certificates(Stage stage, GatewayProcess gateway) throws IOException {
    TlsProbe tls = new TlsProbe(gateway.port("https"));
    SplittableRandom random = new SplittableRandom(5);
    int right = 0;
    for (int i = 0; i < size.handshakes; i++) {
      HostSpec host = hosts.get(2 * random.nextInt(size.files));
      BigInteger serial = host.certificate().orElseThrow().certificate().getSerialNumber();
      if (tls.serial(host.host()).equals(serial)) right++;
    }
    stage
        .report()
        .condition(
            "every host gets its own certificate",
            right == size.handshakes,
            "%d of %d handshakes".formatted(right, size.handshakes));
  }

  private static void memory(Stage stage, GatewayProcess gateway) throws Exception {
    JavaHeap heap = JavaHeap.of(gateway.pid());
    Report report = stage.report();
    report.figure("live heap", heap.liveBytes() / MIB, "MiB");
    report.figure(
        "resident after a collection", ProcessMemory.rssBytes(gateway.pid()) / MIB, "MiB");
    report.figure("resident at most", ProcessMemory.rssPeakBytes(gateway.pid()) / MIB, "MiB");
    heap.largest().forEach(stage::say);
  }
}

package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Backends;
import dev.penstock.scenarios.http.Latencies;
import dev.penstock.scenarios.http.LoadClient;
import dev.penstock.scenarios.http.Question;
import dev.penstock.scenarios.http.Tally;
import dev.penstock.scenarios.http.TlsProbe;
import dev.penstock.scenarios.http.WebSocket;
import dev.penstock.scenarios.process.GatewayProcess;
import dev.penstock.scenarios.process.JavaHeap;
import dev.penstock.scenarios.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Changes of every kind while requests come: none may fail, a WebSocket stays open, and when the
 * world is as large as before, so is the heap.
 *
 * <p>Half of the requests go to one route that itself changes its backend in every tenth change;
 * the others are spread over hosts that do not change. Heaps are compared after a full collection
 * with no connection open on either side, the first time after the same things have happened for a
 * while.
 */
final class ChangesUnderLoad implements Scenario {
  private static final Duration IN_FORCE_MAX = Duration.ofMillis(500);
  private static final double IN_FORCE_SHARE = 0.99;
  private static final double HEAP_GROWTH_MAX = 0.02;
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final Duration ECHO_EVERY = Duration.ofSeconds(1);
  private static final int BACKENDS = 8;
  private static final int CONNECTIONS = 64;
  private static final double MIB = 1 << 20;

  /** Hosts without changes that get requests, at most. */
  private static final int SPREAD_MAX = 500;

  /** Time for both ends to notice that a connection is gone. */
  private static final Duration SETTLE = Duration.ofMillis(500);

  /**
   * @param hosts half of them are changed and have TLS
   * @param changes in {@code time}, a tenth of them of the loaded route
   * @param warmUp so many changes, at the same pace, before the first look at the heap
   * @param perSecond requests
   */
  record Size(int hosts, int changes, int warmUp, Duration time, int perSecond) {
    static final Size FULL = new Size(5_000, 1_000, 200, Duration.ofSeconds(60), 5_500);
    static final Size QUICK = new Size(5_000, 250, 200, Duration.ofSeconds(15), 5_500);
  }

  private final Size size;

  ChangesUnderLoad(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "changes-under-load";
  }

  @Override
  public Duration expected() {
    return Duration.ofSeconds(45).plus(size.time);
  }

  @Override
  public void run(Stage stage) throws Exception {
    try (Backends backends = Backends.start(BACKENDS)) {
      World world = stage.world(backends);
      Hosts hosts = new Hosts(world, BACKENDS, size.hosts, size.hosts / 2);
      stage.say("%,d hosts are written, half with TLS".formatted(size.hosts));
      try (GatewayProcess gateway = GatewayProcess.start(world.config(), "")) {
        Watched.Asker asker =
            new Watched.Asker(gateway.port("http"), new TlsProbe(gateway.port("https")), LOOK);
        Changes changes = new Changes(world, hosts, size.hosts / 2, asker);
        Supplier<Question> questions = questions(hosts, changes.loaded());
        JavaHeap before = warmUp(stage, gateway, backends, changes, questions);
        Tally tally = measure(stage, gateway, changes, questions);
        JavaHeap after = heap(gateway, backends, changes);
        stage.report().noFailure("the load", tally);
        heap(stage, before, after);
      }
    }
  }

  private Supplier<Question> questions(Hosts hosts, LoadedRoute loaded) {
    int first = size.hosts / 2;
    int end = Math.min(size.hosts - 1, first + SPREAD_MAX);
    Supplier<Question> others = hosts.questions(first, end, 1);
    SplittableRandom random = new SplittableRandom(2);
    return () -> random.nextBoolean() ? loaded : others.get();
  }

  private LoadClient load(GatewayProcess gateway, Supplier<Question> questions) {
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), gateway.port("http"));
    return LoadClient.start(new LoadClient.Plan(target, CONNECTIONS, size.perSecond), questions);
  }

  private JavaHeap warmUp(
      Stage stage,
      GatewayProcess gateway,
      Backends backends,
      Changes changes,
      Supplier<Question> questions)
      throws Exception {
    try (LoadClient load = load(gateway, questions)) {
      changes.make(size.warmUp, size.time.dividedBy(size.changes));
      load.stop();
      stage.report().noFailure("the warm-up", load.tally());
    }
    JavaHeap heap = heap(gateway, backends, changes);
    stage.say(
        "warm after %,d changes, live heap %.1f MiB"
            .formatted(size.warmUp, heap.liveBytes() / MIB));
    return heap;
  }

  private static JavaHeap heap(GatewayProcess gateway, Backends backends, Changes changes)
      throws Exception {
    changes.takeBack();
    backends.disconnect();
    LockSupport.parkNanos(SETTLE.toNanos());
    return JavaHeap.of(gateway.pid());
  }

  private Tally measure(
      Stage stage, GatewayProcess gateway, Changes changes, Supplier<Question> questions)
      throws Exception {
    changes.forget();
    double cpuBefore = gateway.cpuSeconds();
    long startNanos = System.nanoTime();
    try (LoadClient load = load(gateway, questions);
        Echo echo = new Echo(gateway.port("http"), changes.loaded().newest().host())) {
      changes.make(size.changes, size.time.dividedBy(size.changes));
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      double cpu = gateway.cpuSeconds() - cpuBefore;
      load.stop();
      stage.say("%,d changes are made in %.1f s".formatted(size.changes, seconds));
      Report report = stage.report();
      report.condition(
          "the WebSocket stays open and echoes every second", echo.fault().isEmpty(), echo.state());
      changes(report, changes);
      report.figure("requests a second", load.tally().right() / seconds, "1/s");
      report.times("request", load.tally().latencies());
      report.figure("CPU of the gateway, of one core", cpu / seconds * 100, "%");
      return load.tally();
    }
  }

  private void changes(Report report, Changes changes) {
    Latencies times = changes.times();
    int inTime = times.within(IN_FORCE_MAX.toNanos());
    report.condition(
        "every change comes in force, with no wrong answer before",
        changes.faults().isEmpty() && times.count() == size.changes,
        "%,d changes, %,d of the loaded route, faults %s"
            .formatted(times.count(), changes.ofLoadedRoute(), changes.faults()));
    double lateMax = (1 - IN_FORCE_SHARE) * size.changes;
    report.figure(
        "changes in force later than %d ms".formatted(IN_FORCE_MAX.toMillis()),
        size.changes - inTime,
        "of %,d".formatted(size.changes),
        lateMax,
        lateMax);
    report.times("change to live under load", times);
  }

  private static void heap(Stage stage, JavaHeap before, JavaHeap after) {
    double growth = (double) after.liveBytes() / before.liveBytes() - 1;
    boolean holds = growth <= HEAP_GROWTH_MAX;
    stage
        .report()
        .condition(
            "the live heap is back within %.0f %%".formatted(100 * HEAP_GROWTH_MAX),
            holds,
            "%.2f MiB before, %.2f MiB after: %+.1f %%"
                .formatted(before.liveBytes() / MIB, after.liveBytes() / MIB, 100 * growth));
    if (holds) return;
    before.largest().forEach(line -> stage.say("before " + line));
    after.largest().forEach(line -> stage.say("after  " + line));
  }

  /** A WebSocket that says something every second, on a thread of its own. */
  private static final class Echo implements AutoCloseable {
    private final WebSocket socket;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Thread thread;
    private volatile String fault = "";
    private final AtomicInteger echoes = new AtomicInteger();

    Echo(int port, String host) throws IOException {
      socket = new WebSocket(port, host);
      thread = Thread.ofVirtual().start(this::run);
    }

    private void run() {
      try {
        while (!end.isDone()) {
          socket.echo("echo " + echoes.incrementAndGet());
          LockSupport.parkNanos(ECHO_EVERY.toNanos());
        }
      } catch (IOException cut) {
        fault = String.valueOf(cut);
      }
    }

    String fault() {
      return fault;
    }

    String state() {
      return echoes + " echoes" + (fault.isEmpty() ? "" : ", then " + fault);
    }

    @Override
    public void close() throws IOException {
      end.complete(null);
      LockSupport.unpark(thread);
      try (socket) {
        thread.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

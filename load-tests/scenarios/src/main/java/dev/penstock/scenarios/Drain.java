package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Answer;
import dev.penstock.scenarios.http.Backends;
import dev.penstock.scenarios.http.Latencies;
import dev.penstock.scenarios.http.LoadClient;
import dev.penstock.scenarios.http.Probe;
import dev.penstock.scenarios.http.Tally;
import dev.penstock.scenarios.process.GatewayProcess;
import dev.penstock.scenarios.world.HostSpec;
import dev.penstock.scenarios.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * SIGTERM under load, again and again. Until shortly before {@code --drain-min} has passed,
 * requests come as before, each on a new connection because each answer says {@code Connection:
 * close}: none may fail or be refused. Requests that take longer than that, begun before the
 * signal, have to be answered too, and the process ends with 0.
 */
final class Drain implements Scenario {
  /** The client stops so long before the end of {@code --drain-min}. */
  private static final Duration MARGIN = Duration.ofMillis(200);

  /** The gateway serves so long before the signal. */
  private static final Duration BEFORE = Duration.ofMillis(1_500);

  private static final int CONNECTIONS = 32;
  private static final int SLOW_REQUESTS = 8;
  private static final int HOSTS = 20;

  /**
   * @param times how often
   * @param drainMin shorter than {@link Backends#SLOW}, so that the slow requests outlast it
   * @param perSecond requests
   */
  record Size(int times, Duration drainMin, int perSecond) {
    static final Size FULL = new Size(20, Duration.ofSeconds(2), 2_000);
    static final Size QUICK = new Size(3, Duration.ofSeconds(2), 2_000);
  }

  private final Size size;

  Drain(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "drain";
  }

  @Override
  public Duration expected() {
    return Duration.ofSeconds(7L * size.times);
  }

  @Override
  public void run(Stage stage) throws Exception {
    Latencies ends = new Latencies();
    int right = 0;
    int connects = 0;
    List<String> faults = new ArrayList<>();
    try (Backends backends = Backends.start(2)) {
      World world = stage.world(backends);
      Hosts hosts = new Hosts(world, 2, HOSTS, 0);
      for (int i = 1; i <= size.times; i++) {
        Tally tally = once(world, hosts, ends, faults);
        right += tally.right();
        connects += tally.connects();
        if (tally.failed() > 0) faults.add(tally.failures().toString());
        stage.say("%d of %d: %,d requests, %s".formatted(i, size.times, tally.right(), faults));
      }
    }
    Report report = stage.report();
    report.condition(
        "no request fails or is refused within --drain-min, none is cut, the exit code is 0",
        faults.isEmpty(),
        "%d times, %,d requests over %,d connections, faults %s"
            .formatted(size.times, right, connects, faults));
    report.times("from SIGTERM to the end, " + Backends.SLOW.toSeconds() + " s requests", ends);
  }

  private Tally once(World world, Hosts hosts, Latencies ends, List<String> faults)
      throws Exception {
    String drainMin = size.drainMin.toMillis() + "ms";
    try (GatewayProcess gateway =
            GatewayProcess.start(world.config(), "", "--drain-min", drainMin);
        LoadClient load = load(gateway, hosts);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      LockSupport.parkNanos(BEFORE.toNanos());
      List<Future<String>> slow = new ArrayList<>();
      for (int i = 0; i < SLOW_REQUESTS; i++) slow.add(threads.submit(slow(gateway, hosts.get(i))));
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos()); // they have begun
      long signalNanos = System.nanoTime();
      gateway.terminate();
      LockSupport.parkNanos(size.drainMin.minus(MARGIN).toNanos());
      load.stop();
      for (Future<String> answer : slow) {
        if (!answer.get().isEmpty()) faults.add("slow request: " + answer.get());
      }
      int exitCode = gateway.awaitExit();
      ends.add(System.nanoTime() - signalNanos);
      if (exitCode != 0) faults.add("exit code " + exitCode + ": " + gateway.lines());
      return load.tally();
    }
  }

  private LoadClient load(GatewayProcess gateway, Hosts hosts) {
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), gateway.port("http"));
    return LoadClient.start(
        new LoadClient.Plan(target, CONNECTIONS, size.perSecond), hosts.questions(0, HOSTS, 1));
  }

  /** Empty when the answer was right. */
  private static Callable<String> slow(GatewayProcess gateway, HostSpec host) {
    return () -> {
      try (Probe probe = new Probe(gateway.port("http"))) {
        Answer answer = probe.get(host.host(), Backends.SLOW_PATH);
        boolean right =
            answer.status() == 200 && answer.body().equals(host.body(Backends.SLOW_PATH));
        return right ? "" : answer.toString();
      } catch (Exception failed) {
        return failed.toString();
      }
    };
  }
}

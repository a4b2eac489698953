package dev.penstock.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.penstock.scenarios.http.Latencies;
import dev.penstock.scenarios.http.LoadClient;
import dev.penstock.scenarios.http.Probe;
import dev.penstock.scenarios.http.Question;
import dev.penstock.scenarios.process.GatewayProcess;
import dev.penstock.scenarios.process.JavaHeap;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Lies;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.ProcessMemory;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.TestCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * An API server that answers everything with one lie after the other, for seconds each, under load:
 * no request fails, what changed meanwhile is served soon after the lie has ended, and of the lies
 * nothing is kept. Objects of a cluster may not lead to loopback, so that a route shows by its
 * redirect to https.
 */
final class LyingApiServer implements Scenario {
  private static final int HOSTS = 200;
  private static final int PER_SECOND = 500;
  private static final int CONNECTIONS = 16;
  private static final int REDIRECT = 308;
  private static final Duration LIE = Duration.ofSeconds(3);

  /** Within which all that changed meanwhile has to be served. */
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(5);

  /** Of the live heap; what a measurement differs by. */
  private static final double GROWTH_MAX = 0.02;

  private static final double MIB = 1 << 20;

  /**
   * @param times that each lie is told, after a first time that warms up
   */
  record Size(int times) {
    static final Size FULL = new Size(3);
    static final Size QUICK = new Size(1);
  }

  private final Size size;

  LyingApiServer(Size size) {
    this.size = size;
  }

  @Override
  public String name() {
    return "lying-api-server";
  }

  @Override
  public Duration expected() {
    return LIE.plusSeconds(1).multipliedBy((size.times + 1L) * Lies.toEverything().size());
  }

  @Override
  public void run(Stage stage) throws Exception {
    try (ScriptedApi api = new ScriptedApi()) {
      putAll(api);
      Path kubeconfig = Files.createDirectories(stage.directory()).resolve("kubeconfig");
      Files.writeString(kubeconfig, api.kubeconfig());
      try (GatewayProcess gateway =
              GatewayProcess.ofCluster(kubeconfig, "--publish-status-address", "192.0.2.7");
          LoadClient load = load(gateway)) {
        run(stage, api, gateway);
        load.stop();
        stage.report().noFailure("a load while it lies", load.tally());
      }
    }
  }

  private void run(Stage stage, ScriptedApi api, GatewayProcess gateway) throws Exception {
    Latencies recoveries = new Latencies();
    tellEach(api, gateway, new Latencies());
    JavaHeap before = JavaHeap.of(gateway.pid());
    double rssBefore = ProcessMemory.rssBytes(gateway.pid());
    for (int i = 1; i <= size.times; i++) {
      tellEach(api, gateway, recoveries);
      stage.say("each lie was told %d of %d times".formatted(i, size.times));
    }
    JavaHeap after = JavaHeap.of(gateway.pid());
    double growth = (double) after.liveBytes() / before.liveBytes() - 1;
    Report report = stage.report();
    report.condition(
        "the live heap is back within 2 %",
        growth <= GROWTH_MAX,
        "%.2f MiB, %.2f MiB".formatted(before.liveBytes() / MIB, after.liveBytes() / MIB));
    report.condition(
        "what changed meanwhile is served within " + RECOVERY_MAX.toSeconds() + " s",
        recoveries.percentileMillis(100) <= RECOVERY_MAX.toMillis(),
        "%d times".formatted(recoveries.count()));
    report.times("from the end of a lie to what changed meanwhile", recoveries);
    report.figure("resident memory before", rssBefore / MIB, "MiB");
    report.figure("resident memory after", ProcessMemory.rssBytes(gateway.pid()) / MIB, "MiB");
  }

  private static void tellEach(ScriptedApi api, GatewayProcess gateway, Latencies recoveries)
      throws Exception {
    for (Origin.Reply lie : Lies.toEverything().values()) {
      api.fault("/", Integer.MAX_VALUE, lie);
      api.compact();
      api.endWatches();
      api.delete("Ingress", "shop", "late");
      api.put(ingress("late", "late-%d.test".formatted(api.version())));
      String host = api.stored("Ingress", "shop", "late").at("/spec/rules/0/host").asText();
      LockSupport.parkNanos(LIE.toNanos());
      api.heal();
      long healedNanos = System.nanoTime();
      try (Probe probe = new Probe(gateway.port("http"))) {
        Await.until(host + " is served", () -> probe.get(host, "/").status() == REDIRECT);
      }
      recoveries.add(System.nanoTime() - healedNanos);
      api.forgetRequests();
    }
  }

  private static LoadClient load(GatewayProcess gateway) {
    InetSocketAddress target =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), gateway.port("http"));
    int[] next = {0};
    List<Question> questions =
        IntStream.range(0, HOSTS).mapToObj(i -> redirected(host(i))).toList();
    return LoadClient.start(
        new LoadClient.Plan(target, CONNECTIONS, PER_SECOND),
        () -> questions.get(next[0]++ % HOSTS));
  }

  private static Question redirected(String host) {
    return Question.judged(
        host,
        "/",
        answer -> answer.status() == REDIRECT ? "" : answer.status() + " in place of a redirect");
  }

  // ---- objects

  private static String host(int number) {
    return "h%d.test".formatted(number);
  }

  private static void putAll(ScriptedApi api) {
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"penstock"},
         "spec":{"controller":"penstock.dev/ingress-controller"}}
        """);
    api.put(
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"},
         "spec":{"type":"ClusterIP","ports":[{"name":"http","port":80}]}}
        """);
    TestCertificate certificate = TestCertificate.ec("*.test");
    api.put(
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"all","namespace":"shop"},
         "type":"kubernetes.io/tls","data":{"tls.crt":"%s","tls.key":"%s"}}
        """
            .formatted(base64(certificate.chainPem()), base64(certificate.keyPem())));
    for (int i = 0; i < HOSTS; i++) api.put(ingress("h" + i, host(i)));
    api.put(ingress("late", "late.test"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String ingress(String name, String host) {
    return """
    {"apiVersion":"networking.k8s.io/v1","kind":"Ingress",
     "metadata":{"name":"%1$s","namespace":"shop","creationTimestamp":"2026-01-31T12:00:00Z"},
     "spec":{"ingressClassName":"penstock","tls":[{"hosts":["%2$s"],"secretName":"all"}],
      "rules":[{"host":"%2$s","http":{"paths":[{"path":"/","pathType":"Prefix",
       "backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}}
    """
        .formatted(name, host);
  }
}

package dev.penstock.app;

import static dev.penstock.app.Reviews.ingress;
import static dev.penstock.app.Reviews.path;
import static dev.penstock.app.Reviews.review;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.host.PostServer;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.ProcessMemory;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The distribution's webhook of a cluster with many Ingresses: reviews one after the other, then
 * the same beside 64 senders of hostile reviews of 3 MiB, which are a process of their own with a
 * lower priority, as if on another machine. Takes three minutes; run by {@code make webhook-flood},
 * and not by the build.
 */
class WebhookLoad {
  private static final Path REPORT = Path.of("target/webhook-flood.txt");
  private static final int INGRESSES = Integer.getInteger("penstock.webhook.ingresses", 2_000);
  private static final Duration HOSTILE =
      Duration.ofSeconds(Integer.getInteger("penstock.webhook.seconds", 120));
  private static final int SENDERS = 64;
  private static final int WARM_UP = 3_000;
  private static final int REVIEWS = 1_000;

  /** Who asks about the controller's ConfigMap without pause, for these seconds. */
  private static final int SENDERS_OF_SETTINGS = 16;

  private static final Duration OF_SETTINGS = Duration.ofSeconds(30);

  /** Between reviews: an API server does not ask all the time. */
  private static final Duration PAUSE = Duration.ofMillis(5);

  /** As many as are judged. */
  private static final int PATHS_THAT_CHANGE = 2_490;

  /** The goals of the flood. */
  private static final double P99_MILLIS_MAX = 100;

  private static final long RSS_GROWTH_MAX = 64 << 20;

  private static final String GOOD = review(ingress("new", "h1.test", path("/api", "web")));

  @TempDir Path directory;

  private final StringBuilder report = new StringBuilder();

  @Test
  void aGoodReviewIsAnsweredInTimeBesideHostileOnes() throws Exception {
    start(this::flood);
  }

  @Test
  void aGoodReviewIsAnsweredInTimeBesideOnesThatEveryIngressDependsOn() throws Exception {
    start(this::settings);
  }

  private interface Run {
    void with(Distribution webhook) throws Exception;
  }

  private void start(Run run) throws Exception {
    TestCertificate certificate = TestCertificate.ec("localhost");
    Files.writeString(directory.resolve("tls.crt"), certificate.chainPem());
    Files.writeString(directory.resolve("tls.key"), certificate.keyPem());
    try (ScriptedApi api = new ScriptedApi()) {
      fill(api);
      Files.writeString(directory.resolve("kubeconfig"), api.kubeconfig());
      try (Distribution webhook = start()) {
        webhook.awaitErr("  webhook  https");
        run.with(webhook);
      }
    }
    Files.writeString(REPORT, report, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    System.out.print(report);
  }

  private static void fill(ScriptedApi api) {
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"penstock"},
         "spec":{"controller":"penstock.dev/ingress-controller"}}
        """);
    api.put(
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"},
         "spec":{"ports":[{"name":"http","port":80}]}}
        """);
    api.put(configMap(60));
    for (int i = 0; i < INGRESSES; i++)
      api.put(ingress("i" + i, "h" + i + ".test", path("/", "web")));
  }

  private Distribution start() throws IOException {
    return Distribution.start(
        Distribution.HOME.resolve("bin/penstock"),
        Map.of(),
        List.of(
            "webhook",
            "--port=0",
            "--admin-port=0",
            "--bind=127.0.0.1",
            "--admin-bind=127.0.0.1",
            "--configmap=penstock/penstock",
            "--kubeconfig=" + directory.resolve("kubeconfig"),
            "--tls-cert=" + directory.resolve("tls.crt"),
            "--tls-key=" + directory.resolve("tls.key")));
  }

  private void flood(Distribution webhook) throws Exception {
    long pid = webhook.family().getLast().pid();
    warmedUp(webhook);
    long before = ProcessMemory.rssBytes(pid);
    say("alone", measure(webhook.port("webhook"), GOOD, REVIEWS, PAUSE));
    double p99 = beside(SENDERS + " hostile senders", hostile(webhook, HOSTILE, SENDERS), webhook);
    long grown = ProcessMemory.rssPeakBytes(pid) - before;
    report.append(
        "RSS %d MiB before, %d MiB more at its peak%n".formatted(before >> 20, grown >> 20));
    assertThat(p99).as("%s", report).isLessThanOrEqualTo(P99_MILLIS_MAX);
    assertThat(grown).as("%s", report).isLessThanOrEqualTo(RSS_GROWTH_MAX);
  }

  private void settings(Distribution webhook) throws Exception {
    warmedUp(webhook);
    double p99 =
        beside(
            SENDERS_OF_SETTINGS + " senders of reviews of the ConfigMap",
            hostile(webhook, OF_SETTINGS, SENDERS_OF_SETTINGS),
            webhook);
    assertThat(p99).as("%s", report).isLessThanOrEqualTo(P99_MILLIS_MAX);
  }

  /** Whatever is made once is made. */
  private void warmedUp(Distribution webhook) throws IOException {
    int port = webhook.port("webhook");
    Await.until(
        () -> "the cluster is read", Distribution.PATIENCE, () -> post(port, GOOD).status() == 200);
    measure(port, GOOD, WARM_UP, Duration.ZERO);
    report.append("%d Ingresses; times in ms%n".formatted(INGRESSES));
  }

  private double beside(String whom, Process others, Distribution webhook) throws IOException {
    List<Double> times = new ArrayList<>();
    while (others.isAlive()) times.addAll(measure(webhook.port("webhook"), GOOD, 20, PAUSE));
    double p99 = say("beside " + whom, times);
    report
        .append("answers to these: ")
        .append(new String(others.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    return p99;
  }

  private static Process hostile(Distribution webhook, Duration time, int senders)
      throws IOException {
    List<String> command =
        List.of(
            "nice",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            WebhookLoad.class.getName(),
            Integer.toString(webhook.port("webhook")),
            Long.toString(time.toSeconds()),
            Integer.toString(senders));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** The hostile senders: of port, seconds, and how many; prints what they were answered. */
  static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1]));
    int count = Integer.parseInt(arguments[2]);
    List<String> bodies = count == SENDERS ? bodies() : List.of();
    Map<String, Integer> answers = new ConcurrentHashMap<>();
    try (ExecutorService senders = Executors.newThreadPerTaskExecutor(Thread::new)) {
      for (int i = 0; i < count; i++) {
        int sender = i;
        Runnable send =
            bodies.isEmpty()
                ? () -> sendSettings(port, sender, answers)
                : () -> send(port, bodies.get(sender % bodies.size()), answers);
        senders.execute(() -> {
          while (System.nanoTime() < end) send.run();
        });
      }
    }
    System.out.println(new TreeMap<>(answers));
  }

  private static String configMap(int readSeconds) {
    return """
    {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"penstock","namespace":"penstock"},
     "data":{"proxy-read-timeout":"%d"}}\
    """
        .formatted(readSeconds);
  }

  /** Some on one connection, each another change of what every Ingress depends on. */
  private static void sendSettings(int port, int sender, Map<String, Integer> answers) {
    try (RawClient client = RawClient.tls(port, "localhost")) {
      for (int i = 1; i <= 50; i++) {
        int seconds = 100 * sender + i;
        String change = configMap(seconds) + ",\"oldObject\":" + configMap(seconds + 1);
        String review =
            review(change)
                .replace("networking.k8s.io", "")
                .replace("\"kind\":\"Ingress\"", "\"kind\":\"ConfigMap\"")
                .replace("CREATE", "UPDATE");
        RawResponse answer = client.exchange(request(review));
        String how = answer.text().contains("is not said") ? " by itself" : "";
        answers.merge(answer.status() + how, 1, Integer::sum);
      }
    } catch (IOException | AssertionError cut) {
      answers.merge("cut", 1, Integer::sum);
    }
  }

  /** 3 MiB that end early, late, or are a review that has to be judged. */
  private static List<String> bodies() {
    int length = PostServer.BODY_BYTES_MAX - 2_000;
    String padding = "x".repeat(length);
    String many =
        IntStream.range(0, PATHS_THAT_CHANGE)
            .mapToObj(i -> path("/" + i + "x".repeat(length / 2 / PATHS_THAT_CHANGE - 110), "web"))
            .collect(Collectors.joining(","));
    String large = ingress("h", "h1.test", many);
    String update = review(large + ",\"oldObject\":" + large).replace("CREATE", "UPDATE");
    assertThat(update.length()).isBetween(length * 9 / 10, length);
    return List.of(
        "[".repeat(length),
        review("{\"a\":" + "[".repeat(length)),
        review("{\"a\":[" + "0,".repeat(length / 2) + "0]}"),
        review(
            ingress(
                "x\",\"annotations\":{\"a\":\"" + padding + "\"},\"z\":\"",
                "x.test",
                path("/", "web"))),
        update);
  }

  private static void send(int port, String body, Map<String, Integer> answers) {
    String answer;
    try {
      answer = Integer.toString(post(port, body).status());
    } catch (IOException | AssertionError cut) {
      answer = "cut";
    }
    answers.merge(answer, 1, Integer::sum);
  }

  /** The 99th percentile. */
  private double say(String what, List<Double> times) {
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    double p99 = sorted.get(sorted.size() * 99 / 100);
    report.append(
        String.format(
            Locale.ROOT,
            "%s: %d reviews, p50 %.1f, p99 %.1f, max %.1f%n",
            what,
            sorted.size(),
            sorted.get(sorted.size() / 2),
            p99,
            sorted.getLast()));
    return p99;
  }

  /** Milliseconds of each, on a connection that is kept, as an API server does. */
  private static List<Double> measure(int port, String body, int reviews, Duration pause)
      throws IOException {
    List<Double> times = new ArrayList<>(reviews);
    try (RawClient client = RawClient.tls(port, "localhost")) {
      for (int i = 0; i < reviews; i++) {
        long began = System.nanoTime();
        RawResponse answer = client.exchange(request(body));
        times.add((System.nanoTime() - began) / 1e6);
        assertThat(answer.text()).contains("\"allowed\": true");
        LockSupport.parkNanos(pause.toNanos());
      }
    }
    return times;
  }

  private static RawResponse post(int port, String body) throws IOException {
    try (RawClient client = RawClient.tls(port, "localhost")) {
      client.patience(Distribution.PATIENCE);
      return client.exchange(request(body));
    }
  }

  private static String request(String body) {
    return "POST /validate HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n\r\n"
        + body;
  }
}

package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.host.PostServer;
import dev.penstock.testkit.ProcessMemory;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The webhook as a process of a cluster with many Ingresses: reviews of one after the other, then
 * the same beside 64 senders of hostile reviews of 3 MiB. Takes two minutes and more; run by its
 * name, and not by the build.
 */
class WebhookLoad {
  private static final Path REPORT = Path.of("target/webhook-load.txt");
  private static final int INGRESSES = Integer.getInteger("penstock.webhook.ingresses", 5_000);
  private static final Duration HOSTILE =
      Duration.ofSeconds(Integer.getInteger("penstock.webhook.seconds", 120));
  private static final int SENDERS = 64;
  private static final int REVIEWS = 2_000;
  private static final Pattern PORT = Pattern.compile("webhook  https://127.0.0.1:(\\d+)/");

  @TempDir Path directory;

  private final StringBuilder report = new StringBuilder();

  @Test
  void aGoodReviewIsAnsweredInTimeBesideHostileOnes() throws Exception {
    TestCertificate certificate = TestCertificate.ec("localhost");
    Files.writeString(directory.resolve("tls.crt"), certificate.chainPem());
    Files.writeString(directory.resolve("tls.key"), certificate.keyPem());
    try (ScriptedApi api = new ScriptedApi()) {
      fill(api);
      Files.writeString(directory.resolve("kubeconfig"), api.kubeconfig());
      Process webhook = start();
      try {
        run(webhook);
      } finally {
        webhook.destroy();
        webhook.waitFor(20, TimeUnit.SECONDS);
      }
    }
    Files.writeString(REPORT, report);
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
    for (int i = 0; i < INGRESSES; i++) api.put(ingress("i" + i, "h" + i + ".test", "/"));
  }

  private static String ingress(String name, String host, String path) {
    return """
    {"apiVersion":"networking.k8s.io/v1","kind":"Ingress",
     "metadata":{"name":"%s","namespace":"shop","creationTimestamp":"2026-01-31T12:00:00Z"},
     "spec":{"ingressClassName":"penstock","rules":[{"host":"%s","http":{"paths":[
      {"path":"%s","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}
     ]}}]}}
    """
        .formatted(name, host, path);
  }

  private static String review(String object) {
    return """
    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",
     "kind":{"group":"networking.k8s.io","version":"v1","kind":"Ingress"},"operation":"CREATE",
     "object":%s}}\
    """
        .formatted(object);
  }

  private Process start() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx192m",
            "-XX:MaxDirectMemorySize=64m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.penstock.app.Main",
            "webhook",
            "--port=0",
            "--admin-port=0",
            "--bind=127.0.0.1",
            "--admin-bind=127.0.0.1",
            "--kubeconfig=" + directory.resolve("kubeconfig"),
            "--tls-cert=" + directory.resolve("tls.crt"),
            "--tls-key=" + directory.resolve("tls.key"));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private void run(Process webhook) throws Exception {
    BufferedReader out = webhook.inputReader();
    int port = 0;
    while (port == 0) {
      String line = out.readLine();
      if (line == null) throw new IOException("it ended");
      Matcher found = PORT.matcher(line);
      if (found.find()) port = Integer.parseInt(found.group(1));
    }
    Thread.ofVirtual().start(() -> out.lines().forEach(System.out::println));
    String good = review(ingress("new", "h1.test", "/api"));
    while (post(port, good).status() == 503) Thread.onSpinWait(); // the cluster is being read
    measure(port, good, 4 * REVIEWS); // warm
    long before = ProcessMemory.rssBytes(webhook.pid());
    report.append("%d Ingresses; times in ms%n".formatted(INGRESSES));
    say("alone", measure(port, good, REVIEWS));
    beside(port, good);
    long after = ProcessMemory.rssPeakBytes(webhook.pid());
    report.append("RSS %d MiB before, %d MiB at its peak%n".formatted(before >> 20, after >> 20));
    assertThat(post(port, good).status()).isEqualTo(200);
  }

  private void beside(int port, String good) throws Exception {
    String padding = "x".repeat(PostServer.BODY_BYTES_MAX - 2_000);
    List<String> bodies =
        List.of(
            "[".repeat(padding.length()),
            review("{\"a\":" + "[".repeat(padding.length())),
            review("{\"a\":[" + "0,".repeat(padding.length() / 2) + "0]}"),
            review(
                ingress("x\",\"annotations\":{\"a\":\"" + padding + "\"},\"z\":\"", "x.test", "/")),
            review(ingress("x", "x.test", "/" + padding)));
    AtomicBoolean over = new AtomicBoolean();
    Map<Object, Integer> answers = new ConcurrentHashMap<>();
    List<Double> times = new ArrayList<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < SENDERS; i++) {
        String body = bodies.get(i % bodies.size());
        senders.execute(() -> {
          while (!over.get()) answers.merge(send(port, body), 1, Integer::sum);
        });
      }
      long end = System.nanoTime() + HOSTILE.toNanos();
      while (System.nanoTime() < end) times.addAll(measure(port, good, 20));
      over.set(true);
    }
    say("beside " + SENDERS + " hostile senders", times);
    report.append("answers to these: ").append(new TreeMap<>(answers)).append('\n');
  }

  private static String send(int port, String body) {
    try {
      return Integer.toString(post(port, body).status());
    } catch (IOException | AssertionError cut) {
      return "cut"; // what is refused by its head is not read to its end
    }
  }

  private void say(String what, List<Double> times) {
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    report.append(
        String.format(
            Locale.ROOT,
            "%s: %d reviews, p50 %.1f, p99 %.1f, max %.1f%n",
            what,
            sorted.size(),
            sorted.get(sorted.size() / 2),
            sorted.get(sorted.size() * 99 / 100),
            sorted.getLast()));
  }

  /** Milliseconds of each, on a connection that is kept, as an API server does. */
  private static List<Double> measure(int port, String body, int reviews) throws IOException {
    List<Double> times = new ArrayList<>(reviews);
    try (RawClient client = RawClient.tls(port, "localhost")) {
      for (int i = 0; i < reviews; i++) {
        long began = System.nanoTime();
        RawResponse answer = client.exchange(request(body));
        times.add((System.nanoTime() - began) / 1e6);
        assertThat(answer.text()).contains("\"allowed\": true");
      }
    }
    return times;
  }

  private static RawResponse post(int port, String body) throws IOException {
    try (RawClient client = RawClient.tls(port, "localhost")) {
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

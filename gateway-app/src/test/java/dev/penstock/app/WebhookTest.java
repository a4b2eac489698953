package dev.penstock.app;

import static dev.penstock.app.Reviews.review;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.core.host.PostServer;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The webhook as a process would run it, on a scripted API server. */
class WebhookTest {
  private static final int HOSTILE = 64;

  /** For what reads and writes megabytes beside others that do. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final ScriptedApi api = new ScriptedApi();
  private @Nullable Webhook opened;

  @BeforeEach
  void aClusterWithAnIngress() throws IOException {
    put(TestCertificate.ec("localhost"));
    Files.writeString(directory.resolve("kubeconfig"), api.kubeconfig());
    api.put(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"penstock"},
         "spec":{"controller":"penstock.dev/ingress-controller"}}
        """);
    for (String name : List.of("web", "api")) {
      api.put(
          """
          {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","namespace":"shop"},
           "spec":{"ports":[{"name":"http","port":80}]}}
          """
              .formatted(name));
    }
    api.put(ingress("web", "shop.test", "/", "web"));
  }

  @AfterEach
  void close() {
    if (opened != null) opened.close();
    api.close();
  }

  private void put(TestCertificate certificate) throws IOException {
    Files.writeString(directory.resolve("tls.crt"), certificate.chainPem());
    Files.writeString(directory.resolve("tls.key"), certificate.keyPem());
  }

  private KeyFiles files() {
    return new KeyFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"));
  }

  private Webhook start() throws CliFailure {
    return start("--tls-cert=" + files().certificate(), "--tls-key=" + files().key());
  }

  private Webhook start(String... ofCertificate) throws CliFailure {
    List<String> flags = new ArrayList<>(List.of("--port=0", "--admin-port=0"));
    flags.addAll(List.of("--bind=127.0.0.1", "--admin-bind=127.0.0.1"));
    flags.add("--kubeconfig=" + directory.resolve("kubeconfig"));
    flags.addAll(List.of(ofCertificate));
    ParseResult parsed =
        new CommandLine(new WebhookCommand().spec()).parseArgs(flags.toArray(String[]::new));
    Webhook webhook = Webhook.start(WebhookOptions.of(parsed), ClusterOptions.of(parsed));
    opened = webhook;
    return webhook;
  }

  private Webhook ready() throws CliFailure {
    Webhook webhook = start();
    Await.until("it is ready", () -> admin(webhook, "/readyz").status() == 200);
    return webhook;
  }

  private static RawResponse admin(Webhook webhook, String path) throws IOException {
    try (RawClient client = RawClient.plain(webhook.adminPort())) {
      return client.exchange("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }
  }

  private static String ingress(String name, String host, String path, String service) {
    return Reviews.ingress(name, host, Reviews.path(path, service));
  }

  private static RawResponse post(Webhook webhook, String body) throws IOException {
    try (RawClient client = RawClient.tls(webhook.port(), "localhost")) {
      client.patience(PATIENCE);
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      return client.exchange(
          "POST /validate?timeout=10s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + length
              + "\r\n\r\n"
              + body);
    }
  }

  @Test
  void aReviewIsAnsweredByWhatTheClusterHolds() throws Exception {
    Webhook webhook = ready();
    RawResponse effect = post(webhook, review(ingress("api", "shop.test", "/api", "api")));
    assertThat(effect.status()).isEqualTo(200);
    assertThat(effect.text())
        .contains("\"allowed\": true")
        .contains("requests to shop.test/api now go to api:80 instead of web:80");
    assertThat(post(webhook, review(ingress("api", "a..b", "/", "api"))).text())
        .contains("\"allowed\": false", "has an empty label");
    api.put(ingress("other", "other.test", "/", "web"));
    Await.until(
        "the new Ingress is known",
        () ->
            post(webhook, review(ingress("x", "other.test", "/x", "api")))
                .text()
                .contains("instead of web:80"));
    assertThat(post(webhook, "{}").status()).isEqualTo(400);
    assertThat(api.asked())
        .noneMatch(path -> path.contains("secrets") || path.contains("endpointslices"));
    assertThat(api.writes()).isEmpty();
  }

  @Test
  void itIsReadyWhenTheClusterHasBeenRead() throws Exception {
    api.refuseLists("Ingress", 1_000, 500);
    Webhook webhook = start();
    assertThat(admin(webhook, "/healthz").status()).isEqualTo(200);
    assertThat(admin(webhook, "/readyz").status()).isEqualTo(503);
    assertThat(post(webhook, review(ingress("x", "x.test", "/", "web"))).status()).isEqualTo(503);
    api.heal();
    Await.until("it is ready", () -> admin(webhook, "/readyz").status() == 200);
    webhook.drain();
    assertThat(admin(webhook, "/readyz").status()).isEqualTo(503);
    assertThat(post(webhook, review(ingress("x", "x.test", "/", "web"))).status()).isEqualTo(200);
  }

  @Test
  void theMetricsCountAnswersAndTellTheEndOfTheCertificate() throws Exception {
    Webhook webhook = ready();
    post(webhook, review(ingress("x", "x.test", "/", "web")));
    post(webhook, review(ingress("x", "a..b", "/", "web")));
    System.gc(); // what is held weakly would be gone
    assertThat(admin(webhook, "/metrics").text())
        .contains("penstock_webhook_reviews_total{answer=\"allowed\"} 1.0")
        .contains("penstock_webhook_reviews_total{answer=\"denied\"} 1.0")
        .contains("penstock_webhook_requests_seconds_count{status=\"200\"} 2")
        .containsPattern("penstock_webhook_cert_expiry_seconds \\d\\.\\d+E9\n");
  }

  @Test
  void aCertificateIsReadAnewAndABadOneChangesNothing() throws Exception {
    Webhook webhook = ready();
    TestCertificate next = TestCertificate.rsa("localhost");
    put(next);
    webhook.filesMayHaveChanged(files());
    Files.writeString(directory.resolve("tls.key"), "half");
    webhook.filesMayHaveChanged(files());
    try (RawClient client = RawClient.tls(webhook.port(), "localhost")) {
      assertThat(client.tlsSocket().getSession().getPeerCertificates())
          .containsExactly(next.certificate());
    }
  }

  @Test
  void aCertificateOfASecretIsMadeAndServedBeforeItIsReady() throws Exception {
    api.put(
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"certificate","namespace":"penstock"}}
        """);
    api.put(
        """
        {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
         "metadata":{"name":"penstock"}}
        """);
    api.put(ScriptedCluster.lease("penstock", "penstock-webhook-leader"));
    Webhook webhook =
        start(
            "--certificate-secret=penstock/certificate",
            "--service=penstock/webhook",
            "--webhook-configuration=penstock");
    Await.until("it is ready", () -> admin(webhook, "/readyz").status() == 200);
    try (RawClient client = RawClient.tls(webhook.port(), "localhost")) {
      X509Certificate served =
          (X509Certificate) client.tlsSocket().getSession().getPeerCertificates()[0];
      assertThat(served.getSubjectAlternativeNames().toString())
          .contains("webhook.penstock.svc]", "webhook.penstock]");
    }
    Await.until(
        "API servers know whom to trust",
        () ->
            api.stored("ValidatingWebhookConfiguration", "", "penstock")
                .at("/webhooks/1/clientConfig/caBundle")
                .isTextual());
  }

  @Test
  void aCertificateComesFromFilesOrFromASecretAndNotFromBoth() {
    for (List<String> flags :
        List.of(
            List.<String>of(),
            List.of("--tls-cert=a"),
            List.of("--certificate-secret=a/b", "--service=a/c"),
            List.of("--tls-cert=a", "--tls-key=b", "--certificate-secret=a/b"))) {
      assertThatThrownBy(() -> start(flags.toArray(String[]::new)))
          .isInstanceOf(CliFailure.class)
          .hasMessageContaining("--tls-cert and --tls-key, or of --certificate-secret, --service");
    }
  }

  @Test
  void aCertificateThatCannotBeServedEndsTheStart() throws Exception {
    Files.writeString(directory.resolve("tls.key"), "none");
    assertThatThrownBy(this::start)
        .isInstanceOf(CliFailure.class)
        .hasMessageContaining("tls.key")
        .hasMessageContaining("--tls-cert");
    Files.delete(directory.resolve("tls.crt"));
    assertThatThrownBy(this::start).isInstanceOf(CliFailure.class).hasMessageContaining("tls.crt");
  }

  @Test
  void hostileReviewsSideBySideAreEachAnsweredAndAGoodOneAmongThem() throws Exception {
    Webhook webhook = ready();
    String padding = "x".repeat(PostServer.BODY_BYTES_MAX - 2_000);
    List<String> bodies =
        List.of(
            padding,
            "[".repeat(padding.length()),
            review("{\"a\":".repeat(padding.length() / 5)),
            review("{\"a\":[" + "0,".repeat(padding.length() / 2) + "0]}"),
            review(ingress("x\"},\"annotations\":{\"a\":\"" + padding, "x.test", "/", "web")),
            review(ingress("x", "x.test", "/" + padding, "web")));
    ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    try (senders) {
      List<Callable<RawResponse>> hostile = new ArrayList<>();
      for (int i = 0; i < HOSTILE; i++) {
        String body = bodies.get(i % bodies.size());
        hostile.add(() -> post(webhook, body));
      }
      List<Future<RawResponse>> sent = hostile.stream().map(senders::submit).toList();
      RawResponse good = post(webhook, review(ingress("api", "shop.test", "/api", "api")));
      assertThat(good.status()).isEqualTo(200);
      assertThat(good.text()).contains("instead of web:80");
      for (Future<RawResponse> each : sent) {
        RawResponse answer = each.get();
        assertThat(answer.status()).isIn(200, 400, 408, 429, 503);
        if (answer.status() == 200) assertThat(answer.text()).contains("\"allowed\": false");
      }
    }
    assertThat(post(webhook, review(ingress("x", "x.test", "/", "web"))).status()).isEqualTo(200);
  }
}

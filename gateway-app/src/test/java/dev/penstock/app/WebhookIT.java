package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution's webhook, and that the gateway has nothing of it. */
class WebhookIT {
  private static final Path LAUNCHER = Distribution.HOME.resolve("bin/penstock");

  @TempDir Path directory;

  @Test
  void itAnswersAsAProcessAndEndsInOrder() throws Exception {
    TestCertificate certificate = TestCertificate.ec("localhost");
    Path chain = Files.writeString(directory.resolve("tls.crt"), certificate.chainPem());
    Path key = Files.writeString(directory.resolve("tls.key"), certificate.keyPem());
    List<String> flags =
        List.of(
            "webhook",
            "--port=0",
            "--admin-port=0",
            "--bind=127.0.0.1",
            "--admin-bind=127.0.0.1",
            "--tls-cert=" + chain,
            "--tls-key=" + key);
    try (TrainingCluster cluster = TrainingCluster.in(directory);
        Distribution webhook = Distribution.start(LAUNCHER, cluster.environment(), flags)) {
      webhook.awaitErr("  webhook  https");
      Await.until("it is ready", () -> webhook.admin("/readyz").statusCode() == 200);
      try (RawClient client = RawClient.tls(webhook.port("webhook"), "localhost")) {
        String post = "POST /validate HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n";
        assertThat(client.exchange(post + "Content-Length: 2\r\n\r\n{}").status()).isEqualTo(400);
      }
      webhook.terminate();
      webhook.terminate(); // who is told twice waits for nobody
      assertThat(webhook.awaitExit()).isIn(ExitCode.OK, ExitCode.signal(15));
    }
  }

  @Test
  void aGatewayOfADirectoryLoadsNoClassOfTheWebhook() throws Exception {
    Path config = Files.createDirectory(directory.resolve("config"));
    Files.writeString(config.resolve("empty.yaml"), "");
    Path log = directory.resolve("classes.log");
    Distribution.serving(config, Map.of("PENSTOCK_JAVA_OPTS", logging(log))).close();
    assertThat(ofTheWebhook(log)).isEmpty();
  }

  @Test
  void aGatewayOfAClusterLoadsNoClassOfTheWebhook() throws Exception {
    Path log = directory.resolve("classes.log");
    List<String> arguments = new ArrayList<>(List.of("ingress"));
    arguments.addAll(Distribution.ON_FREE_PORTS);
    arguments.addAll(List.of(TrainingCluster.FLAGS));
    try (TrainingCluster cluster = TrainingCluster.in(directory)) {
      Map<String, String> environment = new HashMap<>(cluster.environment());
      environment.put("PENSTOCK_JAVA_OPTS", logging(log));
      try (Distribution gateway = Distribution.start(LAUNCHER, environment, arguments)) {
        gateway.awaitErr("  hosts  ");
      }
    }
    assertThat(ofTheWebhook(log)).isEmpty();
  }

  private static String logging(Path log) {
    return "-Xlog:class+load:file=" + log;
  }

  private static List<String> ofTheWebhook(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      List<String> ours = lines.filter(line -> line.contains(" dev.penstock.")).toList();
      assertThat(ours).hasSizeGreaterThan(100);
      return ours.stream()
          .filter(line ->
              line.contains(".admission.")
                  || line.contains(".app.Webhook ")
                  || line.contains(".PostServer")
                  || line.contains(".WebhookPages")
                  || line.contains(".CertificateKeeper")
                  || line.contains(".ingress.certificate."))
          .toList();
    }
  }
}

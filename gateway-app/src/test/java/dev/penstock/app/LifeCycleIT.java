package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the start to the end of a real process. */
class LifeCycleIT {
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: web.example\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  private static final int LARGE_BYTES = 400_000;
  private static final String LARGE_ANSWER = Answers.ok("x".repeat(LARGE_BYTES));

  @TempDir Path directory;

  /** While it is closed, the backend keeps its answers back. */
  private final CountDownLatch gate = new CountDownLatch(1);

  private Path config;
  private Origin origin;

  @BeforeEach
  void oneHost() throws IOException {
    origin =
        Origin.replying((request, connection) -> {
          if (request.target().equals("/slow")) awaitGate();
          connection.send(request.target().equals("/large") ? LARGE_ANSWER : ANSWER);
        });
    config = Files.createDirectory(directory.resolve("config"));
    Files.writeString(
        config.resolve("web.yaml"),
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web}
        spec:
          defaultBackend: {service: {name: web, port: {number: 80}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, annotations: {penstock.dev/endpoints: "127.0.0.1:%d"}}
        spec: {ports: [{port: 80}]}
        """
            .formatted(origin.port()));
  }

  @AfterEach
  void closeOrigin() {
    gate.countDown();
    origin.close();
  }

  private void awaitGate() throws IOException {
    try {
      gate.await();
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  @Test
  void aStopSignalDrainsStepByStepAndEndsWithZero() throws Exception {
    try (Distribution gateway =
            Distribution.serving(config, Map.of(), "--drain-min", "2s", "--drain-timeout", "60s");
        RawClient slow = RawClient.plain(gateway.port("http"))) {
      assertThat(gateway.admin("/readyz").statusCode()).isEqualTo(200);
      assertThat(answer(gateway).values("Connection")).isEmpty();
      slow.send(REQUEST.replace("GET /", "GET /slow"));
      origin.awaitRequests(2);

      gateway.terminate();
      Await.until("readiness goes off", () -> gateway.admin("/readyz").statusCode() == 503);
      RawResponse during = answer(gateway);
      assertThat(during.status()).isEqualTo(200);
      assertThat(during.value("Connection")).isEqualTo("close");
      Await.until("the listener closes", () -> !accepts(gateway));
      assertThat(gateway.isAlive()).isTrue();

      gate.countDown();
      assertThat(slow.readFinal("GET").text()).endsWith("hi");
      assertThat(gateway.awaitExit()).isZero();
      assertThat(gateway.err()).last().isEqualTo("ended, every request was answered");
      assertThat(gateway.out()).hasSize(3).allMatch(line -> line.contains("[default-web-80]"));
    }
  }

  @Test
  void aStopSignalLeavesASlowClientItsWholeAnswer() throws Exception {
    try (Distribution gateway =
            Distribution.serving(config, Map.of(), "--drain-min", "0s", "--drain-timeout", "60s");
        RawClient slow = RawClient.plain(gateway.port("http"), 8192)) {
      slow.send(REQUEST.replace("GET /", "GET /large")).readHead();
      gateway.terminate();
      long slowly = slow.drainAtRate(LARGE_BYTES / 3, Duration.ofSeconds(2));
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      assertThat(slow.readToEnd(rest)).isEqualTo(RawClient.Close.CLEAN);
      assertThat(slowly + rest.size()).isEqualTo(LARGE_BYTES);
      assertThat(gateway.awaitExit()).isZero();
      assertThat(gateway.err()).last().isEqualTo("ended, every request was answered");
    }
  }

  @Test
  void aChangedConfigMapIsInForceWithoutARestartAndABadOneOutlivesIt() throws Exception {
    Path configMap = config.resolve("configmap.yaml");
    String[] flags = {
      "--configmap", "penstock/settings", "--state-dir", directory.resolve("state").toString()
    };
    write(configMap, "keep-alive: '0'");
    try (Distribution gateway = Distribution.serving(config, Map.of(), flags)) {
      assertThat(answer(gateway).value("Connection")).isEqualTo("close");

      write(configMap, "keep-alive: '75'");
      Await.until("it is kept", () -> answer(gateway).values("Connection").isEmpty());
      write(configMap, "keep-alive: '0'");
      Await.until("it is not kept", () -> !answer(gateway).values("Connection").isEmpty());

      write(configMap, "keep-alive: never");
      gateway.awaitErr("the last good value stays in force ('0')");
      assertThat(answer(gateway).value("Connection")).isEqualTo("close");
    }
    try (Distribution restarted = Distribution.serving(config, Map.of(), flags)) {
      assertThat(answer(restarted).value("Connection")).isEqualTo("close");
    }
  }

  @Test
  void theClientOfALoadBalancerIsKnownAsSoonAsTheConfigMapNamesItsNetwork() throws Exception {
    Path configMap = config.resolve("configmap.yaml");
    write(configMap, "use-forwarded-headers: 'true', proxy-real-ip-cidr: 10.0.0.0/8");
    try (Distribution gateway =
            Distribution.serving(config, Map.of(), "--configmap", "penstock/settings");
        RawClient client = RawClient.plain(gateway.port("http"))) {
      assertThat(clientSeen(client)).isEqualTo("127.0.0.1");
      write(configMap, "use-forwarded-headers: 'true', proxy-real-ip-cidr: 127.0.0.1");
      Await.until("it is believed", () -> clientSeen(client).equals("192.0.2.7"));
      write(configMap, "use-forwarded-headers: 'false', proxy-real-ip-cidr: 127.0.0.1");
      Await.until("it is no longer believed", () -> clientSeen(client).equals("127.0.0.1"));
      Await.until(
          "the log names it",
          () -> gateway.out().stream().anyMatch(line -> line.startsWith("192.0.2.7 ")));
    }
  }

  /** What the backend is told, by one connection, when a load balancer names a client. */
  private String clientSeen(RawClient client) throws IOException {
    String said = "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n\r\n";
    client.exchange(REQUEST.replaceFirst("\r\n$", "") + said);
    return origin.requests().getLast().value("x-forwarded-for");
  }

  private static void write(Path configMap, String data) throws IOException {
    Files.writeString(
        configMap,
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: penstock}
        data: {%s}
        """
            .formatted(data));
  }

  @Test
  void aStopSignalDrainsFromTheMomentOfReadiness() throws Exception {
    int admin = Ports.closed();
    try (Distribution gateway = starting(admin)) {
      awaitAdmin(gateway, admin, "/readyz");
      gateway.terminate();
      assertThat(gateway.awaitExit()).isZero();
      assertThat(gateway.err()).last().isEqualTo("ended, every request was answered");
    }
  }

  @Test
  void whatLogRotationSendsEndsNoProcessThatStarts() throws Exception {
    int admin = Ports.closed();
    try (Distribution gateway = starting(admin)) {
      awaitAdmin(gateway, admin, "/healthz");
      gateway.signal("HUP");
      gateway.signal("USR1");
      gateway.awaitErr("  hosts  ");
      assertThat(answer(gateway).status()).isEqualTo(200);
    }
  }

  private Distribution starting(int adminPort) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("run", "--config", config.toString()));
    arguments.addAll(Distribution.ON_FREE_PORTS);
    arguments.remove("--admin-port=0");
    arguments.addAll(List.of("--admin-port=" + adminPort, "--drain-min=0s"));
    return Distribution.start(Distribution.HOME.resolve("bin/penstock"), Map.of(), arguments);
  }

  /**
   * As fast as it can, for what happens at this very moment. From another address: of thousands of
   * connections one would have the awaited port as its own, and the gateway could not listen there.
   */
  private static void awaitAdmin(Distribution gateway, int port, String path) {
    long deadline = System.nanoTime() + Distribution.PATIENCE.toNanos();
    String last = "nothing";
    while (System.nanoTime() - deadline < 0 && gateway.isAlive()) {
      try (RawClient client = RawClient.plainFrom("127.0.0.2", port)) {
        String request = "GET %s HTTP/1.1\r\nHost: a\r\n\r\n".formatted(path);
        RawResponse answer = client.exchange(request);
        if (answer.status() == 200) return;
        last = answer.toString();
      } catch (IOException notYet) {
        last = notYet.toString();
      }
    }
    throw new AssertionError(
        "%s is not 200 but %s; the process said %s".formatted(path, last, gateway.err()));
  }

  @Test
  void aSecondSignalEndsAtOnce() throws Exception {
    try (Distribution gateway = Distribution.serving(config, Map.of());
        RawClient slow = RawClient.plain(gateway.port("http"))) {
      slow.send(REQUEST.replace("GET /", "GET /slow"));
      origin.awaitRequests(1);
      gateway.terminate();
      gateway.awaitErr("signal 15");
      gateway.terminate();
      assertThat(gateway.awaitExit()).isEqualTo(143);
      assertThat(gateway.err()).last().isEqualTo("ended, 1 request cut");
    }
  }

  @Test
  void whatIsNotDoneAtTheTimeoutIsCutAndSaid() throws Exception {
    try (Distribution gateway =
            Distribution.serving(
                config, Map.of(), "--drain-min", "100ms", "--drain-timeout", "300ms");
        RawClient slow = RawClient.plain(gateway.port("http"))) {
      slow.send(REQUEST.replace("GET /", "GET /slow"));
      origin.awaitRequests(1);
      gateway.terminate();
      assertThat(gateway.awaitExit()).isEqualTo(ExitCode.CUT);
      assertThat(gateway.err()).last().isEqualTo("ended, 1 request cut");
    }
  }

  @Test
  void withoutTheDirectoryTheLastGoodStateIsServed() throws Exception {
    Path state = directory.resolve("state");
    try (Distribution gateway =
        Distribution.serving(
            config, Map.of(), "--state-dir", state.toString(), "--drain-min", "0s")) {
      gateway.terminate();
      assertThat(gateway.awaitExit()).isZero();
    }
    try (var files = Files.list(state)) {
      assertThat(files)
          .singleElement()
          .satisfies(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .isEqualTo("rw-------"));
    }
    Path elsewhere = Files.move(config, directory.resolve("elsewhere"));
    try (Distribution gateway =
        Distribution.serving(config, Map.of(), "--state-dir", state.toString())) {
      assertThat(answer(gateway).status()).isEqualTo(200);
      assertThat(gateway.awaitErr("last good state of " + state)).contains(config.toString());
      assertThat(gateway.admin("/readyz").statusCode()).isEqualTo(200);
      assertThat(gateway.admin("/metrics").body()).contains("\npenstock_state_write_failing 0.0\n");

      Path file = elsewhere.resolve("web.yaml");
      String text = Files.readString(file);
      Files.writeString(file, text.replace("kind: Ingress", "kind: Ingress # moved back"));
      Files.move(elsewhere, config);
      gateway.awaitErr("no longer: ");
    }
  }

  @Test
  void aChangeIsServedWithoutARestart() throws Exception {
    try (Distribution gateway = Distribution.serving(config, Map.of())) {
      Path file = config.resolve("web.yaml");
      String text = Files.readString(file);
      Files.writeString(file, "kind: [");
      gateway.awaitErr("web.yaml:1:");
      Await.until(
          "the error is counted",
          () ->
              gateway
                  .admin("/metrics")
                  .body()
                  .contains("\npenstock_diagnostics{level=\"error\"} 1.0\n"));
      assertThat(answer(gateway).status()).isEqualTo(200);
      Files.writeString(file, text.replace("name: web, port", "name: none, port"));
      Await.until("the change is served", () -> answer(gateway).status() == 503);
    }
  }

  @Test
  void theAdminPortTellsWhatIsServed() throws Exception {
    try (Distribution gateway = Distribution.serving(config, Map.of())) {
      assertThat(answer(gateway).status()).isEqualTo(200);
      String served = gateway.admin("/config?host=web.example").body();
      assertThat(served)
          .contains("\"upstream\": \"default/web:80\"", "127.0.0.1:" + origin.port(), "web.yaml");
      Files.writeString(config.resolve("web.yaml"), "kind: [");
      assertThat(gateway.awaitErr("web.yaml:1:")).startsWith("{\"timestamp\":").endsWith("}");
    }
  }

  @Test
  void anAccessLogThatWasRenamedGoesOnInANewFile() throws Exception {
    Path log = directory.resolve("access.log");
    try (Distribution gateway =
        Distribution.serving(
            config,
            Map.of(),
            "--access-log-file",
            log.toString(),
            "--access-log-format",
            "$request_uri $status")) {
      for (String signal : List.of("HUP", "USR1")) {
        assertThat(answer(gateway).status()).isEqualTo(200);
        Await.until("the line is there", () -> Files.readString(log).equals("/ 200\n"));
        Files.move(log, directory.resolve("access.log." + signal));
        gateway.signal(signal);
        Await.until("the file is there again", () -> Files.exists(log));
      }
      assertThat(gateway.out()).isEmpty();
      assertThat(gateway.isAlive()).isTrue();
    }
  }

  @Test
  void anAccessLogThatCannotBeOpenedIsOneLine() throws Exception {
    try (Distribution gateway =
        Distribution.start(
            Distribution.HOME.resolve("bin/penstock"),
            Map.of(),
            List.of("run", "--config", config.toString(), "--access-log-file", "/no/such/file"))) {
      assertThat(gateway.awaitExit()).isEqualTo(ExitCode.USAGE);
      assertThat(gateway.err())
          .containsExactly(
              "penstock: the access log '/no/such/file' cannot be opened: its directory does not"
                  + " exist; choose another with --access-log-file");
    }
  }

  private static RawResponse answer(Distribution gateway) throws IOException {
    try (RawClient client = RawClient.plain(gateway.port("http"))) {
      return client.exchange(REQUEST);
    }
  }

  private static boolean accepts(Distribution gateway) {
    try (RawClient client = RawClient.plain(gateway.port("http"))) {
      return client.localPort() > 0;
    } catch (IOException refused) {
      return false;
    }
  }
}

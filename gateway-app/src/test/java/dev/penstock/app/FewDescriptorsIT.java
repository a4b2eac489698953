package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process with few descriptors, and more clients than it can have. */
class FewDescriptorsIT {
  private static final String REQUEST = "GET /web HTTP/1.1\r\nHost: web.example\r\n\r\n";

  /** Answered without a backend. */
  private static final String UNROUTED = "GET / HTTP/1.1\r\nHost: web.example\r\n\r\n";

  /** The virtual machine and its libraries take some 70 of them before anything is served. */
  private static final int DESCRIPTORS = 128;

  private static final int CLIENTS = 200;

  /** The admin port's share of {@link #DESCRIPTORS}. */
  private static final int ADMIN_MAX = 8;

  @TempDir Path directory;

  @Test
  void moreClientsThanDescriptorsDoNoHarm() throws Exception {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        Distribution gateway = start(DESCRIPTORS, origin)) {
      gateway.awaitErr("  hosts  ");
      int port = gateway.port("http");
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < CLIENTS; i++) clients.add(RawClient.plain(port));
        // Those that were let in are served; their backend's connections find a descriptor.
        assertThat(clients.getFirst().exchange(REQUEST).status()).isEqualTo(200);
        Await.until("accepting pauses", () -> pauses(gateway, "") > 0);
        assertThat(gateway.isAlive()).isTrue();
      } finally {
        for (RawClient client : clients) client.close();
      }
      for (int i = 0; i < CLIENTS; i++) {
        try (RawClient client = RawClient.plain(port)) {
          assertThat(client.exchange(REQUEST).text()).isEqualTo("served");
        }
      }
      assertThat(gateway.err().stream().filter(line -> line.contains("WARN")))
          .as("no flood of log lines")
          .hasSizeLessThan(10);
    }
  }

  @Test
  void aFullAdminPortTakesNoDescriptorOfTheTraffic() throws Exception {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        Distribution gateway = start(DESCRIPTORS, origin)) {
      gateway.awaitErr("  hosts  ");
      List<RawClient> clients = new ArrayList<>();
      try {
        double before = open(gateway);
        for (int i = 0; i < CLIENTS; i++) clients.add(RawClient.plain(gateway.port("admin")));
        // Those above the bound are closed by another thread than the one that takes them.
        Await.until("the admin port keeps its bound", () -> open(gateway) < before + ADMIN_MAX + 2);
        RawClient first = RawClient.plain(gateway.port("http"));
        clients.add(first);
        assertThat(first.exchange(UNROUTED).status()).isEqualTo(404); // it is accepted
        for (int i = 1; i < CLIENTS; i++) clients.add(RawClient.plain(gateway.port("http")));
        assertThat(first.exchange(REQUEST).status()).isEqualTo(200);
      } finally {
        for (RawClient client : clients) client.close();
      }
      assertThat(pauses(gateway, "reason=\"failure\"")).isZero();
    }
  }

  /** With 80 the JVM has its jars, of which it holds some 60, and the gateway does not start. */
  @ParameterizedTest
  @ValueSource(ints = {30, 60, 79, 80})
  void tooFewToStartIsOneLine(int tooFew) throws Exception {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        Distribution gateway = start(tooFew, origin)) {
      assertThat(gateway.awaitExit()).isEqualTo(ExitCode.USAGE);
      assertThat(gateway.err())
          .singleElement()
          .asString()
          .startsWith("penstock: ")
          .contains("the limit of open files (" + tooFew + ")");
    }
  }

  /** For this reason; for both together when it is empty. */
  private static double pauses(Distribution gateway, String reason)
      throws IOException, InterruptedException {
    return sum(gateway, "penstock_listener_accept_pauses_total{" + reason);
  }

  /** Descriptors. */
  private static double open(Distribution gateway) throws IOException, InterruptedException {
    return sum(gateway, "process_files_open_files");
  }

  private static double sum(Distribution gateway, String series)
      throws IOException, InterruptedException {
    return gateway
        .admin("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  private Distribution start(int descriptors, Origin origin) throws IOException {
    Path config = Files.createDirectory(directory.resolve("config"));
    Files.writeString(
        config.resolve("web.yaml"), new PathManifest().with("/web", origin.port()).text());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-c",
                "ulimit -n " + descriptors + "; exec \"$0\" \"$@\"",
                Distribution.HOME.resolve("bin/penstock").toString()));
    arguments.addAll(List.of("run", "--config", config.toString(), "--bind", "127.0.0.1"));
    arguments.addAll(List.of("--http-port", "0", "--https-port", "0", "--admin-port", "0"));
    arguments.addAll(List.of("--event-loops", "2"));
    return Distribution.start(Path.of("/bin/sh"), Map.of(), arguments);
  }
}

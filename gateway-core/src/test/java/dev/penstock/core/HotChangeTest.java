package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.PathMatch;
import dev.penstock.model.Settings;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changes are served from the next request on, and no request fails by one. */
@ExtendWith(LeakExtension.class)
class HotChangeTest {
  private static final int CHANGES = 1_000;
  private static final int CLIENTS = 8;

  @Test
  void aChangeIsInForceForTheNextRequestOfAnOpenConnection() throws IOException {
    try (Origin a = Origin.answering(Answers.ok("a"));
        Origin b = Origin.answering(Answers.ok("b"));
        GatewayFixture gateway = GatewayFixture.to(a);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("a");
      gateway.publish(
          TestWorld.empty()
              .upstream("other", b.port())
              .route("a.test", new PathMatch.Prefix("/"), "other"));
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("b");
      gateway.publish(TestWorld.empty());
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(404);
    }
  }

  @Test
  void theServerFieldComesAndGoesWithTheSettings() throws IOException {
    String backend = "HTTP/1.1 200 OK\r\nServer: backend\r\nContent-Length: 0\r\n\r\n";
    try (Origin origin = Origin.answering(backend);
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).has("Server")).isFalse();
      gateway.publish(TestWorld.to(origin).settings(new TestSettings().serverTokens()));
      assertThat(client.exchange(Requests.get("/")).value("Server")).isEqualTo("Penstock");
      gateway.publish(TestWorld.empty().settings(new TestSettings().serverTokens()));
      RawResponse own = client.exchange(Requests.get("/"));
      assertThat(own.status()).isEqualTo(404);
      assertThat(own.value("Server")).isEqualTo("Penstock");
      gateway.publish(TestWorld.empty());
      assertThat(client.exchange(Requests.get("/")).has("Server")).isFalse();
    }
  }

  @Test
  void aServerFieldOfTheCommandLineGoesBeforeThatOfTheSettings() {
    for (Settings settings : List.of(Settings.DEFAULT, new TestSettings().serverTokens().build())) {
      assertThat(Gateway.server("edge", settings)).asString().isEqualTo("edge");
    }
  }

  @Test
  void noRequestFailsWhileRoutesAndEndpointsChange() throws Exception {
    try (Origin a = Origin.answering(Answers.ok("served"));
        Origin b = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(a, b), 2, 80, 443)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger served = new AtomicInteger();
      Queue<String> failures = new ConcurrentLinkedQueue<>();
      Thread[] clients = new Thread[CLIENTS];
      for (int i = 0; i < CLIENTS; i++) {
        int index = i;
        clients[i] = Thread.ofVirtual().start(() -> ask(gateway, index, stop, served, failures));
      }
      for (int i = 0; i < CHANGES; i++) {
        TestWorld world = i % 2 == 0 ? TestWorld.to(a) : TestWorld.to(b);
        world.upstream("u" + i % 7, a.port());
        world.route("", new PathMatch.Prefix("/changing/" + i % 11), "u" + i % 7);
        gateway.publish(world);
        if (i % 3 == 0) {
          gateway.gateway().publishEndpoints(TestWorld.endpoints("app", a.port(), b.port()));
        }
      }
      Await.until(
          () -> served + " requests served, failed: " + failures,
          Await.PATIENCE,
          () -> served.get() > 2_000 || !failures.isEmpty());
      stop.set(true);
      for (Thread client : clients) client.join();
      assertThat(failures).isEmpty();
    }
  }

  private static void ask(
      GatewayFixture gateway,
      int index,
      AtomicBoolean stop,
      AtomicInteger served,
      Queue<String> failures) {
    String request = index % 2 == 0 ? Requests.get("/x") : Requests.post("/x", "body");
    Transport transport = index % 4 < 2 ? Transport.PLAIN : Transport.TLS;
    try {
      while (!stop.get()) {
        try (RawClient client = gateway.connect(transport)) {
          askOverOneConnection(client, request, stop, served, failures);
        }
      }
    } catch (IOException | RuntimeException failed) {
      failures.add(request + ": " + failed);
    }
  }

  private static void askOverOneConnection(
      RawClient client,
      String request,
      AtomicBoolean stop,
      AtomicInteger served,
      Queue<String> failures)
      throws IOException {
    for (int i = 0; i < 100 && !stop.get(); i++) {
      RawResponse response = client.exchange(request);
      if (!response.text().equals("served")) failures.add(response.toString());
      served.incrementAndGet();
    }
  }
}

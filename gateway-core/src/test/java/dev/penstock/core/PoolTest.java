package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.loop.Loop;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.OriginConnection;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.Recording;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections to endpoints: used again, bounded, and gone when their endpoint is. */
@ExtendWith(LeakExtension.class)
class PoolTest {
  private static Origin good(String name) {
    return Origin.answering(Answers.ok(name));
  }

  @Test
  void requestsOneAfterAnotherShareAConnection() throws IOException {
    try (Origin origin = good("a");
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      for (int i = 0; i < 5; i++) {
        try (RawClient client = gateway.plain()) {
          assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(200);
        }
      }
      assertThat(origin.connections()).hasSize(1);
    }
  }

  @Test
  void endpointsTakeTurns() throws IOException {
    try (Origin a = good("a");
        Origin b = good("b");
        Origin c = good("c");
        GatewayFixture gateway = GatewayFixture.to(a, b, c);
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 9; i++) client.exchange(Requests.get("/"));
      for (Origin origin : new Origin[] {a, b, c}) assertThat(origin.requests()).hasSize(3);
    }
  }

  @Test
  void aConnectionThatTheBackendClosedIsNotUsedAgain() throws IOException {
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send(Answers.ok("good"));
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("good");
        OriginConnection used = origin.awaitConnection(i);
        assertThat(used.index()).isEqualTo(i);
      }
    }
  }

  @Test
  void aConnectionWhoseAnswerSaysCloseIsNotUsedAgain() throws IOException {
    try (Origin origin = Origin.answering(Answers.withStatus(200, "OK", "x", "Connection: close"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.exchange(Requests.get("/")).values("connection")).doesNotContain("close");
      }
      assertThat(origin.connections()).hasSize(3);
    }
  }

  @Test
  void anEndpointThatRefusedIsPassedOverForAWhile() throws IOException {
    int port = Ports.closed();
    try (Origin good = good("good");
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.toPorts(port, good.port())
                    .settings(new TestSettings().failedPause(Duration.ofMillis(800))));
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 2; i++) client.exchange(Requests.get("/"));
      try (Origin back =
          Origin.start(
              port,
              1 << 20,
              0,
              Origin.forEachRequest((request, c) -> c.send(Answers.ok("back"))))) {
        for (int i = 0; i < 6; i++) {
          assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("good");
        }
        assertThat(back.connections()).isEmpty();
        Await.until(
            "the endpoint gets requests again",
            () -> client.exchange(Requests.get("/")).text().equals("back"));
      }
    }
  }

  @Test
  void endpointsThatAllRefusedAreStillTried() throws IOException {
    int port = Ports.closed();
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(port));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(502);
      try (Origin back =
          Origin.start(
              port,
              1 << 20,
              0,
              Origin.forEachRequest((request, c) -> c.send(Answers.ok("back"))))) {
        assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("back");
        assertThat(back.requests()).hasSize(1);
      }
    }
  }

  @Test
  void beyondTheBoundRequestsWaitAndBeyondTheQueueTheyAre503() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    try (Origin origin =
            Origin.replying((request, c) -> {
              while (release.getCount() > 0) c.pause(Duration.ofMillis(5));
              c.send(Answers.ok(request.target()));
            });
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).settings(new TestSettings().pool(1, 1)));
        RawClient lent = gateway.plain();
        RawClient waiting = gateway.plain();
        RawClient refused = gateway.plain()) {
      lent.send(Requests.get("/lent"));
      origin.awaitConnection(0);
      waiting.send(Requests.get("/waiting"));
      Await.until("one waits", () -> gateway.gateway().activeRequests() == 2);
      assertThat(refused.exchange(Requests.get("/refused")).status()).isEqualTo(503);
      gateway.awaitLog("\"UO\"", "503");
      release.countDown();
      assertThat(lent.readFinal("GET").text()).isEqualTo("/lent");
      assertThat(waiting.readFinal("GET").text()).isEqualTo("/waiting");
      assertThat(origin.connections()).hasSize(1);
    }
  }

  /**
   * All in one wait of the loop: the number of a reset client's socket is free, goes to a new
   * connection, and only then come the events of the old one.
   */
  @Test
  void clientsThatResetHarmNoConnectionThatIsMadeAtThatMoment() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger answered = new AtomicInteger();
    try (Origin origin =
            Origin.replying((request, c) -> {
              while (request.target().equals("/late") && answer.getCount() > 0) {
                c.pause(Duration.ofMillis(5));
              }
              c.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ngood");
              answered.incrementAndGet();
            });
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      List<RawClient> gone = asking(gateway, 40, "/late");
      Await.until("all wait", () -> gateway.gateway().activeRequests() == gone.size());
      List<RawClient> good = asking(gateway, 20, "/first");
      for (RawClient client : good) assertThat(client.readFinal("GET").text()).isEqualTo("good");

      CountDownLatch goOn = new CountDownLatch(1);
      Loop loop = gateway.gateway().host().loops().getFirst();
      loop.eventLoop().execute(() -> awaitUninterruptibly(goOn));
      answer.countDown();
      Await.until("all are answered", () -> answered.get() == gone.size() + good.size());
      for (RawClient client : good) client.send(Requests.get("/"));
      for (RawClient client : gone) client.reset();
      goOn.countDown();
      for (RawClient client : good) assertThat(client.readFinal("GET").text()).isEqualTo("good");
      good.forEach(RawClient::close);
    }
  }

  private static List<RawClient> asking(GatewayFixture gateway, int count, String path)
      throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) clients.add(gateway.plain().send(Requests.get(path)));
    return clients;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aWebSocketTakesNoRequestsPlace() throws IOException {
    try (Origin origin =
            Origin.replying((request, c) -> {
              if (request.has("upgrade")) c.acceptWebSocket(request);
              else c.send(Answers.ok("good"));
            });
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).settings(new TestSettings().pool(1, 0)));
        RawClient first = gateway.plain();
        RawClient second = gateway.plain();
        RawClient client = gateway.plain()) {
      assertThat(first.exchange(Requests.webSocket("/")).status()).isEqualTo(101);
      assertThat(second.exchange(Requests.webSocket("/")).status()).isEqualTo(101);
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("good");
      first.reset();
      second.reset();
      Await.until("they are gone", () -> gateway.gateway().openConnections() == 1);
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("good");
    }
  }

  @Test
  void whoWaitsAsLongAsTheConnectTimeoutIs503() throws IOException {
    try (Origin origin = Origin.playing(OriginConnection::drain);
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .settings(new TestSettings().pool(1, 1))
                    .policy(new TestPolicy().connectTimeout(Duration.ofMillis(200))));
        RawClient lent = gateway.plain();
        RawClient waiting = gateway.plain()) {
      lent.send(Requests.get("/lent"));
      origin.awaitConnection(0);
      assertThat(waiting.exchange(Requests.get("/waiting")).status()).isEqualTo(503);
      gateway.awaitLog("\"UO\"", "503");
    }
  }

  @Test
  void aWaiterThatWentAwayTakesNobodysPlace() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    try (Origin origin =
            Origin.replying((request, c) -> {
              while (release.getCount() > 0) c.pause(Duration.ofMillis(5));
              c.send(Answers.ok(request.target()));
            });
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).settings(new TestSettings().pool(1, 1)));
        RawClient lent = gateway.plain();
        RawClient next = gateway.plain()) {
      lent.send(Requests.get("/lent"));
      origin.awaitConnection(0);
      try (RawClient gone = gateway.plain()) {
        gone.send(Requests.get("/gone"));
        Await.until("one waits", () -> gateway.gateway().activeRequests() == 2);
        gone.reset();
      }
      Await.until("it left", () -> gateway.gateway().activeRequests() == 1);
      next.send(Requests.get("/next"));
      Await.until("the next waits", () -> gateway.gateway().activeRequests() == 2);
      release.countDown();
      assertThat(lent.readFinal("GET").text()).isEqualTo("/lent");
      assertThat(next.readFinal("GET").text()).isEqualTo("/next");
      assertThat(origin.requests()).hasSize(2);
    }
  }

  @Test
  void idleConnectionsOfAnEndpointThatLeavesAreClosedAtOnce() throws IOException {
    try (Origin origin = good("leaves");
        Origin stays = good("stays");
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.exchange(Requests.get("/"));
      gateway.gateway().publishEndpoints(TestWorld.endpoints("app", stays.port()));
      Recording left = origin.awaitConnection(0).recording();
      Await.until("the idle connection is closed", () -> left.end() != Recording.End.OPEN);
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("stays");
    }
  }

  @Test
  void aRequestAtAnEndpointThatLeavesIsFinishedAndThenItsConnectionIsClosed() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    try (Origin origin =
            Origin.replying((request, c) -> {
              while (release.getCount() > 0) c.pause(Duration.ofMillis(5));
              c.send(Answers.ok("finished"));
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/"));
      origin.awaitRequests(1);
      gateway.gateway().publishEndpoints(TestWorld.endpoints("app"));
      release.countDown();
      assertThat(client.readFinal("GET").text()).isEqualTo("finished");
      Recording left = origin.awaitConnection(0).recording();
      Await.until("the connection is closed", () -> left.end() != Recording.End.OPEN);
    }
  }

  @Test
  void aConnectionThatIsIdleForTooLongIsClosed() throws IOException {
    try (Origin origin = good("a");
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .settings(new TestSettings().poolIdle(Duration.ofMillis(200))));
        RawClient client = gateway.plain()) {
      client.exchange(Requests.get("/"));
      Recording first = origin.awaitConnection(0).recording();
      Await.until("it is closed", () -> first.end() == Recording.End.FIN);
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void aConnectionThatIsTooOldIsNotLentAgain() throws IOException {
    try (Origin origin = good("a");
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .settings(new TestSettings().poolAgeMax(Duration.ofMillis(200))));
        RawClient client = gateway.plain()) {
      Await.until(
          "another connection is used",
          () -> {
            client.exchange(Requests.get("/"));
            return origin.connections().size() == 2;
          });
    }
  }

  @Test
  void aConnectionCarriesNoMoreRequestsThanItMay() throws IOException {
    try (Origin origin = good("a");
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).settings(new TestSettings().poolRequestsMax(2)));
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 6; i++) client.exchange(Requests.get("/"));
      assertThat(origin.connections()).hasSize(3);
    }
  }

  @Test
  void changedSettingsHoldForPoolsInUse() throws IOException {
    try (Origin origin = good("a");
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.exchange(Requests.get("/"));
      gateway.publish(TestWorld.to(origin).settings(new TestSettings().poolRequestsMax(2)));
      for (int i = 0; i < 5; i++) client.exchange(Requests.get("/"));
      assertThat(origin.connections()).hasSize(3);
    }
  }

  @Test
  void aClientThatGoesAwayCancelsItsRequestAtTheBackend() throws IOException {
    try (Origin origin = Origin.playing(OriginConnection::drain);
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = gateway.plain()) {
        client.send(Requests.get("/"));
        origin.awaitConnection(0);
        client.reset();
      }
      Recording cancelled = origin.awaitConnection(0).recording();
      Await.until("it is cancelled", () -> cancelled.end() != Recording.End.OPEN);
      gateway.awaitLog("\"DC\"", "499");
    }
  }
}

package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.TlsClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way out: answers say close, idle connections end, requests that go on are finished. */
@ExtendWith(LeakExtension.class)
class DrainTest {
  /** Less than what the gateway holds for a client, so that some size leaves it a part. */
  private static final int SIZE_STEP = 32 * 1024;

  /** Multiples of the step that kernels are known to take at once are below this. */
  private static final int STEPS_MAX = 256;

  @Test
  void whileDrainingNewConnectionsAreServedAndToldToClose() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient before = gateway.plain()) {
      assertThat(before.exchange(Requests.get("/")).values("connection")).doesNotContain("close");
      gateway.gateway().drain();
      RawResponse last = before.exchange(Requests.get("/"));
      assertThat(last.text()).isEqualTo("served");
      assertThat(last.values("connection")).containsExactly("close");
      assertThat(before.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
      try (RawClient fresh = gateway.plain()) {
        assertThat(fresh.exchange(Requests.get("/")).values("connection")).containsExactly("close");
      }
    }
  }

  @Test
  void whenAcceptingStopsIdleConnectionsEndAndRequestsAreFinished() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    try (Origin origin =
            Origin.replying((request, c) -> {
              while (release.getCount() > 0) c.pause(Duration.ofMillis(5));
              c.send(Answers.ok("finished"));
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient idle = gateway.plain();
        RawClient busy = gateway.plain()) {
      busy.send(Requests.get("/"));
      origin.awaitRequests(1);
      Await.until("both are known", () -> gateway.gateway().openConnections() == 2);
      int port = gateway.httpPort();
      gateway.gateway().stopAccepting();
      assertThat(idle.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
      Await.until("nobody listens", () -> isRefused(port)); // io_uring closes a moment later
      assertThat(gateway.gateway().activeRequests()).isEqualTo(1);
      release.countDown();
      RawResponse response = busy.readFinal("GET");
      assertThat(response.text()).isEqualTo("finished");
      assertThat(response.values("connection")).containsExactly("close");
      busy.awaitClose();
      Await.until("nothing is left", () -> gateway.gateway().openConnections() == 0);
    }
  }

  private static boolean isRefused(int port) {
    try (RawClient _ = RawClient.plain(port)) {
      return false;
    } catch (IOException refused) {
      return refused instanceof ConnectException;
    }
  }

  @Test
  void closingCutsWhatStillGoesOn() throws IOException {
    try (Origin origin = Origin.playing(c -> c.drain())) {
      GatewayFixture gateway = GatewayFixture.to(origin);
      try (RawClient client = gateway.plain()) {
        client.send(Requests.get("/"));
        origin.awaitConnection(0);
        gateway.close();
        assertThat(client.tryRead("GET")).isEmpty();
      } finally {
        gateway.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anAnswerThatItsClientHasYetToTakeIsWaitedFor(Transport transport) throws IOException {
    try (Origin origin = answeringAsManyBytesAsThePathSays();
        GatewayFixture gateway = GatewayFixture.to(origin);
        Unread answer = Unread.withPartInTheGateway(gateway, transport)) {
      gateway.gateway().stopAccepting();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (gateway.gateway().unansweredRequests() > 0) {
        body.writeBytes(answer.client().readBytes(SIZE_STEP / 8));
      }
      gateway.gateway().close();
      assertThat(answer.client().readToEnd(body)).isEqualTo(RawClient.Close.CLEAN);
      assertThat(body.size()).isEqualTo(answer.bytes());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void closingLeavesTheKernelToDeliverWhatItHas(Transport transport) throws IOException {
    int bytes = 2 * SIZE_STEP;
    try (Origin origin = answeringAsManyBytesAsThePathSays();
        GatewayFixture gateway = GatewayFixture.to(origin);
        Unread answer = Unread.of(bytes, gateway, transport)) {
      Await.until("all is written", () -> gateway.gateway().unansweredRequests() == 0);
      gateway.gateway().close();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      assertThat(answer.client().readToEnd(body)).isEqualTo(RawClient.Close.CLEAN);
      assertThat(body.size()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void closingCutsAnAnswerThatIsNotTaken(Transport transport) throws IOException {
    try (Origin origin = answeringAsManyBytesAsThePathSays();
        GatewayFixture gateway = GatewayFixture.to(origin);
        Unread answer = Unread.withPartInTheGateway(gateway, transport)) {
      gateway.gateway().stopAccepting();
      assertThat(gateway.gateway().unansweredRequests()).isEqualTo(1);
      gateway.gateway().close();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      assertThat(answer.client().readToEnd(body)).isEqualTo(RawClient.Close.CUT);
      assertThat(body.size()).isLessThan(answer.bytes());
    }
  }

  @Test
  void aClientThatStillSendsBehindItsAnswerIsWaitedFor() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty());
        RawClient client = gateway.plain()) {
      String half = "x".repeat(100);
      client.send(Requests.head("POST", "/") + "Content-Length: 200\r\n\r\n" + half);
      assertThat(client.readFinal("POST").status()).isEqualTo(404);
      gateway.gateway().stopAccepting();
      assertThat(gateway.gateway().unansweredRequests()).isOne();
      client.send(half);
      Await.until("it is over", () -> gateway.gateway().unansweredRequests() == 0);
      assertThat(client.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
    }
  }

  private static Origin answeringAsManyBytesAsThePathSays() throws IOException {
    return Origin.replying((request, c) ->
        c.send(Answers.ok("x".repeat(Integer.parseInt(request.target().substring(1))))));
  }

  /** An answer whose exchange is over and of which a client has read the head alone. */
  private record Unread(int bytes, RawClient client) implements AutoCloseable {
    static Unread of(int bytes, GatewayFixture gateway, Transport transport) throws IOException {
      RawClient client =
          switch (transport) {
            case PLAIN -> RawClient.plain(gateway.httpPort(), 8192);
            case TLS -> RawClient.tls(gateway.httpsPort(), 8192, TlsClient.to("a.test"));
          };
      client.send(Requests.get("/" + bytes)).readHead();
      Await.until("the origin is done", () -> gateway.gateway().activeRequests() == 0);
      return new Unread(bytes, client);
    }

    /** What kernels take depends on the transport, so it is looked for. */
    static Unread withPartInTheGateway(GatewayFixture gateway, Transport transport)
        throws IOException {
      for (int step = 1; step < STEPS_MAX; step++) {
        Unread tried = of(step * SIZE_STEP, gateway, transport);
        boolean isWritten = gateway.gateway().unansweredRequests() == 0;
        tried.close();
        if (isWritten) continue;
        Await.until("it is gone", () -> gateway.gateway().openConnections() == 0);
        return of((step + 1) * SIZE_STEP, gateway, transport);
      }
      throw new AssertionError("the kernel takes any answer");
    }

    @Override
    public void close() {
      client.close();
    }
  }
}

package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The way out: answers say close, idle connections end, requests that go on are finished. */
@ExtendWith(LeakExtension.class)
class DrainTest {
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
      assertThatThrownBy(() -> RawClient.plain(port)).isInstanceOf(ConnectException.class);
      assertThat(gateway.gateway().activeRequests()).isEqualTo(1);
      release.countDown();
      RawResponse response = busy.readFinal("GET");
      assertThat(response.text()).isEqualTo("finished");
      assertThat(response.values("connection")).containsExactly("close");
      busy.awaitClose();
      Await.until("nothing is left", () -> gateway.gateway().openConnections() == 0);
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
}

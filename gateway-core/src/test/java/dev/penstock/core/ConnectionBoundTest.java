package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.observe.DataPlane.AcceptFigures;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As many client connections as may be: further ones wait, and none is refused. */
@ExtendWith(LeakExtension.class)
class ConnectionBoundTest {
  @Test
  void atTheBoundAClientWaitsUntilAnotherEnds() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway = GatewayFixture.bounded(TestWorld.to(origin), 1, 2);
        RawClient stays = gateway.tls()) {
      try (RawClient ends = gateway.plain();
          RawClient waits = gateway.plain()) {
        assertThat(stays.exchange(Requests.get("/")).status()).isEqualTo(200);
        assertThat(ends.exchange(Requests.get("/")).status()).isEqualTo(200);
        waits.send(Requests.get("/"));
        Await.until("accepting pauses", () -> accepting(gateway).fullPauses() == 1);
        assertThat(origin.requests()).hasSize(2);
        assertThat(gateway.gateway().openConnections()).isEqualTo(2);

        ends.reset();

        assertThat(waits.readFinal("GET").text()).isEqualTo("served");
        assertThat(stays.exchange(Requests.get("/")).status()).isEqualTo(200);
      }
      Await.until("one is left", () -> gateway.gateway().openConnections() == 1);
    }
  }

  @Test
  void clientsBeyondTheBoundAreAllServedInTheEnd() throws Exception {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway = GatewayFixture.bounded(TestWorld.to(origin), 2, 4)) {
      Queue<String> answers = new ConcurrentLinkedQueue<>();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        clients.add(
            Thread.ofVirtual()
                .start(() -> {
                  try (RawClient client = gateway.plain()) {
                    answers.add(client.exchange(Requests.get("/")).text());
                  } catch (IOException failed) {
                    answers.add(failed.toString());
                  }
                }));
      }
      for (Thread client : clients) client.join();
      assertThat(answers).hasSize(100).containsOnly("served");
    }
  }

  private static AcceptFigures accepting(GatewayFixture gateway) {
    return gateway.gateway().figures().accepting();
  }
}

package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.PathMatch;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.GoodTraffic;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.SlowClients;
import dev.penstock.testkit.SlowOrigin;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand slow clients at a time; {@code make slow-clients} takes ten thousand. */
@ExtendWith(LeakExtension.class)
class SlowClientsTest {
  private static final int CLIENTS = 999;
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  /** From the first connection to the end of the last, on a machine that does other things too. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void slowClientsEndAtTheirDeadlinesAndNobodyElseIsHarmed() throws IOException {
    TestSettings settings =
        new TestSettings()
            .headDeadline(DEADLINE)
            .bodyRate(DEADLINE, 240)
            .writeStall(DEADLINE)
            .pool(CLIENTS, 0);
    try (SlowOrigin origin = new SlowOrigin(2);
        GatewayFixture gateway = GatewayFixture.serving(world(origin).settings(settings));
        GoodTraffic good = new GoodTraffic(gateway.httpPort(), 4, 200);
        SlowClients slow = new SlowClients(gateway.httpPort(), DEADLINE.dividedBy(8))) {
      slow.open(CLIENTS);
      Await.until(
          () -> slow.ends().size() + " of " + CLIENTS + " ended, " + slow.openNow() + " are open",
          PATIENCE,
          () -> slow.ends().size() == CLIENTS);

      for (SlowClients.Kind kind : SlowClients.IN_TURN) {
        List<SlowClients.End> ends = slow.ends().stream().filter(e -> e.kind() == kind).toList();
        assertThat(ends).as(kind.name()).hasSize(CLIENTS / 3);
        assertThat(ends.stream().filter(end -> !isAtDeadline(end)).limit(3)).isEmpty();
      }
      GoodTraffic.Result result = good.take();
      assertThat(result.failures()).isEmpty();
      assertThat(result.answered()).isGreaterThan(100);
      Await.until("no request goes on", () -> gateway.gateway().activeRequests() <= 4);
    }
  }

  /** Of a client that reads nothing, the answer's head may have got into its socket. */
  private static boolean isAtDeadline(SlowClients.End end) {
    boolean reading = end.kind() == SlowClients.Kind.READING;
    boolean answered = reading ? end.status() == 0 || end.status() == 200 : end.status() == 408;
    return answered && end.after().compareTo(DEADLINE.minusMillis(50)) > 0;
  }

  private static TestWorld world(SlowOrigin origin) {
    return TestWorld.empty()
        .upstream("app", origin.ports()[0])
        .upstream("slow", origin.ports()[1])
        .route("", new PathMatch.Prefix("/good"), "app")
        .route("", new PathMatch.Prefix("/slow"), "slow");
  }
}

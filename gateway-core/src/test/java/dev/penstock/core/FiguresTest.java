package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.observe.DataPlane.LoopFigures;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the data plane tells of itself is what happened on real connections. */
class FiguresTest {
  @Test
  void theThreadsOfTheLoopsAreThoseThatServe() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("a"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      LoopFigures before = loop(gateway);
      for (int i = 0; i < 50; i++) client.exchange(Requests.get("/"));
      Await.until(
          "the loop has allocated and computed",
          () -> {
            LoopFigures after = loop(gateway);
            return after.allocatedBytes() > before.allocatedBytes()
                && after.cpuNanos() > before.cpuNanos();
          });
    }
  }

  private static LoopFigures loop(GatewayFixture gateway) {
    List<LoopFigures> loops = gateway.gateway().figures().loops();
    assertThat(loops).hasSize(1);
    return loops.getFirst();
  }
}

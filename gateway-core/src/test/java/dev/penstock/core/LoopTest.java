package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.exchange.Exchange;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.SeenRequest;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway whose backend leads back to it. */
@ExtendWith(LeakExtension.class)
class LoopTest {
  @Test
  void aRequestThatComesBackEndsAfterAFewPassages() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty());
        RawClient client = gateway.plain()) {
      gateway.publish(TestWorld.toPorts(gateway.httpPort()));
      assertThat(client.exchange(Requests.get("/", "Connection: cdn-loop")).text())
          .isEqualTo("508 Loop Detected\n");
      Await.until("all passages are counted", () -> requests(gateway) == 1 + Exchange.PASSAGES_MAX);
    }
  }

  private static double requests(GatewayFixture gateway) throws IOException {
    return gateway.metrics().entrySet().stream()
        .filter(series -> series.getKey().startsWith("penstock_requests_total"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  @Test
  void eachGatewayAddsItselfToThoseThatWerePassed() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.exchange(Requests.get("/", "CDN-Loop: other.example.com, penstock"));
      SeenRequest seen = origin.awaitRequests(1);
      assertThat(
              seen.fields().stream()
                  .filter(field -> field.name().equalsIgnoreCase("CDN-Loop"))
                  .map(field -> field.value()))
          .containsExactlyInAnyOrder("other.example.com, penstock", "penstock");
    }
  }
}

package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.PathMatch;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No request is lost from the metrics, and none is counted twice. */
@ExtendWith(LeakExtension.class)
class RequestSumsTest {
  private static final int CLIENTS = 4;
  private static final int ROUNDS = 50;

  /** Of each kind one in every round. */
  private static final int KINDS = 4;

  @Test
  void theSumOverAllRoutesIsWhatWasSent() throws Exception {
    try (Origin good = Origin.answering(Answers.ok("good"));
        Origin silent = Origin.playing(c -> c.hold());
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.empty()
                    .upstream("retried", Ports.closed(), good.port(), good.port())
                    .upstream("good", good.port())
                    .upstream("silent", silent.port())
                    .route("a.test", new PathMatch.Prefix("/retried"), "retried")
                    .route("a.test", new PathMatch.Prefix("/good"), "good")
                    .route("a.test", new PathMatch.Prefix("/silent"), "silent"),
                2,
                80,
                443)) {
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          running.add(
              clients.submit(() -> {
                rounds(gateway);
                return null;
              }));
        }
        for (Future<?> each : running) each.get();
      }
      int ofEach = CLIENTS * ROUNDS;
      Await.until(
          "everything has ended",
          () -> sum(gateway.metrics(), "penstock_requests_total") == KINDS * ofEach);
      Map<String, Double> metrics = gateway.metrics();
      assertThat(sum(metrics, "penstock_requests_in_flight")).isZero();
      assertThat(sum(metrics, "penstock_request_duration_seconds_count")).isEqualTo(KINDS * ofEach);
      assertThat(sum(metrics, "penstock_requests_total", "path=\"/retried\"", "status=\"200\""))
          .isEqualTo(ofEach);
      assertThat(sum(metrics, "penstock_requests_total", "path=\"/good\"", "method=\"POST\""))
          .isEqualTo(ofEach);
      assertThat(sum(metrics, "penstock_requests_total", "path=\"\"", "status=\"404\""))
          .isEqualTo(ofEach);
      assertThat(sum(metrics, "penstock_requests_total", "path=\"/silent\"", "status=\"499\""))
          .isEqualTo(ofEach);
      assertThat(sum(metrics, "penstock_response_flags_total", "flag=\"DC\"")).isEqualTo(ofEach);
      assertThat(sum(metrics, "penstock_response_flags_total", "flag=\"NR\"")).isEqualTo(ofEach);
      assertThat(sum(metrics, "penstock_upstream_retries_total"))
          .isEqualTo(sum(metrics, "penstock_upstream_failures_total", "kind=\"connect_failed\""))
          .isPositive();
      for (String name :
          List.of(
              "nginx_ingress_controller_requests",
              "nginx_ingress_controller_request_size_count",
              "nginx_ingress_controller_nginx_process_requests_total")) {
        assertThat(sum(metrics, name)).as(name).isEqualTo(KINDS * ofEach);
      }
      Await.until(
          "every request has its line",
          () -> sum(gateway.metrics(), "penstock_access_log_lines_total") == KINDS * ofEach);
      // Each client had one connection to the end, and one for each request that it left.
      assertThat(sum(metrics, "penstock_listener_accepted_connections_total"))
          .isEqualTo(CLIENTS * (1 + ROUNDS));
    }
  }

  private static void rounds(GatewayFixture gateway) throws IOException {
    try (RawClient client = gateway.plain()) {
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(client.exchange(Requests.get("/retried")).status()).isEqualTo(200);
        assertThat(client.send(Requests.post("/good", "body")).read("POST").status())
            .isEqualTo(200);
        assertThat(client.exchange(Requests.get("/nowhere")).status()).isEqualTo(404);
        try (RawClient leaving = gateway.plain()) {
          leaving.send(Requests.get("/silent"));
        }
      }
    }
  }

  /** Of the series of a metric whose labels hold all of these. */
  private static double sum(Map<String, Double> metrics, String name, String... labels) {
    return metrics.entrySet().stream()
        .filter(each -> each.getKey().equals(name) || each.getKey().startsWith(name + "{"))
        .filter(each -> List.of(labels).stream().allMatch(each.getKey()::contains))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}

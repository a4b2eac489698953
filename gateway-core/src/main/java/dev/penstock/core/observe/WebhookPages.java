package dev.penstock.core.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The admin port of a process that answers reviews: {@code /healthz}, {@code /readyz} and {@code
 * /metrics} as the gateway's. Any thread.
 */
public final class WebhookPages implements Pages, AutoCloseable {
  private static final String METRICS = "/metrics";

  private final ServingState state;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /**
   * @param certificateEnd when the certificate that is served runs out; null while there is none
   */
  public WebhookPages(ServingState state, Supplier<@Nullable Instant> certificateEnd) {
    this.state = state;
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    Gauge.builder("penstock.webhook.cert.expiry", certificateEnd, WebhookPages::seconds)
        .strongReference(true) // nobody else holds it
        .baseUnit("seconds")
        .description("When the certificate that is served runs out, in seconds since 1970")
        .register(registry);
  }

  private static double seconds(Supplier<@Nullable Instant> certificateEnd) {
    Instant end = certificateEnd.get();
    return end == null ? 0 : end.getEpochSecond();
  }

  /**
   * A review was answered.
   *
   * @param answer what was said, one of a few words
   */
  public void reviewed(String answer) {
    Counter.builder("penstock.webhook.reviews")
        .description("Reviews, by what was answered")
        .tag("answer", answer)
        .register(registry)
        .increment();
  }

  /** A request has ended, a review or not. */
  public void ended(int status, long nanos) {
    Timer.builder("penstock.webhook.requests")
        .description("Requests and how long they took, from their head to their answer")
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isSlow(String path) {
    return path.equals(METRICS);
  }

  @Override
  public Page page(String path) {
    return switch (path) {
      case "/healthz" -> Page.plain(200, "ok");
      case "/readyz" -> Pages.readiness(state);
      case METRICS ->
          new Page(
              200,
              Exposition.CONTENT_TYPE,
              false,
              registry.scrape().getBytes(StandardCharsets.UTF_8));
      case "/" -> Page.plain(200, "Penstock\n\n/healthz\n/readyz\n/metrics");
      default -> Page.plain(404, "not found");
    };
  }

  @Override
  public void close() {
    registry.close();
  }
}

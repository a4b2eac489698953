package dev.penstock.core.observe;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code /metrics}: the JVM's meters by Micrometer, the gateway's own by {@link
 * GatewayCollector}, both in one registry.
 *
 * <p>A scrape of a large gateway is megabytes of text. It is made at most once a second, however
 * many ask, by the thread that asks, which must not be an event loop. The registry is made at the
 * first scrape, because its classes would cost the start of the process a tenth of a second.
 */
public final class Exposition implements AutoCloseable {
  /** Of the text that {@link #scrape} makes. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * What the metrics are read from.
   *
   * @param routes the routes' meters
   * @param accessLog for its losses
   * @param state what serves
   * @param dataPlane connections and event loops
   * @param controller constant labels
   * @param build what is running
   */
  public record Sources(
      RouteMeterTable routes,
      AccessLog accessLog,
      ServingState state,
      DataPlane dataPlane,
      ControllerLabels controller,
      Build build) {}

  /**
   * What is running.
   *
   * @param version of Penstock
   * @param revision of its source; empty when unknown
   */
  public record Build(String version, String revision) {}

  /** One text, plain and compressed. Must not be changed. */
  record Scrape(byte[] text, byte[] gzip, long atNanos) {}

  private final Sources sources;
  private final LongSupplier nanoTime;
  private @Nullable PrometheusMeterRegistry registry;
  private @Nullable JvmGcMetrics gc;
  private @Nullable Scrape last;
  private boolean closed;

  public Exposition(Sources sources) {
    this(sources, System::nanoTime);
  }

  /**
   * Makes nothing yet.
   *
   * @param nanoTime a monotonic clock
   */
  public Exposition(Sources sources, LongSupplier nanoTime) {
    this.sources = sources;
    this.nanoTime = nanoTime;
  }

  /** The text of the last second, or a new one. Blocks; not for event loops. */
  synchronized Scrape scrape() throws IOException {
    if (closed) throw new IOException("the gateway has stopped");
    long now = nanoTime.getAsLong();
    Scrape fresh = last;
    if (fresh != null && now - fresh.atNanos < FRESH_NANOS) return fresh;
    ByteArrayOutputStream text =
        new ByteArrayOutputStream(fresh == null ? 32 * 1024 : fresh.text.length);
    registry().scrape(text, CONTENT_TYPE);
    sources.routes().scraped(); // not by the collector: the registry may call that more than once
    byte[] bytes = text.toByteArray();
    return last = new Scrape(bytes, compress(bytes), now);
  }

  private static byte[] compress(byte[] bytes) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 8 + 64);
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    }
    return compressed.toByteArray();
  }

  private PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry known = registry;
    if (known != null) return known;
    PrometheusMeterRegistry made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    JvmGcMetrics pauses = new JvmGcMetrics();
    MeterBinder[] binders = {
      new JvmMemoryMetrics(),
      pauses,
      new JvmThreadMetrics(),
      new ClassLoaderMetrics(),
      new ProcessorMetrics(),
      new FileDescriptorMetrics(),
      new UptimeMetrics()
    };
    for (MeterBinder binder : binders) binder.bindTo(made);
    made.getPrometheusRegistry().register(new GatewayCollector(sources));
    gc = pauses;
    return registry = made;
  }

  /** Lets go of the JVM's notifications. */
  @Override
  public synchronized void close() {
    closed = true;
    if (gc != null) gc.close();
    if (registry != null) registry.close();
  }
}

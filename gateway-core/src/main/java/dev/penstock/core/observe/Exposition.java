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
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code /metrics}: the JVM's meters by Micrometer, the gateway's own by {@link
 * GatewayCollector}.
 *
 * <p>A scrape of a large gateway is megabytes of text, and compressed a fortieth of it. So the text
 * is compressed as it is made ({@link Families}), and what is kept is the compressed page, in an
 * array that the next one is written into. It is made at most once a second, however many ask, by
 * the thread that asks, which must not be an event loop. The registry is made at the first scrape,
 * because its classes would cost the start of the process a tenth of a second.
 */
public final class Exposition implements AutoCloseable {
  /** Of the text, once it is inflated. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int GZIP_BUFFER_BYTES = 8 * 1024;

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

  private final Sources sources;
  private final LongSupplier nanoTime;
  private @Nullable PrometheusMeterRegistry registry;
  private @Nullable JvmGcMetrics gc;

  /** Written again and again: pages that live for seconds would fill the old generation. */
  private final ByteArrayOutputStream page = new ByteArrayOutputStream(32 * 1024);

  /** Whether {@link #page} is a whole one, made at {@link #madeNanos}. */
  private boolean made;

  private long madeNanos;
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

  /**
   * The page of the last second, or a new one, compressed by gzip. The array is the caller's.
   * Blocks; not for event loops.
   */
  synchronized byte[] scrape() throws IOException {
    if (closed) throw new IOException("the gateway has stopped");
    long now = nanoTime.getAsLong();
    if (!made || now - madeNanos >= FRESH_NANOS) {
      make(); // where it fails, what there is stays too old
      made = true;
      madeNanos = now;
    }
    return page.toByteArray();
  }

  private void make() throws IOException {
    page.reset();
    try (OutputStream out = new GZIPOutputStream(page, GZIP_BUFFER_BYTES)) {
      MetricSnapshots ofTheProcess = registry().getPrometheusRegistry().scrape();
      new GatewayCollector(sources).collect().write(ofTheProcess, out);
    }
    sources.routes().scraped();
  }

  private PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry known = registry;
    if (known != null) return known;
    PrometheusMeterRegistry fresh = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
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
    for (MeterBinder binder : binders) binder.bindTo(fresh);
    gc = pauses;
    return registry = fresh;
  }

  /** Lets go of the JVM's notifications. */
  @Override
  public synchronized void close() {
    closed = true;
    if (gc != null) gc.close();
    if (registry != null) registry.close();
  }
}

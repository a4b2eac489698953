package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The series of one scrape, by metric. Of what is few, the series are made when they are added; of
 * what is many ({@link #each}) only when they are written, one part of one family at a time. So a
 * page of many megabytes is never in memory as a whole, and what of it is in memory is gone before
 * the collector could take it for something that stays: with a small young generation that would
 * fill the old one, scrape by scrape.
 */
final class Families {
  /** Series of a part, a histogram being one: some 100 KB with its text. */
  static final int PART_SERIES = 128;

  private static final PrometheusTextFormatWriter TEXT = PrometheusTextFormatWriter.create();

  private final Map<Metric, Family> few = new EnumMap<>(Metric.class);
  private final Map<Metric, Supplier<Stream<MetricSnapshot>>> many = new EnumMap<>(Metric.class);

  void add(Metric metric, double value) {
    add(metric, Labels.EMPTY, value);
  }

  void add(Metric metric, long value) {
    add(metric, Labels.EMPTY, value);
  }

  void add(Metric metric, Labels labels, long value) {
    few.computeIfAbsent(metric, Family::new).add(labels, value);
  }

  /** One series of anything but a histogram; an info's value is always 1. */
  void add(Metric metric, Labels labels, double value) {
    few.computeIfAbsent(metric, Family::new).add(labels, value);
  }

  /** One series of a histogram of durations. */
  void add(Metric metric, Labels labels, Histogram.Reading nanos) {
    few.computeIfAbsent(metric, Family::new).add(labels, nanos);
  }

  /**
   * All series of a metric, one for each item.
   *
   * @param items asked for when the metric is written; in the order of the series' labels
   * @param add adds an item's series to a part of the family
   */
  <T> void each(Metric metric, Supplier<List<T>> items, BiConsumer<Family, T> add) {
    many.put(metric, () -> parts(metric, items.get(), add));
  }

  private static <T> Stream<MetricSnapshot> parts(
      Metric metric, List<T> items, BiConsumer<Family, T> add) {
    return IntStream.iterate(0, from -> from < items.size(), from -> from + PART_SERIES)
        .mapToObj(from -> {
          Family part = new Family(metric);
          int to = Math.min(from + PART_SERIES, items.size());
          items.subList(from, to).forEach(item -> add.accept(part, item));
          return part.snapshot();
        });
  }

  /**
   * Writes all series in Prometheus' text format, families in the order of their names.
   *
   * @param others further families; none has the name of a {@link Metric}
   */
  void write(MetricSnapshots others, OutputStream out) throws IOException {
    Map<String, Supplier<Stream<MetricSnapshot>>> byName = new TreeMap<>();
    for (MetricSnapshot each : others) {
      byName.put(each.getMetadata().getPrometheusName(), () -> Stream.of(each));
    }
    few.forEach((metric, family) -> byName.put(metric.base(), () -> Stream.of(family.snapshot())));
    many.forEach((metric, parts) -> byName.put(metric.base(), parts));
    for (Supplier<Stream<MetricSnapshot>> parts : byName.values()) {
      write(parts.get().iterator(), out);
    }
  }

  private static void write(Iterator<MetricSnapshot> parts, OutputStream out) throws IOException {
    OutputStream to = out;
    while (parts.hasNext()) {
      TEXT.write(to, MetricSnapshots.of(parts.next()));
      to = new Headless(out);
    }
  }

  /** Leaves out what stands before the first series: a family has one head, not one a part. */
  private static final class Headless extends FilterOutputStream {
    private boolean atLineStart = true;
    private boolean inHead = true;

    Headless(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int at = offset;
      int end = offset + length;
      while (inHead && at < end) {
        if (atLineStart && bytes[at] != '#') inHead = false;
        else atLineStart = bytes[at++] == '\n';
      }
      out.write(bytes, at, end - at);
    }
  }
}

package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The series of one scrape, gathered by metric. */
final class Families {
  private static final double NANOS_PER_SECOND = 1e9;
  private final Map<Metric, List<DataPointSnapshot>> points = new EnumMap<>(Metric.class);

  /** Made once for the thousands of routes that share their bounds. */
  private final IdentityHashMap<long[], double[]> shownBounds = new IdentityHashMap<>();

  void add(Metric metric, double value) {
    add(metric, Labels.EMPTY, value);
  }

  /** Counts are whole, but Prometheus knows doubles only: exact up to 2^53. */
  void add(Metric metric, long value) {
    add(metric, Labels.EMPTY, (double) value);
  }

  void add(Metric metric, Labels labels, long value) {
    add(metric, labels, (double) value);
  }

  /** One series of anything but a histogram; an info's value is always 1. */
  void add(Metric metric, Labels labels, double value) {
    put(
        metric,
        switch (metric.type()) {
          case COUNTER -> new CounterDataPointSnapshot(value, labels, null, 0);
          case GAUGE -> new GaugeDataPointSnapshot(value, labels, null);
          case UNTYPED -> new UnknownDataPointSnapshot(value, labels, null);
          case INFO -> new InfoDataPointSnapshot(labels);
          case HISTOGRAM -> throw new IllegalArgumentException(metric + " is a histogram");
        });
  }

  /** One series of a histogram of durations. */
  void add(Metric metric, Labels labels, Histogram.Reading nanos) {
    add(metric, labels, nanos, NANOS_PER_SECOND);
  }

  /** One series of a histogram of sizes. */
  void addBytes(Metric metric, Labels labels, Histogram.Reading bytes) {
    add(metric, labels, bytes, 1);
  }

  private void add(Metric metric, Labels labels, Histogram.Reading reading, double unit) {
    double[] bounds = shownBounds.computeIfAbsent(reading.bounds(), known -> inUnits(known, unit));
    ClassicHistogramBuckets buckets = ClassicHistogramBuckets.of(bounds, reading.counts());
    double sum = reading.sum() / unit;
    put(metric, new HistogramDataPointSnapshot(buckets, sum, labels, Exemplars.EMPTY, 0));
  }

  private static double[] inUnits(long[] bounds, double unit) {
    double[] shown = new double[bounds.length + 1];
    for (int i = 0; i < bounds.length; i++) shown[i] = bounds[i] / unit;
    shown[bounds.length] = Double.POSITIVE_INFINITY;
    return shown;
  }

  static double seconds(long nanos) {
    return nanos / NANOS_PER_SECOND;
  }

  private void put(Metric metric, DataPointSnapshot point) {
    points.computeIfAbsent(metric, key -> new ArrayList<>()).add(point);
  }

  MetricSnapshots toSnapshots() {
    List<MetricSnapshot> snapshots = new ArrayList<>();
    points.forEach((metric, list) -> snapshots.add(snapshot(metric, list)));
    return new MetricSnapshots(snapshots);
  }

  private static MetricSnapshot snapshot(Metric metric, List<DataPointSnapshot> points) {
    MetricMetadata about = new MetricMetadata(metric.base(), metric.help());
    return switch (metric.type()) {
      case COUNTER -> new CounterSnapshot(about, cast(points, CounterDataPointSnapshot.class));
      case GAUGE -> new GaugeSnapshot(about, cast(points, GaugeDataPointSnapshot.class));
      case UNTYPED -> new UnknownSnapshot(about, cast(points, UnknownDataPointSnapshot.class));
      case INFO -> new InfoSnapshot(about, cast(points, InfoDataPointSnapshot.class));
      case HISTOGRAM ->
          new HistogramSnapshot(about, cast(points, HistogramDataPointSnapshot.class));
    };
  }

  private static <T> List<T> cast(List<DataPointSnapshot> points, Class<T> type) {
    return points.stream().map(type::cast).toList();
  }
}

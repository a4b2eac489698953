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
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** The series of one metric, or a part of them. */
final class Family {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Metric metric;
  private final List<DataPointSnapshot> points = new ArrayList<>();

  /** Made once for all series that share their bounds. */
  private final IdentityHashMap<long[], double[]> shownBounds = new IdentityHashMap<>();

  Family(Metric metric) {
    this.metric = metric;
  }

  /** Counts are whole, but Prometheus knows doubles only: exact up to 2^53. */
  void add(Labels labels, long value) {
    add(labels, (double) value);
  }

  /** One series of anything but a histogram; an info's value is always 1. */
  void add(Labels labels, double value) {
    points.add(
        switch (metric.type()) {
          case COUNTER -> new CounterDataPointSnapshot(value, labels, null, 0);
          case GAUGE -> new GaugeDataPointSnapshot(value, labels, null);
          case UNTYPED -> new UnknownDataPointSnapshot(value, labels, null);
          case INFO -> new InfoDataPointSnapshot(labels);
          case HISTOGRAM -> throw new IllegalArgumentException(metric + " is a histogram");
        });
  }

  /** One series of a histogram of durations. */
  void add(Labels labels, Histogram.Reading nanos) {
    add(labels, nanos, NANOS_PER_SECOND);
  }

  /** One series of a histogram of sizes. */
  void addBytes(Labels labels, Histogram.Reading bytes) {
    add(labels, bytes, 1);
  }

  private void add(Labels labels, Histogram.Reading reading, double unit) {
    double[] bounds = shownBounds.computeIfAbsent(reading.bounds(), known -> inUnits(known, unit));
    ClassicHistogramBuckets buckets = ClassicHistogramBuckets.of(bounds, reading.counts());
    double sum = reading.sum() / unit;
    points.add(new HistogramDataPointSnapshot(buckets, sum, labels, Exemplars.EMPTY, 0));
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

  /** In the order of their labels. */
  MetricSnapshot snapshot() {
    MetricMetadata about = new MetricMetadata(metric.base(), metric.help());
    return switch (metric.type()) {
      case COUNTER -> new CounterSnapshot(about, points(CounterDataPointSnapshot.class));
      case GAUGE -> new GaugeSnapshot(about, points(GaugeDataPointSnapshot.class));
      case UNTYPED -> new UnknownSnapshot(about, points(UnknownDataPointSnapshot.class));
      case INFO -> new InfoSnapshot(about, points(InfoDataPointSnapshot.class));
      case HISTOGRAM -> new HistogramSnapshot(about, points(HistogramDataPointSnapshot.class));
    };
  }

  private <T> List<T> points(Class<T> type) {
    return points.stream().map(type::cast).toList();
  }
}

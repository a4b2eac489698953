package dev.penstock.core.observe;

/**
 * How much the metrics of the routes show.
 *
 * @param mode under which names
 * @param allHistograms also what ingress-nginx has of sizes and of the phases of a request; its
 *     dashboards do without
 * @param seriesMax series of routes, at most; 0 or more
 */
public record MetricsOptions(MetricsMode mode, boolean allHistograms, int seriesMax) {
  /** Protects whoever scrapes us: 50,000 series are some 10 MB of text. */
  public static final int SERIES_MAX = 50_000;

  /** What {@code seriesMax} may be at most. */
  public static final int SERIES_LIMIT = 1_000_000;

  public static final MetricsOptions DEFAULT =
      new MetricsOptions(MetricsMode.BOTH, false, SERIES_MAX);

  public MetricsOptions {
    if (seriesMax < 0 || seriesMax > SERIES_LIMIT) {
      throw new IllegalArgumentException(
          "seriesMax must be from 0 to " + SERIES_LIMIT + ", was " + seriesMax);
    }
  }

  /** Of a duration: the buckets, with that above all bounds, sum and count. */
  private static final int TIME_SERIES = SeriesLayout.TIME_NANOS.length + 3;

  private static final int LENGTH_SERIES = SeriesLayout.LENGTH_BYTES.length + 3;
  private static final int SIZE_SERIES = SeriesLayout.SIZE_BYTES.length + 3;

  /** Of sizes without bounds: one bucket, sum and count. */
  private static final int PLAIN_SERIES = 3;

  /** Series that a route makes, however many statuses and methods it has. */
  int seriesPerRoute() {
    return mode.nativeNames() ? TIME_SERIES + 3 : 0;
  }

  /** Series that each method of a route makes. */
  int seriesPerMethod() {
    if (!mode.ingressNginxNames()) return 0;
    return allHistograms
        ? 3 * TIME_SERIES + 2 * LENGTH_SERIES + SIZE_SERIES
        : TIME_SERIES + 2 * PLAIN_SERIES;
  }

  /** Series that each pair of status and method makes. */
  int seriesPerPair() {
    return (mode.nativeNames() ? 1 : 0) + (mode.ingressNginxNames() ? 1 + TIME_SERIES : 0);
  }
}

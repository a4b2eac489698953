package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one route. Each event loop writes its own {@link Cell}; only the scrape adds them
 * up. So a request costs a few plain additions (stored opaquely, that the scrape sees whole values)
 * and no atomic instruction: a shared counter would bounce its cache line between the loops.
 *
 * <p>A cell appears at the route's first request on that loop, and within it a {@link Series} at
 * the first request with that status and method. Numbers of a series are kept {@link #PAD} longs
 * away from whatever lies beside them, so that two loops never write to one cache line.
 */
public final class RouteMeters {
  /** What each series has before and behind its numbers. */
  static final int PAD = SeriesLayout.PAD;

  /**
   * Status and method pairs that a route tells apart, over all loops; what comes after goes by
   * status class.
   */
  private static final int PAIRS_MAX = 48;

  /** The bits of a pair that are the method's; above them is the status. */
  private static final int METHOD_MASK = 15;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final Series[] NO_SERIES = {};
  private static final int[] NO_PAIRS = {};

  /** The route is shown, and none of its requests has ended yet. */
  private static final int[] NO_PAIRS_YET = new int[0];

  private static final long[] NO_BOUNDS = {};

  private final RouteIdentity identity;
  private final RouteMeterTable table;
  private final boolean counted;
  private final SeriesLayout layout;
  private final AtomicReferenceArray<@Nullable Cell> cells;

  /** The pairs that this route has been granted, over all loops; null once it was removed. */
  private final AtomicReference<int @Nullable []> granted = new AtomicReference<>(NO_PAIRS);

  /** Compiled routes that hold this; guarded by the table's lock. */
  int holders;

  /** Scrapes that a deleted route is still shown in; guarded by the table's lock. */
  int scrapesLeft;

  /**
   * Made by the table.
   *
   * @param counted whether its series count against the table's limit
   */
  RouteMeters(RouteIdentity identity, RouteMeterTable table, boolean counted) {
    this.identity = identity;
    this.table = table;
    this.counted = counted;
    this.layout = table.layout();
    this.cells = new AtomicReferenceArray<>(table.loops());
  }

  public RouteIdentity identity() {
    return identity;
  }

  /**
   * The cell of an event loop. Call it on that loop.
   *
   * @param loopIndex 0 to the number of loops - 1
   */
  public Cell cell(int loopIndex) {
    Cell cell = cells.getPlain(loopIndex);
    if (cell == null) {
      show();
      cell = new Cell(this, loopIndex);
      cells.setRelease(loopIndex, cell);
    }
    return cell;
  }

  /** Shows the route, if the table has room: what is in flight counts before it ends. */
  @SuppressWarnings("ReferenceEquality") // empty arrays that mean two things
  private void show() {
    if (granted.get() != NO_PAIRS) return;
    int wanted = table.options().seriesPerRoute();
    if (counted && !table.take(wanted)) return; // its first pair asks again, and counts the refusal
    if (!granted.compareAndSet(NO_PAIRS, NO_PAIRS_YET) && counted) table.giveBack(wanted);
  }

  /** Whether it has series of its own. */
  @SuppressWarnings("ReferenceEquality") // empty arrays that mean two things
  boolean isShown() {
    int @Nullable [] pairs = granted.get();
    return pairs != null && pairs != NO_PAIRS;
  }

  /** How a pair is counted. */
  private enum Grant {
    SHOWN,
    BY_CLASS,
    OVERFLOW
  }

  /** How this route counts a further pair; asked once per pair and loop. */
  @SuppressWarnings("ReferenceEquality") // empty arrays that mean two things
  private Grant grant(int pair) {
    while (true) {
      int @Nullable [] before = granted.get();
      if (before == null) return Grant.OVERFLOW;
      if (contains(before, pair)) return Grant.SHOWN;
      if (before.length >= PAIRS_MAX && !isClass(pair)) return Grant.BY_CLASS;
      int wanted = table.options().seriesPerPair();
      if (before == NO_PAIRS) wanted += table.options().seriesPerRoute();
      if (!hasMethodOf(before, pair)) wanted += table.options().seriesPerMethod();
      if (counted && !table.reserve(wanted)) return Grant.OVERFLOW;
      int[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = pair;
      if (granted.compareAndSet(before, after)) return Grant.SHOWN;
      if (counted) table.giveBack(wanted);
    }
  }

  /** The route is not shown any more; the table gets its series back. */
  @SuppressWarnings("ReferenceEquality") // empty arrays that mean two things
  void remove() {
    int @Nullable [] pairs = granted.getAndSet(null);
    if (pairs == null || pairs == NO_PAIRS) return;
    long methods = Arrays.stream(pairs).map(pair -> pair & METHOD_MASK).distinct().count();
    MetricsOptions options = table.options();
    table.giveBack(
        options.seriesPerRoute()
            + (int) methods * options.seriesPerMethod()
            + pairs.length * options.seriesPerPair());
  }

  private static boolean hasMethodOf(int[] pairs, int pair) {
    for (int each : pairs) {
      if ((each & METHOD_MASK) == (pair & METHOD_MASK)) return true;
    }
    return false;
  }

  int[] grantedPairs() {
    int @Nullable [] pairs = granted.get();
    return pairs == null ? NO_PAIRS : pairs;
  }

  private static boolean contains(int[] pairs, int pair) {
    for (int each : pairs) {
      if (each == pair) return true;
    }
    return false;
  }

  long inFlight() {
    long sum = 0;
    for (int i = 0; i < cells.length(); i++) {
      Cell cell = cells.getAcquire(i);
      if (cell != null) sum += (long) LONGS.getOpaque(cell.inFlight, PAD);
    }
    return sum;
  }

  /** Adds up what the loops counted for a pair. Any thread. */
  Totals totals(int pair) {
    Totals totals = new Totals(layout);
    for (int i = 0; i < cells.length(); i++) {
      Cell cell = cells.getAcquire(i);
      if (cell != null) cell.addTo(totals, pair);
    }
    return totals;
  }

  /** A status (or its class, 1 to 9) and a method in one number. */
  static int pair(int status, MethodLabel method) {
    return (Math.clamp(status, 0, 999) << 4) | method.index();
  }

  private static boolean isClass(int pair) {
    return pair >> 4 < 10;
  }

  private static int classOf(int pair) {
    return pair((pair >> 4) / 100, MethodLabel.OTHER);
  }

  /** {@code 200}, or {@code 2xx} where a route has too many to tell them apart. */
  static String statusOf(int pair) {
    int status = pair >> 4;
    if (status == 0) return "000";
    return status < 10 ? status + "xx" : Integer.toString(status);
  }

  static String methodOf(int pair) {
    return METHODS[pair & METHOD_MASK].name();
  }

  private static final MethodLabel[] METHODS = MethodLabel.values();

  /** By the one thread that owns the number. */
  static void increase(long[] values, int index, long by) {
    LONGS.setOpaque(values, index, values[index] + by);
  }

  /** By any thread. */
  static long read(long[] values, int index) {
    return (long) LONGS.getOpaque(values, index);
  }

  /** The sum over all loops. */
  static final class Totals {
    private final SeriesLayout layout;
    private final long[] values;

    Totals(SeriesLayout layout) {
      this.layout = layout;
      this.values = new long[layout.length];
    }

    long count() {
      long count = 0;
      for (int i = 0; i <= SeriesLayout.TIME_NANOS.length; i++)
        count += values[layout.duration + i];
      return count;
    }

    long requestBytes() {
      return values[layout.requestBytes];
    }

    long sentBytes() {
      return values[layout.sentBytes];
    }

    Histogram.Reading durations() {
      return times(layout.duration);
    }

    Histogram.Reading responses() {
      return times(layout.response);
    }

    Histogram.Reading headers() {
      return times(layout.header);
    }

    Histogram.Reading connects() {
      return times(layout.connect);
    }

    private Histogram.Reading times(int at) {
      return reading(at, SeriesLayout.TIME_NANOS);
    }

    /** With bounds only if the layout has them. */
    Histogram.Reading requestLengths() {
      return layout.isFull
          ? reading(layout.requestLengths, SeriesLayout.LENGTH_BYTES)
          : unbounded(requestBytes());
    }

    /** With bounds only if the layout has them. */
    Histogram.Reading sentLengths() {
      return layout.isFull
          ? reading(layout.sentLengths, SeriesLayout.LENGTH_BYTES)
          : unbounded(sentBytes());
    }

    Histogram.Reading sentSizes() {
      return reading(layout.sentSizes, SeriesLayout.SIZE_BYTES);
    }

    private Histogram.Reading unbounded(long sum) {
      return new Histogram.Reading(NO_BOUNDS, new long[] {count()}, sum);
    }

    private Histogram.Reading reading(int at, long[] bounds) {
      long[] counts = Arrays.copyOfRange(values, at, at + bounds.length + 1);
      return new Histogram.Reading(bounds, counts, values[at + bounds.length + 1]);
    }

    void add(Totals other) {
      for (int i = 0; i < values.length; i++) values[i] += other.values[i];
    }
  }

  /** One pair's numbers on one loop; {@code shown} unless they are the overflow route's. */
  private record Series(int pair, long[] values, boolean shown) {}

  /** What one event loop counted for one route. All methods on that loop. */
  public static final class Cell {
    private final RouteMeters meters;
    private final int loopIndex;
    private final long[] flags;
    private final long[] inFlight = new long[2 * PAD + 1];
    private volatile Series[] series = NO_SERIES;
    private @Nullable Series last;

    private Cell(RouteMeters meters, int loopIndex) {
      this.meters = meters;
      this.loopIndex = loopIndex;
      this.flags = meters.table.flags(loopIndex);
    }

    /** A request was routed here. Every call is followed by one of {@link #record}. */
    public void begin() {
      increase(inFlight, PAD, 1);
    }

    /** The request that {@link #begin} counted has ended. Keeps nothing of the record. */
    public void record(ExchangeRecord exchange) {
      assert inFlight[PAD] > 0 : "record without begin";
      increase(inFlight, PAD, -1);
      int pair = pair(exchange.status, MethodLabel.ofRequestLine(exchange.requestLine));
      Series hit = last;
      if (hit == null || hit.pair != pair) last = hit = find(pair);
      SeriesLayout layout = meters.layout;
      long[] values = hit.values;
      count(values, layout.duration, SeriesLayout.TIME_NANOS, exchange.durationNanos());
      increase(values, layout.requestBytes, exchange.requestLength);
      increase(values, layout.sentBytes, exchange.bytesSent);
      int tries = exchange.attemptCount();
      if (tries > 0) recordTry(exchange.attempt(tries - 1), layout, values);
      if (layout.isFull) {
        count(values, layout.requestLengths, SeriesLayout.LENGTH_BYTES, exchange.requestLength);
        count(values, layout.sentLengths, SeriesLayout.LENGTH_BYTES, exchange.bytesSent);
        count(values, layout.sentSizes, SeriesLayout.SIZE_BYTES, exchange.bytesSent);
      }
      increase(flags, PAD + exchange.flag.index(), 1);
    }

    private static void recordTry(Attempt attempt, SeriesLayout layout, long[] values) {
      long start = attempt.startNanos;
      time(values, layout.response, start, attempt.endNanos);
      if (!layout.isFull) return;
      time(values, layout.header, start, attempt.headNanos);
      time(values, layout.connect, start, attempt.connectNanos);
    }

    private static void time(long[] values, int at, long start, long end) {
      if (end == ExchangeRecord.UNSET) return;
      count(values, at, SeriesLayout.TIME_NANOS, Math.max(0, end - start));
    }

    private Series find(int pair) {
      for (Series each : series) {
        if (each.pair == pair) return each;
      }
      // Its own bound, too: pairs that overflow are granted by nobody.
      boolean isOneMore = series.length < PAIRS_MAX || isClass(pair);
      Grant grant = isOneMore ? meters.grant(pair) : Grant.BY_CLASS;
      return grant == Grant.BY_CLASS ? find(classOf(pair)) : add(pair, grant);
    }

    private Series add(int pair, Grant grant) {
      Series added;
      if (grant == Grant.SHOWN) {
        added = new Series(pair, new long[meters.layout.length], true);
      } else {
        // Written by this loop alone as well, so it can be shared with the overflow route's cell.
        Cell overflow = meters.table.overflow().cell(loopIndex);
        added = new Series(pair, overflow.find(pair).values, false);
      }
      Series[] longer = Arrays.copyOf(series, series.length + 1);
      longer[series.length] = added;
      series = longer;
      return added;
    }

    private void addTo(Totals totals, int pair) {
      for (Series each : series) {
        if (each.pair != pair || !each.shown) continue;
        for (int i = PAD; i < totals.values.length - PAD; i++) {
          totals.values[i] += read(each.values, i);
        }
      }
    }

    /** In a histogram; most requests are faster than the first bound: one comparison. */
    private static void count(long[] values, int at, long[] bounds, long value) {
      int bucket = 0;
      while (bucket < bounds.length && value > bounds[bucket]) bucket++;
      increase(values, at + bucket, 1);
      increase(values, at + bounds.length + 1, value);
    }
  }
}

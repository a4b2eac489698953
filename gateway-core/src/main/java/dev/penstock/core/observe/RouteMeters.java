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
  /** Upper bounds, inclusive, of the duration buckets. */
  static final long[] BUCKET_NANOS = Histogram.answerNanos();

  /** The last one takes what is slower than every bound. */
  static final int BUCKETS = BUCKET_NANOS.length + 1;

  /** 64 bytes: a cache line, and what the hardware prefetches beside it stays unshared too. */
  static final int PAD = 8;

  private static final int DURATION_SUM = PAD + BUCKETS;
  private static final int REQUEST_BYTES = DURATION_SUM + 1;
  private static final int SENT_BYTES = DURATION_SUM + 2;
  private static final int LENGTH = SENT_BYTES + 1 + PAD;

  /** Status and method pairs that a route tells apart; what comes after goes by status class. */
  private static final int PAIRS_MAX = 48;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final Series[] NO_SERIES = {};
  private static final int[] NO_PAIRS = {};

  private final RouteIdentity identity;
  private final RouteMeterTable table;
  private final boolean counted;
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
      cell = new Cell(this, loopIndex);
      cells.setRelease(loopIndex, cell);
    }
    return cell;
  }

  /** Whether this route may show a further pair; asked once per pair and loop. */
  private boolean grant(int pair) {
    while (true) {
      int @Nullable [] before = granted.get();
      if (before == null) return false;
      if (contains(before, pair)) return true;
      if (counted && !table.reserve(before.length == 0)) return false;
      int[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = pair;
      if (granted.compareAndSet(before, after)) return true;
      if (counted) table.giveBack(before.length == 0 ? 1 : 0, 1);
    }
  }

  /** The route is not shown any more; the table gets its series back. */
  void remove() {
    int @Nullable [] pairs = granted.getAndSet(null);
    if (pairs != null && pairs.length > 0) table.giveBack(1, pairs.length);
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
    Totals totals = new Totals();
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

  /** {@code 200}, or {@code 2xx} where a route has too many to tell them apart. */
  static String statusOf(int pair) {
    int status = pair >> 4;
    if (status == 0) return "000";
    return status < 10 ? status + "xx" : Integer.toString(status);
  }

  static String methodOf(int pair) {
    return METHODS[pair & 15].name();
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
    final long[] buckets = new long[BUCKETS];
    long durationNanos;
    long requestBytes;
    long sentBytes;
    long inFlight;

    Histogram.Reading durations() {
      return new Histogram.Reading(BUCKET_NANOS, buckets, durationNanos);
    }

    long count() {
      return Arrays.stream(buckets).sum();
    }

    void add(Totals other) {
      Arrays.setAll(buckets, i -> buckets[i] + other.buckets[i]);
      durationNanos += other.durationNanos;
      requestBytes += other.requestBytes;
      sentBytes += other.sentBytes;
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
      long nanos = exchange.durationNanos();
      long[] values = hit.values;
      increase(values, PAD + bucket(nanos), 1);
      increase(values, DURATION_SUM, nanos);
      increase(values, REQUEST_BYTES, exchange.requestLength);
      increase(values, SENT_BYTES, exchange.bytesSent);
      if (exchange.flag != ResponseFlag.NONE) increase(flags, PAD + exchange.flag.index(), 1);
    }

    private Series find(int pair) {
      for (Series each : series) {
        if (each.pair == pair) return each;
      }
      int status = pair >> 4;
      if (series.length < PAIRS_MAX || status < 10) return add(pair);
      return find(pair(status / 100, MethodLabel.OTHER));
    }

    private Series add(int pair) {
      Series added;
      if (meters.grant(pair)) {
        added = new Series(pair, new long[LENGTH], true);
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
        for (int i = 0; i < BUCKETS; i++) totals.buckets[i] += read(each.values, PAD + i);
        totals.durationNanos += read(each.values, DURATION_SUM);
        totals.requestBytes += read(each.values, REQUEST_BYTES);
        totals.sentBytes += read(each.values, SENT_BYTES);
      }
    }

    /** Most requests are faster than the first bound: one comparison. */
    private static int bucket(long nanos) {
      int bucket = 0;
      while (bucket < BUCKET_NANOS.length && nanos > BUCKET_NANOS[bucket]) bucket++;
      return bucket;
    }
  }
}

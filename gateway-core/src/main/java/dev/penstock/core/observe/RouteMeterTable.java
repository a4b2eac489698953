package dev.penstock.core.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The meters of all routes. Meters belong to a route's names, not to its compiled form, so a route
 * keeps counting over any number of recompilations.
 *
 * <p>The number of series is bounded ({@link MetricsOptions#seriesMax}): what has no place any more
 * is counted in one overflow route, {@code ingress="__overflow__"}, and the refusals are counted. A
 * deleted route stays for {@link #SCRAPES_AFTER_DELETION} scrapes, and as long as requests are in
 * flight, so that its last requests are seen.
 *
 * <p>{@link #acquire} and {@link #release} are for the control thread, the event loops come here
 * only at the first request of a kind, and the scrape comes on a thread of its own; the lock is
 * never taken on the request path.
 */
public final class RouteMeterTable {
  /** Scrapes that still show a deleted route. */
  static final int SCRAPES_AFTER_DELETION = 2;

  /** Bounds what deleted routes hold when nobody scrapes. */
  private static final int DELETED_MAX = 1_000;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private final int loops;
  private final MetricsOptions options;
  private final SeriesLayout layout;
  private final long[][] flags;
  private final Map<RouteIdentity, RouteMeters> byIdentity = new HashMap<>();
  private final ArrayDeque<RouteMeters> deleted = new ArrayDeque<>();
  private final AtomicInteger series = new AtomicInteger();
  private final AtomicLong droppedSeries = new AtomicLong();
  private final RouteMeters unmatched;
  private final RouteMeters overflow;

  /** With the default limit, and without all histograms. */
  public RouteMeterTable(int loops, MetricsMode mode) {
    this(loops, new MetricsOptions(mode, false, MetricsOptions.SERIES_MAX));
  }

  /**
   * An empty table.
   *
   * @param loops number of event loops
   */
  public RouteMeterTable(int loops, MetricsOptions options) {
    this.loops = loops;
    this.options = options;
    this.layout = new SeriesLayout(options.allHistograms());
    this.flags = new long[loops][2 * RouteMeters.PAD + ResponseFlag.values().length];
    this.unmatched = new RouteMeters(RouteIdentity.UNMATCHED, this, false);
    String name = "__overflow__";
    this.overflow =
        new RouteMeters(
            new RouteIdentity(new RouteIdentity.Names("_", "", "", name, "", "", "-")),
            this,
            false);
  }

  /**
   * The meters of a route, made when there are none of that name. Every call is followed by a
   * {@link #release} when the compiled route that holds them is replaced or deleted: acquire for
   * the new routes first, then release for the old.
   */
  public synchronized RouteMeters acquire(RouteIdentity identity) {
    RouteMeters meters =
        byIdentity.computeIfAbsent(identity, key -> new RouteMeters(key, this, true));
    if (meters.holders++ == 0) deleted.remove(meters);
    return meters;
  }

  /** A compiled route does not hold the meters any more. */
  public synchronized void release(RouteMeters meters) {
    assert meters.holders > 0 : "released more often than acquired";
    if (--meters.holders > 0) return;
    if (!meters.isShown()) {
      remove(meters);
      return;
    }
    meters.scrapesLeft = SCRAPES_AFTER_DELETION;
    deleted.add(meters);
    if (deleted.size() > DELETED_MAX) remove(deleted.remove());
  }

  /** For requests that no route takes, also those that cannot be read. */
  public RouteMeters unmatched() {
    return unmatched;
  }

  /** What a scrape shows. */
  synchronized List<RouteMeters> shown() {
    List<RouteMeters> shown = new ArrayList<>(byIdentity.size() + 2);
    shown.add(unmatched);
    shown.add(overflow);
    shown.addAll(byIdentity.values());
    return shown;
  }

  /** A scrape was made: deleted routes come nearer to their end. */
  synchronized void scraped() {
    for (int i = deleted.size(); i > 0; i--) {
      RouteMeters meters = deleted.remove();
      if (--meters.scrapesLeft > 0 || meters.inFlight() > 0) deleted.add(meters);
      else remove(meters);
    }
  }

  private void remove(RouteMeters meters) {
    byIdentity.remove(meters.identity());
    meters.remove();
  }

  RouteMeters overflow() {
    return overflow;
  }

  int loops() {
    return loops;
  }

  MetricsOptions options() {
    return options;
  }

  SeriesLayout layout() {
    return layout;
  }

  /** Series that are in use now. */
  int series() {
    return series.get();
  }

  /** Series that were asked for and refused since the start. */
  long droppedSeries() {
    return droppedSeries.get();
  }

  /** The flag counters of a loop; {@link RouteMeters#PAD} longs on either side are nobody's. */
  long[] flags(int loopIndex) {
    return flags[loopIndex];
  }

  /** Exchanges that ended with a flag, over all loops and routes. */
  long flagged(ResponseFlag flag) {
    long sum = 0;
    for (long[] each : flags) sum += (long) LONGS.getOpaque(each, RouteMeters.PAD + flag.index());
    return sum;
  }

  /** Requests that have ended since the start, over all loops and routes, deleted ones too. */
  long requests() {
    long sum = 0;
    for (ResponseFlag flag : ResponseFlag.values()) sum += flagged(flag);
    return sum;
  }

  /** Takes places for so many series, or none. */
  boolean reserve(int wanted) {
    boolean taken = take(wanted);
    if (!taken) droppedSeries.addAndGet(wanted);
    return taken;
  }

  /** Like {@link #reserve}, and counts no refusal. */
  boolean take(int wanted) {
    while (true) {
      int before = series.get();
      if (before + wanted > options.seriesMax()) return false;
      if (series.compareAndSet(before, before + wanted)) return true;
    }
  }

  void giveBack(int places) {
    series.addAndGet(-places);
  }
}

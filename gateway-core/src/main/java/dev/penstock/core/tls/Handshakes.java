package dev.penstock.core.tls;

import dev.penstock.core.meter.Histogram;
import dev.penstock.core.meter.Tally;
import dev.penstock.core.observe.DataPlane.TlsFigures;
import dev.penstock.core.observe.DataPlane.TlsSuite;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The TLS handshakes of one event loop: how many there were, and a bound for those under way, each
 * of which holds a native connection. A flood of clients that begin and never go on must not shut
 * out those who finish within a round trip: when the places are taken, the oldest handshake gives
 * way if it has stood for a second; only when all are younger the newcomer is refused.
 *
 * <p>The counters may be read on any thread; everything else belongs to the loop.
 */
public final class Handshakes {
  /** Longer than slow clients need from one flight to the next. */
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** More pairs of version and cipher than are offered; what comes on top is one sum. */
  private static final int SUITES_MAX = 16;

  private static final TlsSuite OTHER = new TlsSuite("other", "other");

  private static final long[] DURATION_NANOS = Histogram.answerNanos();

  private final int waitingMax;
  private final LinkedHashSet<HandshakeWatch> waiting = new LinkedHashSet<>();
  private final Tally failures = new Tally(HandshakeFailure.values().length);
  private final Histogram durations = new Histogram(DURATION_NANOS);

  /** What was agreed on, in the order of the first time; the counters beside it. */
  private volatile TlsSuite[] suites = {};

  private final Tally agreed = new Tally(SUITES_MAX + 1);

  /**
   * The sum over all loops since the start of the process.
   *
   * @param completed connections that were handed on
   * @param failed what was no TLS, broke off, was not acceptable or took too long
   * @param refused closed because too many were under way
   */
  public record Totals(long completed, long failed, long refused) {}

  /**
   * @param waitingMax {@code Settings.Limits.handshakesPerLoopMax}
   */
  public Handshakes(int waitingMax) {
    if (waitingMax < 1) throw new IllegalArgumentException("waitingMax must be at least 1");
    this.waitingMax = waitingMax;
  }

  /** May be called on any thread. */
  public static Totals total(Iterable<Handshakes> loops) {
    TlsFigures figures = figures(loops);
    long refused = figures.failures().getOrDefault(HandshakeFailure.OVERLOAD.label(), 0L);
    long failed = figures.failures().values().stream().mapToLong(Long::longValue).sum() - refused;
    long completed = figures.completed().values().stream().mapToLong(Long::longValue).sum();
    return new Totals(completed, failed, refused);
  }

  /** What all loops counted since the start. May be called on any thread. */
  public static TlsFigures figures(Iterable<Handshakes> loops) {
    Map<TlsSuite, Long> completed = new LinkedHashMap<>();
    Map<String, Long> failures = new TreeMap<>();
    Histogram.Reading durations = Histogram.Reading.empty(DURATION_NANOS);
    for (Handshakes loop : loops) {
      durations = durations.plus(loop.durations.read());
      for (HandshakeFailure each : HandshakeFailure.values()) {
        failures.merge(each.label(), loop.failures.get(each.index()), Long::sum);
      }
      TlsSuite[] suites = loop.suites;
      for (int i = 0; i < suites.length; i++) {
        completed.merge(suites[i], loop.agreed.get(i), Long::sum);
      }
      long others = loop.agreed.get(SUITES_MAX);
      if (others > 0) completed.merge(OTHER, others, Long::sum);
    }
    return new TlsFigures(completed, failures, durations);
  }

  /** May be called on any thread. */
  public Totals totals() {
    return total(List.of(this));
  }

  int waiting() {
    return waiting.size();
  }

  /** Whether this one may begin; if not, it has been counted as refused. */
  boolean begin(HandshakeWatch watch, long nowNanos) {
    if (waiting.size() >= waitingMax) {
      HandshakeWatch oldest = waiting.getFirst();
      if (nowNanos - oldest.beganNanos() < STALLED_NANOS) {
        failures.add(HandshakeFailure.OVERLOAD.index(), 1);
        return false;
      }
      waiting.remove(oldest);
      failures.add(HandshakeFailure.OVERLOAD.index(), 1);
      oldest.giveWay();
    }
    waiting.add(watch);
    return true;
  }

  void completed(HandshakeWatch watch, long nanos, String protocol, String cipher) {
    waiting.remove(watch);
    durations.record(nanos);
    agreed.add(placeOf(protocol, cipher), 1);
  }

  private int placeOf(String protocol, String cipher) {
    TlsSuite[] known = suites;
    for (int i = 0; i < known.length; i++) {
      if (known[i].cipher().equals(cipher) && known[i].protocol().equals(protocol)) return i;
    }
    if (known.length == SUITES_MAX) return SUITES_MAX;
    TlsSuite[] longer = Arrays.copyOf(known, known.length + 1);
    longer[known.length] = new TlsSuite(protocol, cipher);
    suites = longer;
    return known.length;
  }

  void failed(HandshakeWatch watch, HandshakeFailure why) {
    waiting.remove(watch);
    failures.add(why.index(), 1);
  }
}

package dev.penstock.core.tls;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

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

  private final int waitingMax;
  private final LinkedHashSet<HandshakeWatch> waiting = new LinkedHashSet<>();
  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

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
    long completed = 0;
    long failed = 0;
    long refused = 0;
    for (Handshakes loop : loops) {
      completed += loop.completed.getOpaque();
      failed += loop.failed.getOpaque();
      refused += loop.refused.getOpaque();
    }
    return new Totals(completed, failed, refused);
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
        add(refused);
        return false;
      }
      waiting.remove(oldest);
      add(refused);
      oldest.giveWay();
    }
    waiting.add(watch);
    return true;
  }

  void completed(HandshakeWatch watch) {
    waiting.remove(watch);
    add(completed);
  }

  void failed(HandshakeWatch watch) {
    waiting.remove(watch);
    add(failed);
  }

  /** One writer, the loop; readers may see it a little late. */
  private static void add(AtomicLong counter) {
    counter.setOpaque(counter.getPlain() + 1);
  }
}

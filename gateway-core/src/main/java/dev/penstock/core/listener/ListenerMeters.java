package dev.penstock.core.listener;

import dev.penstock.core.meter.Tally;
import dev.penstock.core.observe.DataPlane.ListenerFigures;
import java.util.Map;
import java.util.TreeMap;

/** What the event loops count for one listener, each in a place of its own. */
final class ListenerMeters {
  private static final int ACCEPTED = 0;
  private static final int CLOSED = 1;

  private final String listener;
  private final Tally[] loops;

  ListenerMeters(String listener, int loops) {
    this.listener = listener;
    this.loops = new Tally[loops];
    for (int i = 0; i < loops; i++) {
      this.loops[i] = new Tally(CLOSED + CloseReason.values().length);
    }
  }

  /** On the loop that has accepted a connection; the result is told why it ends. */
  ConnectionEnd accepted(int loop) {
    loops[loop].add(ACCEPTED, 1);
    return new ConnectionEnd(loops[loop]);
  }

  static void closed(Tally loop, CloseReason reason) {
    loop.add(CLOSED + reason.index(), 1);
  }

  /** Any thread. */
  ListenerFigures figures() {
    long accepted = 0;
    Map<String, Long> closed = new TreeMap<>();
    for (Tally loop : loops) {
      for (CloseReason reason : CloseReason.values()) {
        closed.merge(reason.label(), loop.get(CLOSED + reason.index()), Long::sum);
      }
      accepted += loop.get(ACCEPTED); // last, so that not more seem closed than were accepted
    }
    return new ListenerFigures(listener, accepted, closed);
  }
}

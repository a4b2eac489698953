package dev.penstock.app;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * The signals of a process that serves. SIGHUP and SIGUSR1 are what log rotation sends, and would
 * end it by themselves; stop signals do so until there is something to drain.
 */
final class ServingSignals {
  private final boolean isOfProcess;
  private volatile IntConsumer onLog = tooEarly -> {};
  private StopSignals stops = StopSignals.none();

  private ServingSignals(boolean isOfProcess) {
    this.isOfProcess = isOfProcess;
  }

  /** From now on SIGHUP and SIGUSR1 end nothing: a log is not open yet, so nothing is done. */
  static ServingSignals ofProcess() {
    ServingSignals signals = new ServingSignals(true);
    Signals.handle(List.of("HUP", "USR1"), number -> signals.onLog.accept(number));
    return signals;
  }

  /** None ever comes: for a gateway that is only a part of its process. */
  static ServingSignals none() {
    return new ServingSignals(false);
  }

  /** What SIGHUP and SIGUSR1 do; gets the number, on a thread of the JVM. */
  void onLog(IntConsumer listener) {
    onLog = listener;
  }

  /** From now on stop signals wait in {@link #stops}. To be called before anything is accepted. */
  void hold() {
    if (isOfProcess) stops = StopSignals.listen();
  }

  StopSignals stops() {
    return stops;
  }
}

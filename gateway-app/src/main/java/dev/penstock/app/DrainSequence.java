package dev.penstock.app;

import java.time.Duration;

/**
 * The end of a gateway, step by step. A load balancer needs a while to notice that readiness is
 * off, so connections are accepted for some time after the first stop signal; each answer says
 * {@code Connection: close} meanwhile, so that clients move over by themselves. Then the listeners
 * close and the requests that go on may finish, until a bound. A second stop signal ends everything
 * at once.
 *
 * <pre>
 * SERVING --signal--> LINGERING --lingering passed--> FINISHING --no request left--> ENDED, clean
 *                         |                               |------timeout passed----> ENDED, cut
 *                         '------------ second signal ----'------------------------> ENDED, by signal
 * </pre>
 *
 * Not thread-safe: one thread calls it, with times of one monotonic clock. It never waits by
 * itself.
 */
final class DrainSequence {
  /** Where the sequence is. */
  enum Phase {
    SERVING,
    LINGERING,
    FINISHING,
    ENDED
  }

  /** What is drained. Called on the sequence's thread, each at most once but for the count. */
  interface Drainable {
    /** Readiness goes off, and every answer from now on closes its connection. */
    void announce();

    /** Closes the listening sockets. */
    void stopAccepting();

    /** Requests that have begun, and whose answers are not yet written to the last byte. */
    long unansweredRequests();
  }

  private final Drainable target;
  private final long lingerNanos;
  private final long timeoutNanos;

  private Phase phase = Phase.SERVING;
  private long beganNanos;
  private int exitCode;
  private long cutRequests;

  /**
   * @param linger how long connections are accepted after the first signal; zero or more
   * @param timeout how long requests may take after the first signal; at least {@code linger}
   */
  DrainSequence(Drainable target, Duration linger, Duration timeout) {
    if (linger.isNegative() || timeout.compareTo(linger) < 0) {
      throw new IllegalArgumentException(
          "timeout must be at least linger, was " + timeout + " and " + linger);
    }
    this.target = target;
    this.lingerNanos = linger.toNanos();
    this.timeoutNanos = timeout.toNanos();
  }

  /** A stop signal came, such as 15 for SIGTERM. */
  void onSignal(int number, long nowNanos) {
    if (phase == Phase.SERVING) {
      phase = Phase.LINGERING;
      beganNanos = nowNanos;
      target.announce();
      step(nowNanos);
    } else if (phase != Phase.ENDED) {
      end(ExitCode.signal(number));
    }
  }

  /** Does what is due at this time. */
  Phase step(long nowNanos) {
    long sinceNanos = nowNanos - beganNanos;
    if (phase == Phase.LINGERING && sinceNanos >= lingerNanos) {
      phase = Phase.FINISHING;
      target.stopAccepting();
    }
    if (phase == Phase.FINISHING) {
      if (target.unansweredRequests() == 0) {
        end(ExitCode.OK);
      } else if (sinceNanos >= timeoutNanos) {
        end(ExitCode.CUT);
      }
    }
    return phase;
  }

  private void end(int code) {
    phase = Phase.ENDED;
    exitCode = code;
    cutRequests = code == ExitCode.OK ? 0 : target.unansweredRequests();
  }

  Phase phase() {
    return phase;
  }

  /** Once {@link Phase#ENDED}: 0 after a clean drain. */
  int exitCode() {
    return exitCode;
  }

  /** Once {@link Phase#ENDED}: the requests that did not come to their end. */
  long cutRequests() {
    return cutRequests;
  }
}

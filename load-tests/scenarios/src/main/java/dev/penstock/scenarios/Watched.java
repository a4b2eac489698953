package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Answer;
import dev.penstock.scenarios.http.Probe;
import dev.penstock.scenarios.http.TlsProbe;
import dev.penstock.scenarios.world.HostSpec;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A change that is waited for: asks until the new answer comes. Until then only the old one is
 * right; anything else, an error page of the moment between say, is a fault.
 *
 * @param before what is served before it; empty = nothing, which answers 404
 * @param after what is to be served after it
 */
record Watched(ChangeKind kind, Optional<HostSpec> before, Optional<HostSpec> after) {
  /** A change that is not in force by then never will be. */
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);

  /** Another right answer than the old and the new one. */
  static final class WrongAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    WrongAnswer(String what) {
      super(what);
    }
  }

  /** Asks the gateway; where to and how often. */
  record Asker(int httpPort, TlsProbe tls, Duration pause) {}

  private HostSpec host() {
    return after.or(() -> before).orElseThrow();
  }

  /**
   * Blocks until the change is in force.
   *
   * @param probe for the plain requests; the caller's
   * @return when the first right answer was there, by {@link System#nanoTime()}
   */
  long await(Asker asker, Probe probe) throws IOException, WrongAnswer, TimeoutException {
    long endNanos = System.nanoTime() + WAIT_MAX.toNanos();
    while (!(kind == ChangeKind.SECRET ? newCertificate(asker.tls) : newAnswer(probe))) {
      if (System.nanoTime() - endNanos > 0) {
        throw new TimeoutException(
            kind
                + " of "
                + host().host()
                + " is not in force after "
                + WAIT_MAX.toSeconds()
                + " s");
      }
      LockSupport.parkNanos(asker.pause.toNanos());
    }
    return System.nanoTime();
  }

  private boolean newAnswer(Probe probe) throws IOException, WrongAnswer {
    Answer answer = probe.get(host().host(), "/");
    if (isOf(after, answer)) return true;
    if (isOf(before, answer)) return false;
    throw new WrongAnswer(
        "while %s of %s is applied: %d %s"
            .formatted(kind, host().host(), answer.status(), answer.body()));
  }

  private static boolean isOf(Optional<HostSpec> spec, Answer answer) {
    return spec.isEmpty()
        ? answer.status() == 404
        : answer.status() == 200 && answer.body().equals(spec.get().body("/"));
  }

  private boolean newCertificate(TlsProbe tls) throws IOException, WrongAnswer {
    BigInteger serial = tls.serial(host().host());
    if (serial.equals(serial(after))) return true;
    if (serial.equals(serial(before))) return false;
    throw new WrongAnswer("the certificate of %s is neither".formatted(host().host()));
  }

  private static BigInteger serial(Optional<HostSpec> spec) {
    return spec.orElseThrow().certificate().orElseThrow().certificate().getSerialNumber();
  }
}

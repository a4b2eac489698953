package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.app.DrainSequence.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainSequenceTest {
  private static final int SIGTERM = 15;
  private static final long START = 7_000_000_000L;

  private final Recorder target = new Recorder();
  private final DrainSequence sequence =
      new DrainSequence(target, Duration.ofSeconds(10), Duration.ofSeconds(60));

  @Test
  void nothingHappensWithoutASignal() {
    assertThat(sequence.step(at(1_000))).isEqualTo(Phase.SERVING);
    assertThat(target.calls).isEmpty();
  }

  @Test
  void readinessGoesOffAtOnceAndAcceptingGoesOn() {
    sequence.onSignal(SIGTERM, at(0));
    assertThat(sequence.step(at(9.9))).isEqualTo(Phase.LINGERING);
    assertThat(target.calls).containsExactly("announce");
  }

  @Test
  void anIdleGatewayStillLingersBecauseALoadBalancerMaySendMore() {
    target.active = 0;
    sequence.onSignal(SIGTERM, at(0));
    assertThat(sequence.step(at(9.9))).isEqualTo(Phase.LINGERING);
    assertThat(sequence.step(at(10))).isEqualTo(Phase.ENDED);
    assertThat(target.calls).containsExactly("announce", "stopAccepting");
    assertThat(sequence.exitCode()).isZero();
  }

  @Test
  void runningRequestsFinishAfterTheListenersClosed() {
    target.active = 2;
    sequence.onSignal(SIGTERM, at(0));
    assertThat(sequence.step(at(10))).isEqualTo(Phase.FINISHING);
    assertThat(sequence.step(at(59.9))).isEqualTo(Phase.FINISHING);
    target.active = 0;
    assertThat(sequence.step(at(59.95))).isEqualTo(Phase.ENDED);
    assertThat(sequence.exitCode()).isZero();
    assertThat(sequence.cutRequests()).isZero();
  }

  @Test
  void theTimeoutCountsFromTheSignalAndCutsWhatIsLeft() {
    target.active = 3;
    sequence.onSignal(SIGTERM, at(0));
    sequence.step(at(10));
    assertThat(sequence.step(at(60))).isEqualTo(Phase.ENDED);
    assertThat(sequence.exitCode()).isEqualTo(ExitCode.CUT);
    assertThat(sequence.cutRequests()).isEqualTo(3);
  }

  @Test
  void aSecondSignalEndsLingeringAtOnce() {
    sequence.onSignal(SIGTERM, at(0));
    sequence.onSignal(SIGTERM, at(1));
    assertThat(sequence.phase()).isEqualTo(Phase.ENDED);
    assertThat(sequence.exitCode()).isEqualTo(143);
  }

  @Test
  void aSecondSignalEndsFinishingAtOnceAndCountsWhatItCut() {
    target.active = 1;
    sequence.onSignal(SIGTERM, at(0));
    sequence.step(at(10));
    sequence.onSignal(2, at(11));
    assertThat(sequence.phase()).isEqualTo(Phase.ENDED);
    assertThat(sequence.exitCode()).isEqualTo(130);
    assertThat(sequence.cutRequests()).isEqualTo(1);
  }

  @Test
  void aThirdSignalChangesNothing() {
    sequence.onSignal(SIGTERM, at(0));
    sequence.onSignal(SIGTERM, at(1));
    sequence.onSignal(2, at(2));
    assertThat(sequence.exitCode()).isEqualTo(143);
  }

  @Test
  void withoutLingeringTheListenersCloseAtTheSignal() {
    DrainSequence quick = new DrainSequence(target, Duration.ZERO, Duration.ofSeconds(5));
    target.active = 1;
    quick.onSignal(SIGTERM, at(0));
    assertThat(target.calls).containsExactly("announce", "stopAccepting");
    assertThat(quick.phase()).isEqualTo(Phase.FINISHING);
  }

  @Test
  void aTimeoutShorterThanLingeringIsRefused() {
    assertThatThrownBy(
            () -> new DrainSequence(target, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT1S");
  }

  /** Seconds after the test's beginning, which is not zero so that nothing relies on that. */
  private static long at(double seconds) {
    return START + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  private static final class Recorder implements DrainSequence.Drainable {
    final List<String> calls = new ArrayList<>();
    long active;

    @Override
    public void announce() {
      calls.add("announce");
    }

    @Override
    public void stopAccepting() {
      calls.add("stopAccepting");
    }

    @Override
    public long unansweredRequests() {
      return active;
    }
  }
}

package dev.penstock.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.VirtualClock;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimersTest {
  private static final long TICK = Timers.TICK_NANOS;

  private final VirtualClock clock =
      new VirtualClock(); // near the end of long: nanoTime may be anywhere
  private final DefaultEventLoop eventLoop = new DefaultEventLoop();
  private final Loop loop = new Loop(eventLoop, 0, clock);
  private final List<String> fired = new ArrayList<>();

  @AfterEach
  void stop() {
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private void onLoop(Runnable task) {
    eventLoop.submit(task).syncUninterruptibly();
  }

  private void pass(long nanos) {
    clock.advance(Duration.ofNanos(nanos));
    onLoop(loop::tick);
  }

  private Deadline deadline(String name) {
    return loop.deadline(() -> fired.add(name));
  }

  @Test
  void aDeadlineFiresNotBeforeItsTimeAndAtMostTwoTicksLate() {
    Deadline deadline = deadline("a");
    onLoop(() -> deadline.in(10 * TICK));
    for (int i = 0; i < 9; i++) pass(TICK);
    assertThat(fired).isEmpty();
    pass(TICK);
    pass(TICK);
    assertThat(fired).containsExactly("a");
    assertThat(deadline.isArmed()).isFalse();
  }

  @Test
  void aDeadlineMovedLaterFiresAtTheLaterTimeOnly() {
    Deadline deadline = deadline("a");
    onLoop(() -> deadline.in(3 * TICK));
    pass(2 * TICK);
    onLoop(() -> deadline.in(5 * TICK));
    pass(3 * TICK);
    assertThat(fired).isEmpty();
    pass(4 * TICK);
    assertThat(fired).containsExactly("a");
  }

  @Test
  void aDeadlineMovedEarlierFiresAtTheEarlierTime() {
    Deadline deadline = deadline("a");
    onLoop(() -> deadline.in(1_000 * TICK));
    onLoop(() -> deadline.in(2 * TICK));
    pass(3 * TICK);
    assertThat(fired).containsExactly("a");
  }

  @Test
  void aClearedOrCancelledDeadlineNeverFires() {
    Deadline cleared = deadline("cleared");
    Deadline cancelled = deadline("cancelled");
    onLoop(() -> {
      cleared.in(TICK);
      cancelled.in(TICK);
      cleared.clear();
      cancelled.cancel();
    });
    pass(2_000 * TICK);
    assertThat(fired).isEmpty();
  }

  @Test
  void aDeadlineBeyondOneTurnOfTheWheelWaitsForItsTurn() {
    onLoop(() -> deadline("far").in(1_500 * TICK));
    for (int i = 0; i < 1_499; i++) pass(TICK);
    assertThat(fired).isEmpty();
    pass(2 * TICK);
    assertThat(fired).containsExactly("far");
  }

  @Test
  void anExpiryMayCancelItsNeighboursAndArmItselfAnew() {
    List<Deadline> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String name = "n" + i;
      all.add(
          loop.deadline(() -> {
            fired.add(name);
            all.forEach(Deadline::cancel);
            all.get(0).in(TICK);
          }));
    }
    onLoop(() -> all.forEach(deadline -> deadline.in(TICK)));
    pass(TICK);
    assertThat(fired).hasSize(1);
    pass(2 * TICK);
    assertThat(fired).hasSize(2).last().isEqualTo("n0");
  }

  @Test
  void afterALongPauseEverythingDueFires() {
    for (int i = 1; i <= 700; i++) {
      int ticks = i;
      onLoop(() -> deadline("d" + ticks).in(ticks * TICK));
    }
    pass(10_000 * TICK);
    assertThat(fired).hasSize(700);
  }

  @Test
  void randomDeadlinesFireExactlyAsANaiveListSays() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int count = 200;
    long[] due = new long[count];
    long[] firedAt = new long[count];
    List<Deadline> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i;
      due[i] = Long.MAX_VALUE;
      all.add(loop.deadline(() -> firedAt[at] = loop.nanos()));
    }
    for (int step = 0; step < 3_000; step++) {
      int which = random.nextInt(count);
      onLoop(() -> {
        if (random.nextInt(5) == 0) {
          all.get(which).clear();
          due[which] = Long.MAX_VALUE;
        } else {
          long in = random.nextLong(700 * TICK);
          all.get(which).in(in);
          due[which] = loop.nanos() + in;
        }
      });
      pass(random.nextLong(2 * TICK));
      for (int i = 0; i < count; i++) {
        if (firedAt[i] != 0) {
          assertThat(firedAt[i]).as("early, seed %d", seed).isGreaterThanOrEqualTo(due[i]);
          firedAt[i] = 0;
          due[i] = Long.MAX_VALUE;
        } else if (due[i] != Long.MAX_VALUE) {
          assertThat(loop.nanos()).as("late, seed %d", seed).isLessThan(due[i] + 2 * TICK);
        }
      }
    }
  }
}

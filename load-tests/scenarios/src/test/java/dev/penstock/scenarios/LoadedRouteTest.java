package dev.penstock.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.scenarios.http.Answer;
import dev.penstock.scenarios.world.HostSpec;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A judge that is wrong once in a million answers fails a run that was right. */
class LoadedRouteTest {
  private final HostSpec old = HostSpec.plain(1, 0);
  private final HostSpec changed = old.withNextService(1);
  private final LoadedRoute route = new LoadedRoute(old);
  private final long later = System.nanoTime() + 1;

  private static Answer answer(HostSpec host) {
    return new Answer(200, host.body("/"), false);
  }

  @Test
  void untilTheNewFormHasAnsweredBothAreRight() {
    route.changes(changed);

    assertThat(route.fault(answer(old), later)).isEmpty();
    assertThat(route.fault(answer(changed), later)).isEmpty();
  }

  @Test
  void anOldAnswerToARequestThatWasSentAfterTheNewFormHasAnsweredIsAFault() {
    route.changes(changed);
    route.inForce(later);

    assertThat(route.fault(answer(old), later)).isEmpty();
    assertThat(route.fault(answer(old), later + 1)).contains("as it was before a change");
    assertThat(route.fault(answer(changed), later + 1)).isEmpty();
  }

  @Test
  void theNewestFormIsNeverMissing() throws InterruptedException {
    route.changes(changed);
    AtomicBoolean done = new AtomicBoolean();
    Thread marking =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) route.inForce(later);
            });
    int faults = 0;
    for (int i = 0; i < 200_000; i++) {
      if (!route.fault(answer(changed), later + 1).isEmpty()) faults++;
    }
    done.set(true);
    marking.join();

    assertThat(faults).isZero();
  }
}

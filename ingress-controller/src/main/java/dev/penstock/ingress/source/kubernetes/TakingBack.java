package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what was given up once more when there is room for it: one object after the other, by its
 * name. A list of all would take long where somebody has made much, nothing else of the kind would
 * be followed meanwhile, and of most of it the room would not suffice anyway.
 *
 * <p>One thread.
 */
final class TakingBack {
  /** Between the beginnings of two rounds. */
  private static final Duration EVERY_MIN = Duration.ofMinutes(1);

  private final Machinery machinery;
  private final ObjectBudget budget;
  private final LongConsumer lookAgainIn;
  private final Deque<ObjectBudget.LeftOut<?>> waiting = new ArrayDeque<>();
  private @Nullable KindLoop<?> reading;
  private boolean isBegun;
  private long begunNanos;

  /**
   * @param lookAgainIn has {@link #look} called again after so many nanoseconds
   */
  TakingBack(Machinery machinery, ObjectBudget budget, LongConsumer lookAgainIn) {
    this.machinery = machinery;
    this.budget = budget;
    this.lookAgainIn = lookAgainIn;
  }

  /** Begins when something was given up that has room now. */
  void look(List<KindLoop<?>> loops) {
    if (reading != null || !budget.hasRoom(loops)) return;
    List<ObjectBudget.LeftOut<?>> found = budget.roomFor(loops);
    List<KindLoop<?>> forgetful =
        loops.stream().filter(loop -> loop.objects().isSomeForgotten()).toList();
    if (found.isEmpty() && forgetful.isEmpty()) return;
    long now = machinery.nanoTime().getAsLong();
    long rest = begunNanos + EVERY_MIN.toNanos() - now;
    if (isBegun && rest > 0) {
      lookAgainIn.accept(rest);
      return;
    }
    isBegun = true;
    begunNanos = now;
    forgetful.forEach(KindLoop::listAnew);
    waiting.addAll(found);
    next();
  }

  void stop() {
    waiting.clear();
    if (reading != null) reading.stop();
    reading = null;
  }

  private void next() {
    ObjectBudget.LeftOut<?> first = waiting.poll();
    if (first != null) new Reading<>(first).begin();
  }

  /** Of one object. */
  private final class Reading<T> implements KindLoop.Owner {
    private final KindLoop<T> of;
    private final ObjectKey key;
    private final KindLoop<T> once;

    Reading(ObjectBudget.LeftOut<T> leftOut) {
      of = leftOut.loop();
      key = leftOut.object().key();
      Target<T> target = Target.named(of.target().kind(), key.namespace(), key.name());
      once = new KindLoop<>(target, machinery, this, false, false, ReadRoom.ofItsOwn());
    }

    void begin() {
      reading = once;
      once.start();
    }

    @Override
    public void changed(KindLoop<?> loop) {
      once.stop();
      reading = null;
      ApiObject<T> whole = once.objects().get(key);
      if (whole != null) of.takeBack(whole);
      next();
    }

    /** The next round may have more luck. */
    @Override
    public void failing(KindLoop<?> loop, String why) {
      stop();
      lookAgainIn.accept(EVERY_MIN.toNanos());
    }

    @Override
    public void following(KindLoop<?> loop) {}
  }
}

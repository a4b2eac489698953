package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what was given up once more when there is room for it: one object after the other, by its
 * name. A list of all takes long where somebody has made much, and nothing else of the kind is
 * followed meanwhile; so there is one only for more objects than a page has, and for those of which
 * not even the name is known.
 *
 * <p>One thread.
 */
final class TakingBack {
  /** Between the beginnings of two rounds. */
  private static final Duration EVERY_MIN = Duration.ofMinutes(1);

  /** In a row, after which a round ends. */
  private static final int FAILURES_MAX = 5;

  private static final Logger LOG = LoggerFactory.getLogger(TakingBack.class);

  private final Machinery machinery;
  private final ObjectBudget budget;
  private final Later lookAgain;
  private final Backoff backoff;
  private final Deque<Shares.LeftOut<?>> waiting = new ArrayDeque<>();
  private @Nullable KindLoop<?> reading;
  private int failures;
  private boolean isRunning;
  private boolean isBegun;
  private long begunNanos;

  /**
   * @param lookAgain has {@link #look} called again
   */
  TakingBack(Machinery machinery, ObjectBudget budget, Runnable lookAgain) {
    this.machinery = machinery;
    this.budget = budget;
    this.lookAgain = new Later(machinery, lookAgain);
    this.backoff = new Backoff(machinery.random());
  }

  /**
   * Begins when something was given up that has room now, at most once in a minute.
   *
   * @param shares what the namespaces take now
   */
  void look(List<KindLoop<?>> loops, Shares shares) {
    if (isRunning || !budget.isSomethingLeftOut()) return;
    long now = machinery.nanoTime().getAsLong();
    long rest = begunNanos + EVERY_MIN.toNanos() - now;
    if (isBegun && rest > 0) {
      lookAgain.in(rest);
      return;
    }
    List<Shares.LeftOut<?>> found = budget.roomFor(loops, shares);
    List<KindLoop<?>> listed = listAnew(loops, found);
    if (found.isEmpty() && listed.isEmpty()) return;
    isBegun = true;
    begunNanos = now;
    found.stream().filter(each -> !listed.contains(each.loop())).forEach(waiting::add);
    isRunning = true;
    failures = 0;
    next();
  }

  /**
   * Lists anew where much is to be taken back, or what was forgotten.
   *
   * @return those that are listed
   */
  private List<KindLoop<?>> listAnew(List<KindLoop<?>> loops, List<Shares.LeftOut<?>> found) {
    Map<KindLoop<?>, Set<ObjectKey>> keys = new HashMap<>();
    for (Shares.LeftOut<?> each : found) {
      keys.computeIfAbsent(each.loop(), first -> new HashSet<>()).add(each.object().key());
    }
    boolean isForgottenFound = budget.hasRoom(loops);
    List<KindLoop<?>> listed = new ArrayList<>();
    for (KindLoop<?> loop : loops) {
      Set<ObjectKey> some = keys.getOrDefault(loop, Set.of());
      boolean isMuch = some.size() > loop.target().pageObjectsMax();
      if (!isMuch && !(isForgottenFound && loop.objects().isSomeForgotten())) continue;
      loop.listAnew(some);
      listed.add(loop);
    }
    return listed;
  }

  void stop() {
    waiting.clear();
    if (reading != null) reading.stop();
    reading = null;
  }

  private void next() {
    Shares.LeftOut<?> first = waiting.poll();
    if (first == null) isRunning = false;
    else new Reading<>(first).begin();
  }

  /** Of one object. */
  private final class Reading<T> implements KindLoopOwner {
    private final Shares.LeftOut<T> leftOut;
    private final ObjectKey key;
    private final KindLoop<T> once;

    Reading(Shares.LeftOut<T> leftOut) {
      this.leftOut = leftOut;
      key = leftOut.object().key();
      Target<T> target = Target.named(leftOut.loop().target().kind(), key.namespace(), key.name());
      once = new KindLoop<>(target, machinery, this, false, false, ReadRoom.ofItsOwn());
    }

    void begin() {
      reading = once;
      once.start();
    }

    @Override
    public void changed(KindLoop<?> loop) {
      once.stop();
      failures = 0;
      backoff.reset();
      ApiObject<T> whole = once.objects().get(key);
      if (whole != null) leftOut.loop().takeBack(whole);
      next();
    }

    /** The others have their turn before it is tried again. */
    @Override
    public void failing(KindLoop<?> loop, String why) {
      once.stop();
      if (++failures < FAILURES_MAX) {
        waiting.add(leftOut);
      } else {
        waiting.clear();
        LOG.warn("{} cannot be read again, though there is room for it: {}", loop.target(), why);
        lookAgain.in(EVERY_MIN.toNanos());
      }
      machinery.thread().schedule(TakingBack.this::next, backoff.nextNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void following(KindLoop<?> loop) {}
  }
}

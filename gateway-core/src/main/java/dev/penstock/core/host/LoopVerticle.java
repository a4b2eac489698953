package dev.penstock.core.host;

import dev.penstock.core.loop.Loop;
import dev.penstock.core.loop.Timers;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Claims one event loop of Vert.x for the data plane and turns its timers. */
final class LoopVerticle extends AbstractVerticle {
  private final List<Loop> loops;
  private final LongSupplier clock;

  /**
   * @param loops gets this verticle's loop; verticles start one after the other
   */
  LoopVerticle(List<Loop> loops, LongSupplier clock) {
    this.loops = loops;
    this.clock = clock;
  }

  @Override
  public void start() {
    Loop loop;
    synchronized (loops) {
      loop = new Loop(((ContextInternal) context).nettyEventLoop(), loops.size(), clock);
      loops.add(loop);
    }
    vertx.setPeriodic(TimeUnit.NANOSECONDS.toMillis(Timers.TICK_NANOS), id -> loop.tick());
  }
}

package dev.penstock.core;

import com.sun.management.ThreadMXBean;
import dev.penstock.core.loop.Loop;
import dev.penstock.core.observe.DataPlane;
import dev.penstock.core.snapshot.Published;
import dev.penstock.core.upstream.EndpointPool;
import dev.penstock.core.upstream.LoopPool;
import dev.penstock.core.upstream.Upstream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Adds up, at a scrape, what each event loop knows of itself. Any thread but an event loop. */
final class GatewayFigures implements DataPlane {
  private final List<Loop> loops;
  private final Published published;

  GatewayFigures(List<Loop> loops, Published published) {
    this.loops = loops;
    this.published = published;
  }

  @Override
  public List<UpstreamFigures> upstreams() {
    List<UpstreamFigures> figures = new ArrayList<>();
    published.current().upstreams().forEach((id, upstream) -> figures.add(figures(id, upstream)));
    return figures;
  }

  private UpstreamFigures figures(dev.penstock.model.Upstream.Id id, Upstream upstream) {
    long open = 0;
    long idle = 0;
    long waiting = 0;
    for (Loop loop : loops) {
      LoopPool pools = upstream.poolOf(loop.index());
      if (pools == null) continue;
      for (EndpointPool pool : pools.endpointPools()) {
        open += pool.open();
        idle += pool.idle();
        waiting += pool.waiting();
      }
    }
    return new UpstreamFigures(id.toString(), upstream.endpointCount(), open, idle, waiting);
  }

  /** The virtual machine keeps these books anyway; to ask costs some microseconds a thread. */
  @Override
  public List<LoopFigures> loops() {
    List<LoopFigures> figures = new ArrayList<>(loops.size());
    if (!(ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads)) return figures;
    for (Loop loop : loops) {
      long id = loop.threadId();
      figures.add(
          new LoopFigures(
              loop.index(), threads.getThreadAllocatedBytes(id), threads.getThreadCpuTime(id)));
    }
    return figures;
  }
}

package dev.penstock.core.upstream;

import dev.penstock.core.loop.Loop;
import dev.penstock.model.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A group of equal backends. Lives as long as its name is configured, across snapshots; its
 * endpoints are replaced on their own fast road, without recompiling a route.
 *
 * <p>{@code endpoints} is one volatile, written by the control thread; each loop keeps its own
 * pools, which look at it when they are asked for a connection and when they are told of a change.
 */
public final class Upstream {
  private final dev.penstock.model.Upstream.Id id;
  private final AtomicReferenceArray<@Nullable LoopPool> pools;
  private volatile UpstreamEndpoint[] endpoints = {};

  /**
   * @param loops how many event loops there are
   */
  public Upstream(dev.penstock.model.Upstream.Id id, int loops) {
    this.id = id;
    this.pools = new AtomicReferenceArray<>(loops);
  }

  public dev.penstock.model.Upstream.Id id() {
    return id;
  }

  /** The endpoints that may get new requests; the array is shared and must not be changed. */
  UpstreamEndpoint[] endpoints() {
    return endpoints;
  }

  /** The same, for who shows them. */
  public List<UpstreamEndpoint> endpointList() {
    return List.of(endpoints);
  }

  public int endpointCount() {
    return endpoints.length;
  }

  /**
   * Replaces the endpoints. Control thread. Loops close idle connections of endpoints that left as
   * soon as they come to it; lent ones end with their exchange.
   */
  public void update(List<UpstreamEndpoint> next) {
    endpoints = next.toArray(new UpstreamEndpoint[0]);
    for (int i = 0; i < pools.length(); i++) {
      LoopPool pool = pools.get(i);
      if (pool != null) pool.onEndpointsChanged();
    }
  }

  /** This loop's connections; made at the first request. */
  public LoopPool on(Loop loop, Connector connector, Settings settings) {
    assert loop.inLoop();
    LoopPool pool = pools.get(loop.index());
    if (pool == null) {
      pool = new LoopPool(this, loop, connector, settings);
      pools.set(loop.index(), pool);
    }
    return pool;
  }

  /** The pools of the loops that were asked so far; for meters, from any thread. */
  public List<LoopPool> loopPools() {
    List<LoopPool> made = new ArrayList<>(pools.length());
    for (int i = 0; i < pools.length(); i++) {
      LoopPool pool = pools.get(i);
      if (pool != null) made.add(pool);
    }
    return made;
  }
}

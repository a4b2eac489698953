package dev.penstock.core.upstream;

import dev.penstock.core.loop.Loop;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group of equal backends. Lives as long as its name is configured, across snapshots; its
 * endpoints are replaced on their own fast road, without recompiling a route.
 *
 * <p>{@code endpoints} is one volatile, written by the control thread; each loop keeps its own
 * pools, which look at it when they are asked for a connection and when they are told of a change.
 */
public final class Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

  private final dev.penstock.model.Upstream.Id id;
  private final Supplier<Settings> settings;
  private final AtomicReferenceArray<@Nullable LoopPool> pools;
  private volatile UpstreamEndpoint[] endpoints = {};

  /** What {@code endpoints} were made of; control thread only. */
  private List<Endpoint> given = List.of();

  /**
   * @param loops how many event loops there are
   * @param settings those in force; asked by the loops each time, so that a change reaches pools in
   *     use
   */
  public Upstream(dev.penstock.model.Upstream.Id id, int loops, Supplier<Settings> settings) {
    this.id = id;
    this.settings = settings;
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
   * Replaces the endpoints, and does nothing when they are the same: at most publications only few
   * upstreams change. Control thread. Loops close idle connections of endpoints that left as soon
   * as they come to it; lent ones end with their exchange. An endpoint that is no address is left
   * out and named in the log.
   */
  public void update(EndpointSet set) {
    if (set.endpoints().equals(given)) return;
    given = set.endpoints();
    endpoints = ready(set);
    for (int i = 0; i < pools.length(); i++) {
      LoopPool pool = pools.get(i);
      if (pool != null) pool.onEndpointsChanged();
    }
  }

  /**
   * No route leads here any more. A request that took its route just before still gets a
   * connection; idle ones are closed, and lent ones end with their exchange. Control thread, once,
   * as the last.
   */
  public void retire() {
    for (LoopPool pool : loopPools()) pool.onRetired();
  }

  private static UpstreamEndpoint[] ready(EndpointSet set) {
    List<UpstreamEndpoint> ready = new ArrayList<>(set.endpoints().size());
    for (Endpoint endpoint : set.endpoints()) {
      try {
        ready.add(UpstreamEndpoint.of(endpoint));
      } catch (IllegalArgumentException bad) {
        LOG.warn("upstream {}: {}; it gets no requests", set.upstream(), bad.getMessage());
      }
    }
    return ready.toArray(new UpstreamEndpoint[0]);
  }

  /** This loop's connections; made at the first request. */
  public LoopPool on(Loop loop, Connector connector) {
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

package dev.penstock.core.upstream;

import dev.penstock.core.loop.Loop;
import dev.penstock.model.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one upstream: one {@link EndpointPool} for each endpoint,
 * and the balancer that chooses among them.
 */
public final class LoopPool {
  private static final EndpointPool[] NONE = {};

  private final Upstream upstream;
  private final Loop loop;
  private final Connector connector;
  private final Supplier<Settings> settings;
  private final Balancer balancer;
  private final RetryBudget retries;
  private final UpstreamMeters meters = new UpstreamMeters();
  private UpstreamEndpoint[] seen = {};
  private volatile EndpointPool[] pools = NONE;

  LoopPool(Upstream upstream, Loop loop, Connector connector, Supplier<Settings> settings) {
    this.upstream = upstream;
    this.loop = loop;
    this.connector = connector;
    this.settings = settings;
    this.balancer = new RoundRobin(loop.index());
    this.retries = new RetryBudget(settings.get().retries(), loop.nanos());
  }

  /**
   * The endpoint for a request's next try.
   *
   * @return null when there is none that was not tried
   */
  public @Nullable EndpointPool pick(Tried tried) {
    assert loop.inLoop();
    follow();
    return balancer.pick(pools, loop.nanos(), tried);
  }

  /** A request begins: what it adds to the retry budget. */
  public void onRequest() {
    retries.onRequest(settings.get().retries());
  }

  /** Spends one retry of the upstream's budget; false when it is used up. */
  public boolean mayRetry() {
    boolean may = retries.take(settings.get().retries(), loop.nanos());
    if (may) meters.retried();
    else meters.retryRefused();
    return may;
  }

  /** Whether {@link #pick} would find one. */
  public boolean hasUntried(Tried tried) {
    follow();
    for (EndpointPool pool : pools) {
      if (!tried.contains(pool.endpoint())) return true;
    }
    return false;
  }

  /** From the control thread. */
  void onEndpointsChanged() {
    loop.eventLoop().execute(this::follow);
  }

  /** From the control thread. */
  void onRetired() {
    loop.eventLoop()
        .execute(() -> {
          for (EndpointPool pool : pools) pool.closeIdle();
        });
  }

  /** Brings the pools into line with the upstream's endpoints. */
  @SuppressWarnings("ReferenceEquality") // another array is another word of the control thread
  private void follow() {
    UpstreamEndpoint[] now = upstream.endpoints();
    if (now == seen) return;
    seen = now;
    Map<UpstreamEndpoint, EndpointPool> before = new HashMap<>();
    for (EndpointPool pool : pools) before.put(pool.endpoint(), pool);
    EndpointPool[] next = new EndpointPool[now.length];
    for (int i = 0; i < now.length; i++) {
      EndpointPool kept = before.remove(now[i]);
      next[i] = kept != null ? kept : newPool(now[i]);
    }
    pools = next;
    before.values().forEach(EndpointPool::leave);
  }

  private EndpointPool newPool(UpstreamEndpoint endpoint) {
    return new EndpointPool(endpoint, loop, connector, settings, meters);
  }

  /** What this loop counted; for any thread. */
  public UpstreamMeters meters() {
    return meters;
  }

  /** This loop's pools; for meters, from any thread. */
  public EndpointPool[] endpointPools() {
    return pools;
  }
}

package dev.penstock.core.snapshot;

import dev.penstock.core.observe.RouteMeters;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.RoutePolicy;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A route as the request path wants it: objects instead of names, nanoseconds instead of durations.
 * Immutable; lives on in later snapshots as long as nothing that it was made of changes.
 */
public final class CompiledRoute {
  /** One share of the requests. */
  record Share(Upstream upstream, int weight) {}

  private final Route route;
  private final RouteMeters meters;
  private final List<Share> shares;
  private final int weightSum;

  public final long requestBodyBytesMax;
  public final int connectTimeoutMillis;
  public final long readTimeoutNanos;
  public final long sendTimeoutNanos;
  public final int tries;

  CompiledRoute(Route route, RouteMeters meters, List<Share> shares) {
    this.route = route;
    this.meters = meters;
    this.shares = List.copyOf(shares);
    this.weightSum = shares.stream().mapToInt(Share::weight).sum();
    RoutePolicy policy = route.policy();
    this.requestBodyBytesMax =
        policy.requestBodyBytesMax() == 0 ? Long.MAX_VALUE : policy.requestBodyBytesMax();
    this.connectTimeoutMillis =
        Math.clamp(policy.connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
    this.readTimeoutNanos = policy.readTimeout().toNanos();
    this.sendTimeoutNanos = policy.sendTimeout().toNanos();
    this.tries = policy.tries();
  }

  public Route route() {
    return route;
  }

  public RouteMeters meters() {
    return meters;
  }

  public RoutePolicy.HttpsRedirect httpsRedirect() {
    return route.policy().httpsRedirect();
  }

  public boolean hsts() {
    return route.policy().hsts();
  }

  /** The answer of a route that must not open; null when it forwards. */
  public RouteAction.@Nullable Respond respond() {
    return route.action() instanceof RouteAction.Respond respond ? respond : null;
  }

  /** The upstream of the next request, by weight; null when no target has a weight. */
  public @Nullable Upstream chooseUpstream() {
    if (weightSum == 0) return null;
    if (shares.size() == 1) return shares.getFirst().upstream();
    int at = ThreadLocalRandom.current().nextInt(weightSum);
    for (Share share : shares) {
      at -= share.weight();
      if (at < 0) return share.upstream();
    }
    throw new IllegalStateException("weights sum to more than their sum");
  }
}

package dev.penstock.core.snapshot;

import dev.penstock.core.observe.RouteIdentity;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.core.router.Router;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes the next snapshot's router and upstreams from the model, and takes over from the previous
 * one what did not change: upstreams by name with their connections, hosts with equal routes as
 * they are. Control thread.
 */
public final class SnapshotCompiler {
  private final int loops;
  private final RouteMeterTable meters;
  private final Supplier<Settings> settings;

  /**
   * @param settings those in force
   */
  public SnapshotCompiler(int loops, RouteMeterTable meters, Supplier<Settings> settings) {
    this.loops = loops;
    this.meters = meters;
    this.settings = settings;
  }

  /** Every upstream of the configuration: those that were there before, and new ones. */
  public Map<dev.penstock.model.Upstream.Id, Upstream> upstreams(
      GatewayConfig config, Map<dev.penstock.model.Upstream.Id, Upstream> before) {
    Map<dev.penstock.model.Upstream.Id, Upstream> next =
        HashMap.newHashMap(config.upstreams().size());
    boolean same = config.upstreams().size() == before.size();
    for (dev.penstock.model.Upstream upstream : config.upstreams()) {
      Upstream kept = before.get(upstream.id());
      same &= kept != null;
      next.put(upstream.id(), kept != null ? kept : new Upstream(upstream.id(), loops, settings));
    }
    return same ? before : next;
  }

  /** Gives each upstream its set of endpoints, an empty one where there is none. */
  public static void endpoints(
      Map<dev.penstock.model.Upstream.Id, Upstream> upstreams, List<EndpointSet> sets) {
    int given = 0;
    for (EndpointSet set : sets) {
      Upstream upstream = upstreams.get(set.upstream());
      if (upstream == null) continue;
      upstream.update(set);
      given++;
    }
    if (given == upstreams.size()) return;
    Set<dev.penstock.model.Upstream.Id> known = new HashSet<>();
    for (EndpointSet set : sets) known.add(set.upstream());
    upstreams.forEach((id, upstream) -> {
      if (!known.contains(id)) upstream.update(new EndpointSet(id, List.of()));
    });
  }

  /** The routes, each with its upstreams and its meters. */
  public Router<CompiledRoute> router(
      GatewayConfig config,
      Map<dev.penstock.model.Upstream.Id, Upstream> upstreams,
      Router<CompiledRoute> before) {
    // An equal route's upstreams are the same objects as before: upstreams() keeps them by name.
    return Router.compile(
        before,
        config.hosts(),
        (host, route) ->
            new CompiledRoute(
                route,
                meters.acquire(RouteIdentity.of(host.host(), route)),
                shares(route, upstreams)));
  }

  /** Gives the meters of routes that are no more compiled in {@code now} back. */
  public void release(Router<CompiledRoute> before, Router<CompiledRoute> now) {
    before.forEachReplaced(now, gone -> meters.release(gone.meters()));
  }

  private static List<CompiledRoute.Share> shares(
      Route route, Map<dev.penstock.model.Upstream.Id, Upstream> upstreams) {
    if (!(route.action() instanceof RouteAction.Forward forward)) return List.of();
    List<CompiledRoute.Share> shares = new ArrayList<>(forward.targets().size());
    for (RouteAction.Target target : forward.targets()) {
      Upstream upstream = upstreams.get(target.upstream());
      if (upstream == null)
        throw new IllegalStateException("a checked configuration names every upstream");
      shares.add(new CompiledRoute.Share(upstream, target.weight()));
    }
    return shares;
  }
}

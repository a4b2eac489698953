package dev.penstock.core.snapshot;

import dev.penstock.core.observe.RouteIdentity;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.core.router.Router;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.Settings;
import dev.penstock.model.VirtualHost;
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
    Map<dev.penstock.model.Upstream.Id, Upstream> next = new HashMap<>();
    for (dev.penstock.model.Upstream upstream : config.upstreams()) {
      Upstream kept = before.get(upstream.id());
      next.put(upstream.id(), kept != null ? kept : new Upstream(upstream.id(), loops, settings));
    }
    return Map.copyOf(next);
  }

  /** The routes, each with its upstreams and its meters. */
  public Router<CompiledRoute> router(
      GatewayConfig config,
      Map<dev.penstock.model.Upstream.Id, Upstream> upstreams,
      Router<CompiledRoute> before) {
    return Router.compile(
        before,
        config.hosts(),
        new Router.RouteCompiler<>() {
          @Override
          public CompiledRoute compile(VirtualHost host, Route route) {
            return new CompiledRoute(
                route,
                meters.acquire(RouteIdentity.of(host.host(), route)),
                shares(route, upstreams));
          }

          @Override
          public boolean stillHolds(VirtualHost host, Route route, CompiledRoute compiled) {
            return compiled.holdsWith(shares(route, upstreams));
          }
        });
  }

  /** Gives the meters of routes that are no more compiled in {@code now} back. */
  public void release(Router<CompiledRoute> before, Router<CompiledRoute> now) {
    if (before == now) return;
    Set<CompiledRoute> kept = new HashSet<>();
    now.forEach((host, route, compiled) -> kept.add(compiled));
    before.forEach((host, route, compiled) -> {
      if (!kept.contains(compiled)) meters.release(compiled.meters());
    });
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

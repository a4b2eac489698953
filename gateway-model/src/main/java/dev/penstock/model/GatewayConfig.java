package dev.penstock.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Everything that is served, but for endpoints and keys. Complete in itself: every upstream that a
 * route names is here. Its parts are sorted, so that equal input gives an equal configuration.
 */
public record GatewayConfig(
    Settings settings, List<VirtualHost> hosts, List<Upstream> upstreams, List<TlsHost> tlsHosts) {
  public GatewayConfig {
    hosts = hosts.stream().sorted((a, b) -> a.host().compareTo(b.host())).toList();
    upstreams = upstreams.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
    tlsHosts = tlsHosts.stream().sorted((a, b) -> a.host().compareTo(b.host())).toList();
    requireUnique("hosts", hosts, VirtualHost::host);
    requireUnique("tlsHosts", tlsHosts, TlsHost::host);
    requireUnique("upstreams", upstreams, Upstream::id);
    Set<Upstream.Id> known = HashSet.newHashSet(upstreams.size());
    for (Upstream upstream : upstreams) known.add(upstream.id());
    for (VirtualHost host : hosts) {
      for (Route route : host.routes()) requireKnownTargets(host, route, known);
    }
  }

  /** Nothing is served. */
  public static final GatewayConfig EMPTY =
      new GatewayConfig(Settings.DEFAULT, List.of(), List.of(), List.of());

  private static void requireKnownTargets(VirtualHost host, Route route, Set<Upstream.Id> known) {
    if (!(route.action() instanceof RouteAction.Forward forward)) return;
    for (RouteAction.Target target : forward.targets()) {
      if (!known.contains(target.upstream())) {
        throw new IllegalArgumentException(
            "hosts: a route of '"
                + host.host()
                + "' names the unknown upstream "
                + target.upstream());
      }
    }
  }

  /** In a sorted list equal keys are neighbours. */
  private static <T, K> void requireUnique(String field, List<T> sorted, Function<T, K> key) {
    for (int i = 1; i < sorted.size(); i++) {
      K here = key.apply(sorted.get(i));
      if (here.equals(key.apply(sorted.get(i - 1)))) {
        throw new IllegalArgumentException(field + " holds '" + here + "' twice");
      }
    }
  }
}

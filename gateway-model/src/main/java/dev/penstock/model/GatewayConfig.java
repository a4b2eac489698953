package dev.penstock.model;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything that is served, but for endpoints and keys. Complete in itself: every upstream that a
 * route names is here. Its parts are sorted, so that equal input gives an equal configuration.
 */
public record GatewayConfig(
    Settings settings, List<VirtualHost> hosts, List<Upstream> upstreams, List<TlsHost> tlsHosts) {
  public GatewayConfig {
    hosts = hosts.stream().sorted(Comparator.comparing(VirtualHost::host)).toList();
    upstreams = upstreams.stream().sorted(Comparator.comparing(Upstream::id)).toList();
    tlsHosts = tlsHosts.stream().sorted(Comparator.comparing(TlsHost::host)).toList();
    requireUnique("hosts", hosts.stream().map(VirtualHost::host).toList());
    requireUnique("tlsHosts", tlsHosts.stream().map(TlsHost::host).toList());
    Set<Upstream.Id> known =
        requireUnique("upstreams", upstreams.stream().map(Upstream::id).toList());
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

  private static <T> Set<T> requireUnique(String field, List<T> keys) {
    Set<T> seen = new HashSet<>();
    for (T key : keys) {
      if (!seen.add(key)) throw new IllegalArgumentException(field + " holds '" + key + "' twice");
    }
    return seen;
  }
}

package dev.penstock.model;

import java.util.Comparator;
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
    hosts = sorted("hosts", hosts, VirtualHost::host);
    upstreams = sorted("upstreams", upstreams, Upstream::id);
    tlsHosts = sorted("tlsHosts", tlsHosts, TlsHost::host);
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

  /** Most often it is sorted already, which one look shows. */
  private static <T, K extends Comparable<? super K>> List<T> sorted(
      String field, List<T> parts, Function<T, K> key) {
    boolean isSorted = true;
    for (int i = 1; isSorted && i < parts.size(); i++) {
      isSorted = key.apply(parts.get(i - 1)).compareTo(key.apply(parts.get(i))) < 0;
    }
    if (isSorted) return List.copyOf(parts);
    List<T> sorted = parts.stream().sorted(Comparator.comparing(key)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      K here = key.apply(sorted.get(i));
      if (here.compareTo(key.apply(sorted.get(i - 1))) == 0) {
        throw new IllegalArgumentException(field + " holds '" + here + "' twice");
      }
    }
    return sorted;
  }
}

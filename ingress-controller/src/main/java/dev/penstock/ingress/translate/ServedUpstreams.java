package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.SameObjects;
import dev.penstock.model.Balancing;
import dev.penstock.model.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every upstream that a route names, remembered from one translation to the next: what has not
 * changed is the same object. A memory and nothing else. Not thread-safe.
 */
final class ServedUpstreams {
  private final KeptOrder<Upstream.Id> order = new KeptOrder<>();
  private List<RouteMerge.Merged> hosts = List.of();
  private Map<Upstream.Id, Upstream> byId = Map.of();
  private List<Upstream> last = List.of();

  /** Sorted by name. */
  List<Upstream> of(List<RouteMerge.Merged> currentHosts) {
    if (SameObjects.in(hosts, currentHosts)) return last;
    Map<Upstream.Id, Upstream> now = HashMap.newHashMap(byId.size());
    for (RouteMerge.Merged host : currentHosts) {
      for (Upstream.Id id : host.upstreams()) now.computeIfAbsent(id, this::upstream);
    }
    List<Upstream> upstreams = new ArrayList<>(now.size());
    for (Upstream.Id id : order.of(now.keySet())) upstreams.add(now.get(id));
    hosts = currentHosts;
    byId = now;
    last = upstreams;
    return upstreams;
  }

  private Upstream upstream(Upstream.Id id) {
    Upstream kept = byId.get(id);
    return kept != null ? kept : new Upstream(id, new Balancing.RoundRobin());
  }
}

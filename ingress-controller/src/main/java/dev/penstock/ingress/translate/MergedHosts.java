package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.SameObjects;
import dev.penstock.model.HostPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link RouteMerge} made of each host, remembered from one translation to the next: of
 * thousands one has changed, and the others are the same objects all the way to the data plane,
 * which then sees at a glance that they have not changed.
 *
 * <p>A host is taken again while the same Ingresses' claims to it are the same. A memory and
 * nothing else: with a fresh one a translation finds the same. It holds the hosts of the last
 * translation. Not thread-safe.
 */
final class MergedHosts {
  private final KeptOrder<HostPattern> order = new KeptOrder<>();
  private Map<HostPattern, RouteMerge.Merged> before = new HashMap<>();

  /**
   * Joins what all Ingresses ask for.
   *
   * @param parts in any order
   * @return sorted by host
   */
  List<RouteMerge.Merged> merge(List<IngressPart> parts) {
    Map<HostPattern, List<IngressPart.Claims>> asked = HashMap.newHashMap(before.size());
    for (IngressPart part : parts) {
      part.hosts()
          .forEach((host, claims) ->
              asked.computeIfAbsent(host, first -> new ArrayList<>(1)).add(claims));
    }
    List<RouteMerge.Merged> hosts = new ArrayList<>(asked.size());
    Map<HostPattern, RouteMerge.Merged> now = HashMap.newHashMap(asked.size());
    for (HostPattern host : order.of(asked.keySet())) {
      RouteMerge.Merged merged = merged(host, asked.getOrDefault(host, List.of()));
      hosts.add(merged);
      now.put(host, merged);
    }
    before = now;
    return hosts;
  }

  private RouteMerge.Merged merged(HostPattern host, List<IngressPart.Claims> claims) {
    RouteMerge.Merged kept = before.get(host);
    return kept != null && SameObjects.in(kept.claims(), claims)
        ? kept
        : RouteMerge.merge(host, claims);
  }
}

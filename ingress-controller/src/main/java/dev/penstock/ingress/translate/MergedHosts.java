package dev.penstock.ingress.translate;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.HostPattern;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
  private Map<HostPattern, Kept> before = new HashMap<>();

  private record Kept(List<IngressPart.Claims> claims, RouteMerge.Merged merged) {}

  /**
   * Joins what all Ingresses ask for.
   *
   * @param parts in the order of the Ingresses' names
   * @param diagnostics takes the complaints, in the order of the hosts
   * @return sorted by host
   */
  List<VirtualHost> merge(List<IngressPart> parts, List<Diagnostic> diagnostics) {
    Map<HostPattern, List<IngressPart.Claims>> asked = new TreeMap<>();
    for (IngressPart part : parts) {
      part.hosts()
          .forEach((host, claims) ->
              asked.computeIfAbsent(host, first -> new ArrayList<>(1)).add(claims));
    }
    List<VirtualHost> hosts = new ArrayList<>(asked.size());
    Map<HostPattern, Kept> now = HashMap.newHashMap(asked.size());
    asked.forEach((host, claims) -> {
      Kept kept = before.get(host);
      if (kept == null || !SameObjects.in(kept.claims, claims)) {
        kept = new Kept(claims, RouteMerge.merge(host, claims));
      }
      now.put(host, kept);
      kept.merged.host().ifPresent(hosts::add);
      diagnostics.addAll(kept.merged.diagnostics());
    });
    before = now;
    return hosts;
  }
}

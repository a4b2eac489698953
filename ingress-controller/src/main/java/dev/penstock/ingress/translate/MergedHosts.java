package dev.penstock.ingress.translate;

import dev.penstock.model.HostPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RouteMerge} made of each host, remembered from one translation to the next: of
 * thousands one has changed, and the others are the same objects all the way to the data plane,
 * which then sees at a glance that they have not changed. Not thread-safe.
 */
final class MergedHosts {
  /** What is asked of each host, by all Ingresses, in any order. */
  private final Map<HostPattern, List<IngressPart.Claims>> asked = new HashMap<>();

  private final SortedMap<HostPattern, RouteMerge.Merged> merged = new TreeMap<>();

  /**
   * A host of which something else is asked than before.
   *
   * @param before null when nothing was
   * @param now null when nothing is
   */
  record Change(RouteMerge.@Nullable Merged before, RouteMerge.@Nullable Merged now) {}

  /**
   * @param hasTenants as in {@link TranslationOptions#hasTenants}
   */
  List<Change> update(IngressParts.Changed parts, boolean hasTenants) {
    Set<HostPattern> touched = new LinkedHashSet<>();
    for (IngressPart part : parts.gone()) {
      part.hosts().forEach((host, claims) -> withdraw(host, claims));
      touched.addAll(part.hosts().keySet());
    }
    for (IngressPart part : parts.made()) {
      part.hosts()
          .forEach((host, claims) ->
              asked.computeIfAbsent(host, first -> new ArrayList<>(1)).add(claims));
      touched.addAll(part.hosts().keySet());
    }
    List<Change> changes = new ArrayList<>(touched.size());
    for (HostPattern host : touched) changes.add(mergeAnew(host, hasTenants));
    return changes;
  }

  @SuppressWarnings("ReferenceEquality") // these claims, and none that are equal
  private void withdraw(HostPattern host, IngressPart.Claims claims) {
    List<IngressPart.Claims> ofHost = asked.get(host);
    if (ofHost == null) throw new IllegalStateException("a part is withdrawn that was never added");
    ofHost.removeIf(claim -> claim == claims);
    if (ofHost.isEmpty()) asked.remove(host);
  }

  private Change mergeAnew(HostPattern host, boolean hasTenants) {
    List<IngressPart.Claims> claims = asked.get(host);
    if (claims == null) return new Change(merged.remove(host), null);
    RouteMerge.Merged now = RouteMerge.merge(host, claims, hasTenants);
    return new Change(merged.put(host, now), now);
  }

  /** All hosts, sorted. */
  List<RouteMerge.Merged> all() {
    return List.copyOf(merged.values());
  }
}

package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SameObjects;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of each upstream, remembered from one translation to the next: to read and judge
 * every address of thousands of Services takes longer than all else that one change asks for.
 *
 * <p>A set is taken again while its Service, its slices and the denied endpoints are the same. A
 * memory and nothing else: with a fresh one a translation finds the same. It holds the sets of the
 * last translation. Not thread-safe.
 */
final class EndpointSets {
  private static final Comparator<EndpointSliceObject> BY_KEY =
      Comparator.comparing(EndpointSliceObject::key);

  private final Remembered<ObjectKey, EndpointSliceObject> slices = new Remembered<>();

  /** Sorted by name; a list that changes becomes another one. */
  private final Map<ObjectKey, List<EndpointSliceObject>> byService = new HashMap<>();

  private Map<ObjectKey, EndpointSliceObject> indexed = Map.of();
  private Remembered<Upstream.Id, Kept> sets = new Remembered<>();
  private Set<Endpoint> denied = Set.of();

  private @Nullable Whole whole;

  /** All that was found the last time. */
  private record Whole(
      Map<ObjectKey, ServiceObject> services,
      Map<ObjectKey, EndpointSliceObject> slices,
      List<Upstream> upstreams,
      Set<Endpoint> denied,
      Translation<List<EndpointSet>> found) {}

  private record Kept(
      ServiceObject service,
      List<EndpointSliceObject> slices,
      Translation<EndpointSet> translation) {}

  /** All of the last time, when nothing has changed since then; else null. */
  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  @Nullable Translation<List<EndpointSet>> last(
      ClusterView view, List<Upstream> upstreams, Set<Endpoint> currentDenied) {
    Whole last = whole;
    boolean isCurrent =
        last != null
            && last.services == view.services()
            && last.slices == view.slices()
            && SameObjects.in(last.upstreams, upstreams)
            && last.denied.equals(currentDenied);
    return last != null && isCurrent ? last.found : null;
  }

  void remember(
      ClusterView view,
      List<Upstream> upstreams,
      Set<Endpoint> currentDenied,
      Translation<List<EndpointSet>> found) {
    whole = new Whole(view.services(), view.slices(), upstreams, currentDenied, found);
  }

  /**
   * The slices of each Service, sorted by name; the same list while they are the same. Not to be
   * changed, and current until the next call.
   */
  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  Map<ObjectKey, List<EndpointSliceObject>> byService(Map<ObjectKey, EndpointSliceObject> current) {
    if (indexed == current) return byService;
    slices.begin();
    for (EndpointSliceObject slice : current.values()) {
      EndpointSliceObject before = slices.get(slice.key());
      if (before == slice) continue;
      if (before != null) unindex(before);
      slices.put(slice.key(), slice);
      List<EndpointSliceObject> others = byService.getOrDefault(slice.ofService(), List.of());
      List<EndpointSliceObject> all = new ArrayList<>(others.size() + 1);
      all.addAll(others);
      all.add(slice);
      all.sort(BY_KEY);
      byService.put(slice.ofService(), all);
    }
    slices.end(this::unindex);
    indexed = current;
    return byService;
  }

  @SuppressWarnings("ReferenceEquality") // this slice, and none that is equal
  private void unindex(EndpointSliceObject slice) {
    byService.computeIfPresent(
        slice.ofService(),
        (service, all) -> {
          List<EndpointSliceObject> others = all.stream().filter(one -> one != slice).toList();
          return others.isEmpty() ? null : others;
        });
  }

  /** A translation begins. */
  void begin(Set<Endpoint> currentDenied) {
    if (!currentDenied.equals(denied)) sets = new Remembered<>();
    denied = currentDenied;
    sets.begin();
  }

  /**
   * @param ofService from {@link #byService}
   * @param anew the translation of just these
   */
  Translation<EndpointSet> of(
      Upstream.Id id,
      ServiceObject service,
      List<EndpointSliceObject> ofService,
      Supplier<Translation<EndpointSet>> anew) {
    Kept kept = sets.get(id);
    if (kept == null || !isCurrent(kept, service, ofService)) {
      kept = new Kept(service, ofService, anew.get());
      sets.put(id, kept);
    }
    return kept.translation;
  }

  /** By identity: what has not changed in the cluster is the same object. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isCurrent(
      Kept kept, ServiceObject service, List<EndpointSliceObject> ofService) {
    return kept.service == service && SameObjects.in(kept.slices, ofService);
  }

  /** A translation ends: what it has not asked for is forgotten. */
  void end() {
    sets.end(forgotten -> {});
  }
}

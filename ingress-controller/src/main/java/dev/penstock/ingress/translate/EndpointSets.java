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
  private Map<Upstream.Id, Kept> before = Map.of();
  private Map<Upstream.Id, Kept> now = new HashMap<>();
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

  /** A translation begins. */
  void begin(Set<Endpoint> currentDenied) {
    before = currentDenied.equals(denied) ? now : Map.of();
    now = HashMap.newHashMap(before.size());
    denied = currentDenied;
  }

  /**
   * @param slices of this Service
   * @param anew the translation of just these
   */
  Translation<EndpointSet> of(
      Upstream.Id id,
      ServiceObject service,
      List<EndpointSliceObject> slices,
      Supplier<Translation<EndpointSet>> anew) {
    Kept kept = before.get(id);
    if (kept == null || !isCurrent(kept, service, slices)) {
      kept = new Kept(service, slices, anew.get());
    }
    now.put(id, kept);
    return kept.translation;
  }

  /** By identity: what has not changed in the cluster is the same object. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isCurrent(
      Kept kept, ServiceObject service, List<EndpointSliceObject> slices) {
    return kept.service == service && SameObjects.in(kept.slices, slices);
  }
}

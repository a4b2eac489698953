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

  /** Sorted by name. */
  private final Map<ObjectKey, List<EndpointSliceObject>> byService = new HashMap<>();

  private final ServiceAddresses ofServices = new ServiceAddresses();
  private Last last = Last.NOTHING;

  /**
   * The last translation.
   *
   * @param asked by the caller, besides those that the view itself names
   * @param sets one for each upstream, in their order
   */
  private record Last(
      Map<ObjectKey, ServiceObject> services,
      Map<ObjectKey, EndpointSliceObject> slices,
      List<Upstream> upstreams,
      Denied asked,
      Set<Endpoint> denied,
      List<EndpointTranslator.Found> sets,
      @Nullable Translation<List<EndpointSet>> found) {
    static final Last NOTHING =
        new Last(Map.of(), Map.of(), List.of(), Denied.NOTHING, Set.of(), List.of(), null);
  }

  /**
   * @param upstreams sorted, or less is remembered
   */
  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  Translation<List<EndpointSet>> of(ClusterView view, List<Upstream> upstreams, Denied asked) {
    boolean isSame =
        last.services == view.services()
            && last.slices == view.slices()
            && SameObjects.in(last.upstreams, upstreams)
            && last.asked.equals(asked);
    if (isSame && last.found != null) return last.found;

    Set<ObjectKey> changed = Differences.between(last.services, view.services());
    Set<String> moved = ofServices.update(changed, last.services, view.services());
    for (ObjectKey slice : Differences.between(last.slices, view.slices())) {
      EndpointSliceObject before = last.slices.get(slice);
      EndpointSliceObject now = view.slices().get(slice);
      if (before != null) changed.add(unindex(before));
      if (now != null) changed.add(index(now));
    }
    EndpointTranslator translator =
        new EndpointTranslator(view.services(), byService, ofServices, asked);
    List<EndpointTranslator.Found> sets = new ArrayList<>(upstreams.size());
    Again again =
        new Again(translator.denied().equals(last.denied) ? last : Last.NOTHING, changed, moved);
    String namespace = "";
    int room = 0;
    for (Upstream upstream : upstreams) {
      if (!upstream.id().namespace().equals(namespace))
        room = IngressTranslator.ENDPOINTS_OF_NAMESPACE_MAX;
      namespace = upstream.id().namespace();
      EndpointTranslator.Found kept = again.find(upstream, room);
      sets.add(kept != null ? kept : translator.translate(upstream.id(), room));
      room = Math.max(0, room - sets.getLast().lookedAt());
    }
    Translation<List<EndpointSet>> found = joined(sets);
    last =
        new Last(
            view.services(), view.slices(), upstreams, asked, translator.denied(), sets, found);
    return found;
  }

  private static Translation<List<EndpointSet>> joined(List<EndpointTranslator.Found> sets) {
    List<EndpointSet> endpoints = new ArrayList<>(sets.size());
    Complaints diagnostics = new Complaints();
    for (EndpointTranslator.Found found : sets) {
      endpoints.add(found.set().value());
      diagnostics.addAll(found.set().diagnostics());
    }
    return new Translation<>(List.copyOf(endpoints), diagnostics.all());
  }

  private ObjectKey index(EndpointSliceObject slice) {
    List<EndpointSliceObject> all =
        byService.computeIfAbsent(slice.ofService(), first -> new ArrayList<>(1));
    all.add(slice);
    all.sort(BY_KEY);
    return slice.ofService();
  }

  @SuppressWarnings("ReferenceEquality") // this slice, and none that is equal
  private ObjectKey unindex(EndpointSliceObject slice) {
    byService.computeIfPresent(
        slice.ofService(),
        (service, all) -> {
          all.removeIf(one -> one == slice);
          return all.isEmpty() ? null : all;
        });
    return slice.ofService();
  }

  /** Walks along the sets of the last translation, as both are sorted. */
  private static final class Again {
    private final Last last;
    private final Set<ObjectKey> changed;
    private final Set<String> moved;
    private int next;

    /**
     * @param changed Services that are not what they were, or of which a slice is not
     * @param moved addresses that have become a Service's, or are none any more
     */
    Again(Last last, Set<ObjectKey> changed, Set<String> moved) {
      this.last = last;
      this.changed = changed;
      this.moved = moved;
    }

    /** Null when there is none that is still right. */
    EndpointTranslator.@Nullable Found find(Upstream upstream, int room) {
      Upstream.Id id = upstream.id();
      while (next < last.upstreams.size() && last.upstreams.get(next).id().compareTo(id) < 0) {
        next++;
      }
      if (next == last.upstreams.size() || !last.upstreams.get(next).id().equals(id)) return null;
      boolean isChanged =
          !changed.isEmpty() && changed.contains(new ObjectKey(id.namespace(), id.service()));
      EndpointTranslator.Found found = last.sets.get(next);
      if (!found.isRightFor(room)) return null;
      return isChanged || ServiceAddresses.touch(moved, found.set()) ? null : found;
    }
  }
}

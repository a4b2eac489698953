package dev.penstock.ingress.translate;

import dev.penstock.model.Balancing;
import dev.penstock.model.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every upstream that a route names, remembered from one translation to the next: what has not
 * changed is the same object. Not thread-safe.
 */
final class ServedUpstreams {
  private final SortedMap<Upstream.Id, Use> uses = new TreeMap<>();
  private List<Upstream> last = List.of();

  private static final class Use {
    final Upstream upstream;
    int hosts;

    Use(Upstream.Id id) {
      upstream = new Upstream(id, new Balancing.RoundRobin());
    }
  }

  void update(List<MergedHosts.Change> changes) {
    int before = uses.size();
    int fresh = 0;
    for (MergedHosts.Change change : changes) {
      if (change.now() == null) continue;
      for (Upstream.Id id : change.now().upstreams()) {
        Use use = uses.computeIfAbsent(id, Use::new);
        if (use.hosts++ == 0) fresh++;
      }
    }
    for (MergedHosts.Change change : changes) {
      if (change.before() == null) continue;
      for (Upstream.Id id : change.before().upstreams()) {
        uses.computeIfPresent(id, (named, use) -> --use.hosts == 0 ? null : use);
      }
    }
    if (fresh == 0 && uses.size() == before) return;
    List<Upstream> upstreams = new ArrayList<>(uses.size());
    for (Use use : uses.values()) upstreams.add(use.upstream);
    last = List.copyOf(upstreams);
  }

  /** Sorted by name; the same list while they are the same. */
  List<Upstream> all() {
    return last;
  }
}

package dev.penstock.core.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Each endpoint in its turn. Loops start at different places, so that they do not march in step. An
 * endpoint whose connect failed a moment ago is passed over, unless all are: then they are all
 * tried in turn rather than none.
 */
final class RoundRobin implements Balancer {
  private int next;

  RoundRobin(int start) {
    next = start;
  }

  @Override
  public @Nullable EndpointPool pick(EndpointPool[] candidates, long now, Tried tried) {
    EndpointPool chosen = scan(candidates, now, tried, false);
    return chosen != null ? chosen : scan(candidates, now, tried, true);
  }

  private @Nullable EndpointPool scan(
      EndpointPool[] candidates, long now, Tried tried, boolean alsoPaused) {
    int count = candidates.length;
    for (int i = 0; i < count; i++) {
      int at = Math.floorMod(next + i, count);
      EndpointPool candidate = candidates[at];
      if ((alsoPaused || !candidate.isPaused(now)) && !tried.contains(candidate.endpoint())) {
        next = at + 1;
        return candidate;
      }
    }
    return null;
  }
}

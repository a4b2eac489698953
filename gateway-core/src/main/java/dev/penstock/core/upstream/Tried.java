package dev.penstock.core.upstream;

import dev.penstock.model.RoutePolicy;
import org.jspecify.annotations.Nullable;

/** The endpoints that one request has failed at; at most as many as a request may have tries. */
public final class Tried {
  private final @Nullable UpstreamEndpoint[] endpoints =
      new @Nullable UpstreamEndpoint[RoutePolicy.TRIES_MAX];
  private int count;

  public void add(UpstreamEndpoint endpoint) {
    if (count < endpoints.length) endpoints[count++] = endpoint;
  }

  boolean contains(UpstreamEndpoint endpoint) {
    for (int i = 0; i < count; i++) {
      if (endpoint.equals(endpoints[i])) return true;
    }
    return false;
  }

  public void clear() {
    while (count > 0) endpoints[--count] = null;
  }
}

package dev.penstock.core.upstream;

import org.jspecify.annotations.Nullable;

/** Chooses among the endpoints of one upstream, for one event loop. */
interface Balancer {
  /**
   * The endpoint for the next request.
   *
   * @param candidates this loop's pools, one for each endpoint
   * @param now the loop's clock
   * @param tried endpoints that this request must not get again; see {@link Tried}
   * @return null when every candidate was tried
   */
  @Nullable EndpointPool pick(EndpointPool[] candidates, long now, Tried tried);
}

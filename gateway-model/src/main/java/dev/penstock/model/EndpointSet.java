package dev.penstock.model;

import java.util.List;

/**
 * The endpoints that may get new requests of an upstream, a message apart from {@link
 * GatewayConfig} (the fast road).
 *
 * @param upstream whose endpoints
 * @param endpoints sorted, without duplicates; empty = answer 503
 */
public record EndpointSet(Upstream.Id upstream, List<Endpoint> endpoints) {
  public EndpointSet {
    endpoints = endpoints.stream().sorted().distinct().toList();
  }
}

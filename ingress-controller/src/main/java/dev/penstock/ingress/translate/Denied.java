package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where no object of a cluster may lead to, besides the API servers, which their own EndpointSlice
 * names, and the addresses of Services.
 *
 * @param endpoints of the gateway and of the API server as far as the process knows them itself
 * @param gateway the Service of all pods of the gateway: its EndpointSlices say where they are,
 *     ready or not; a slice elsewhere, or of another Service, is not believed
 * @param gatewayPorts that are denied on each of those pods
 * @param blocks that the operator keeps to himself
 */
public record Denied(
    Set<Endpoint> endpoints,
    Optional<ObjectKey> gateway,
    Set<Integer> gatewayPorts,
    List<AddressBlock> blocks) {
  public static final Denied NOTHING = new Denied(Set.of(), Optional.empty(), Set.of(), List.of());

  public Denied {
    endpoints = Set.copyOf(endpoints);
    gatewayPorts = Set.copyOf(gatewayPorts);
    blocks = List.copyOf(blocks);
  }
}

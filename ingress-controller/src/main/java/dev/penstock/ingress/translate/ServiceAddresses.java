package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Translation;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses at which the cluster's network stands in for a Service. An EndpointSlice that names
 * one would lead to whatever that Service leads to, past everything that is denied; Kubernetes does
 * not allow it either (Service, "Custom EndpointSlices"), but checks nothing.
 *
 * <p>A cluster IP is nothing else on any port. An external one, or a load balancer's, may be a
 * node's, on which other ports are other people's: it is the Service's on the Service's ports.
 *
 * <p>Counted, as two Services may share an external one, and kept from one view to the next: a
 * change costs what has changed. Not thread-safe.
 */
final class ServiceAddresses {
  /**
   * Of one Service, external addresses times ports. There is room for a billion in one: above it,
   * its addresses are denied on every port.
   */
  static final int PAIRS_MAX = 1_000;

  private static final int EVERY_PORT = 0;

  private final Map<Claimed, Integer> counts = new HashMap<>();

  /** {@code address} in its canonical spelling. */
  private record Claimed(String address, int port) {}

  /**
   * @param changed the Services that are not what they were
   * @return canonical addresses of which a claim has come or gone
   */
  Set<String> update(
      Collection<ObjectKey> changed,
      Map<ObjectKey, ServiceObject> before,
      Map<ObjectKey, ServiceObject> now) {
    Set<String> moved = new HashSet<>();
    for (ObjectKey key : changed) {
      Set<Claimed> was = claims(before.get(key));
      Set<Claimed> is = claims(now.get(key));
      for (Claimed claim : is) {
        if (was.remove(claim)) continue;
        if (counts.merge(claim, 1, Integer::sum) == 1) moved.add(claim.address);
      }
      for (Claimed claim : was) {
        if (counts.merge(claim, -1, Integer::sum) > 0) continue;
        counts.remove(claim);
        moved.add(claim.address);
      }
    }
    return moved;
  }

  /**
   * @param address in its canonical spelling
   */
  boolean has(String address, int port) {
    return counts.containsKey(new Claimed(address, EVERY_PORT))
        || counts.containsKey(new Claimed(address, port));
  }

  /** Whether what was found of an upstream may be another thing since addresses have moved. */
  static boolean touch(Set<String> moved, Translation<EndpointSet> found) {
    if (moved.isEmpty()) return false;
    if (!found.diagnostics().isEmpty()) return true; // it may have been denied
    for (Endpoint endpoint : found.value().endpoints()) {
      if (moved.contains(AddressRules.canonical(endpoint).address())) return true;
    }
    return false;
  }

  private static Set<Claimed> claims(@Nullable ServiceObject service) {
    Set<Claimed> claims = new HashSet<>();
    if (service == null) return claims;
    for (String address : service.addresses().cluster()) {
      claims.add(new Claimed(AddressRules.canonical(address), EVERY_PORT));
    }
    List<String> external = service.addresses().external();
    boolean isByPort = (long) external.size() * service.ports().size() <= PAIRS_MAX;
    for (String text : external) {
      String address = AddressRules.canonical(text);
      if (isByPort) {
        service.ports().forEach(port -> claims.add(new Claimed(address, port.port())));
      } else {
        claims.add(new Claimed(address, EVERY_PORT));
      }
    }
    return claims;
  }
}

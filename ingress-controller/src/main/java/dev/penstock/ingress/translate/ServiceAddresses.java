package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Translation;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cluster IPs of Services. An EndpointSlice that names one would lead to whatever that Service
 * leads to, past everything that is denied; Kubernetes does not allow it either (Service, "Custom
 * EndpointSlices"), but checks nothing. External IPs are not among them: whoever writes a Service
 * chooses those freely, and could so keep the pods of others from being used.
 *
 * <p>Counted, as an address goes from one Service to the next in two events of any order, and kept
 * from one view to the next: a change costs what has changed. Not thread-safe.
 */
final class ServiceAddresses {
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * @param changed the Services that are not what they were
   * @return canonical addresses that have become a Service's, or are none any more
   */
  Set<String> update(
      Collection<ObjectKey> changed,
      Map<ObjectKey, ServiceObject> before,
      Map<ObjectKey, ServiceObject> now) {
    Set<String> moved = new HashSet<>();
    for (ObjectKey key : changed) {
      Set<String> was = addresses(before.get(key));
      Set<String> is = addresses(now.get(key));
      for (String address : is) {
        if (was.remove(address)) continue;
        if (counts.merge(address, 1, Integer::sum) == 1) moved.add(address);
      }
      for (String address : was) {
        if (counts.merge(address, -1, Integer::sum) > 0) continue;
        counts.remove(address);
        moved.add(address);
      }
    }
    return moved;
  }

  /**
   * @param address in its canonical spelling
   */
  boolean has(String address) {
    return counts.containsKey(address);
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

  private static Set<String> addresses(@Nullable ServiceObject service) {
    Set<String> addresses = new HashSet<>();
    if (service == null) return addresses;
    for (String address : service.clusterIps()) addresses.add(AddressRules.canonical(address));
    return addresses;
  }
}

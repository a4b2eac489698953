package dev.penstock.ingress.translate;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.FrozenMap;
import dev.penstock.model.HostPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one Ingress asks for, before it meets the others: depends on that Ingress and the Services
 * that it names, and on nothing else, so that it can be kept while these stay the same.
 *
 * @param hosts what it asks for, by host
 */
record IngressPart(Map<HostPattern, Claims> hosts, List<Diagnostic> diagnostics) {
  IngressPart {
    hosts = FrozenMap.copyOf(hosts);
    diagnostics = List.copyOf(diagnostics);
  }

  /**
   * What it asks for one host; none of the lists is changed once the part is made.
   *
   * @param routes in the order of the Ingress
   * @param closing when there is one, nothing of the host may be served, whoever asks for it
   */
  record Claims(
      List<RouteClaim> routes, List<RouteClaim> closing, List<CertificateClaim> certificates) {
    Claims() {
      this(new ArrayList<>(1), new ArrayList<>(0), new ArrayList<>(1));
    }
  }

  /**
   * @param closedHosts hosts of which nothing may be served, whoever asks for it
   */
  static IngressPart of(
      List<RouteClaim> routes,
      List<RouteClaim> closedHosts,
      List<CertificateClaim> certificates,
      List<Diagnostic> diagnostics) {
    Map<HostPattern, Claims> hosts = new HashMap<>();
    for (RouteClaim claim : routes) claims(hosts, claim.host()).routes.add(claim);
    for (RouteClaim claim : closedHosts) claims(hosts, claim.host()).closing.add(claim);
    for (CertificateClaim claim : certificates) {
      claims(hosts, claim.host()).certificates.add(claim);
    }
    return new IngressPart(hosts, diagnostics);
  }

  private static Claims claims(Map<HostPattern, Claims> hosts, HostPattern host) {
    return hosts.computeIfAbsent(host, first -> new Claims());
  }

  /** Left out as a whole. */
  static IngressPart none(List<Diagnostic> diagnostics) {
    return new IngressPart(Map.of(), diagnostics);
  }
}

package dev.penstock.ingress.translate;

import dev.penstock.model.Diagnostic;
import java.util.List;

/**
 * What one Ingress asks for, before it meets the others: depends on that Ingress and the Services
 * that it names, and on nothing else, so that it can be kept while these stay the same.
 *
 * @param closedHosts hosts of which nothing may be served, whoever asks for it
 */
record IngressPart(
    List<RouteClaim> routes,
    List<RouteClaim> closedHosts,
    List<CertificateClaim> certificates,
    List<Diagnostic> diagnostics) {
  IngressPart {
    routes = List.copyOf(routes);
    closedHosts = List.copyOf(closedHosts);
    certificates = List.copyOf(certificates);
    diagnostics = List.copyOf(diagnostics);
  }

  /** Left out as a whole. */
  static IngressPart none(List<Diagnostic> diagnostics) {
    return new IngressPart(List.of(), List.of(), List.of(), diagnostics);
  }
}

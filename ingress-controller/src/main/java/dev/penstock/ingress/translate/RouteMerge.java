package dev.penstock.ingress.translate;

import dev.penstock.ingress.text.Quote;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Joins the claims of all Ingresses to virtual hosts. Of several claims to the same host and match
 * the oldest wins, and both sides are told; but one that stands for what cannot be read and may be
 * protected goes before all that can be read. A host that one of them closes is closed for all. A
 * rule always goes before the {@code defaultBackend} of an Ingress that has rules: that one takes
 * what nothing else matches.
 *
 * <p>A host has TLS for the routes of every Ingress in whose namespace one lists it under {@code
 * spec.tls}, and for the routes that are younger than one that lists it: a newcomer from elsewhere
 * cannot redirect the host of another to https.
 */
final class RouteMerge {
  private static final Comparator<RouteClaim> PRECEDENCE =
      Comparator.comparing(RouteClaim::isFallback)
          .thenComparing(claim -> !claim.closes())
          .thenComparing(RouteClaim::author);

  private final Map<HostPattern, Map<PathMatch, RouteClaim>> hosts = new TreeMap<>();
  private final Map<HostPattern, RouteClaim> closed = new TreeMap<>();
  private final Map<HostPattern, Author> oldestWithTls = new HashMap<>();
  private final Set<HostInNamespace> withTls = new HashSet<>();
  private final List<Diagnostic> diagnostics;

  private record HostInNamespace(HostPattern host, String namespace) {}

  private RouteMerge(List<Diagnostic> diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Takes the complaints in {@code diagnostics}. */
  static List<VirtualHost> merge(List<IngressPart> parts, List<Diagnostic> diagnostics) {
    RouteMerge merge = new RouteMerge(diagnostics);
    for (IngressPart part : parts) {
      part.certificates().forEach(merge::addTls);
    }
    parts.stream()
        .flatMap(part -> part.closedHosts().stream())
        .sorted(PRECEDENCE)
        .forEach(claim -> merge.closed.putIfAbsent(claim.host(), claim));
    parts.stream()
        .flatMap(part -> part.routes().stream())
        .sorted(PRECEDENCE) // stable: within an Ingress the order of its rules
        .forEach(merge::add);
    return merge.virtualHosts();
  }

  private void addTls(CertificateClaim claim) {
    Author author = claim.author();
    withTls.add(new HostInNamespace(claim.host(), author.key().namespace()));
    oldestWithTls.merge(claim.host(), author, (a, b) -> a.compareTo(b) <= 0 ? a : b);
  }

  private boolean hasTls(RouteClaim claim) {
    Author author = claim.author();
    if (withTls.contains(new HostInNamespace(claim.host(), author.key().namespace()))) return true;
    Author oldest = oldestWithTls.get(claim.host());
    return oldest != null && oldest.compareTo(author) < 0;
  }

  private void add(RouteClaim claim) {
    RouteClaim closer = closed.get(claim.host());
    if (closer != null) {
      if (!closer.author().equals(claim.author())) closed(closer, claim);
      return;
    }
    RouteClaim winner =
        hosts
            .computeIfAbsent(claim.host(), host -> new LinkedHashMap<>())
            .putIfAbsent(claim.matched(), claim);
    if (winner == null) return;
    boolean sameIngress = winner.author().equals(claim.author());
    if (winner.closes()) {
      if (!sameIngress) closedPath(winner, claim);
    } else if (claim.isFallback()) {
      if (!sameIngress) fallbackTaken(winner, claim);
    } else if (sameIngress) {
      standsTwice(winner, claim);
    } else {
      taken(winner, claim);
    }
  }

  private void closed(RouteClaim closer, RouteClaim claim) {
    diagnostics.add(
        Diagnostic.error(
            claim.route().source(),
            claim.field(),
            claim.what()
                + " answers 503: "
                + Quote.object(closer.route().source())
                + " limits who may ask for this host, and its paths cannot be read; correct that"
                + " one"));
  }

  private void closedPath(RouteClaim winner, RouteClaim claim) {
    diagnostics.add(
        Diagnostic.error(
            claim.route().source(),
            claim.field(),
            claim.what()
                + " answers 503: "
                + Quote.object(winner.route().source())
                + " limits who may ask for it, and cannot be read as it is written; correct that"
                + " one"));
  }

  private void fallbackTaken(RouteClaim winner, RouteClaim claim) {
    String what =
        claim.host().isAny()
            ? "requests for hosts of no rule go to "
            : "requests for other paths of host '" + claim.host() + "' go to ";
    diagnostics.add(
        Diagnostic.info(
            claim.route().source(),
            claim.field(),
            what
                + Quote.object(winner.route().source())
                + " ("
                + winner.field()
                + "), not to this defaultBackend: "
                + (winner.isFallback()
                    ? "that Ingress " + winner.author().reasonBefore(claim.author())
                    : "a rule goes before it")));
  }

  private void standsTwice(RouteClaim winner, RouteClaim claim) {
    String what = claim.what() + " stands twice in this Ingress, first in " + winner.field();
    diagnostics.add(
        claim.asksTheSameAs(winner)
            ? Diagnostic.warning(claim.route().source(), claim.field(), what + "; remove this one")
            : Diagnostic.error(
                claim.route().source(),
                claim.field(),
                what + ", with another backend; the first one is served: remove the other"));
  }

  private void taken(RouteClaim winner, RouteClaim claim) {
    boolean isForwarded = winner.route().action() instanceof RouteAction.Forward;
    boolean isUnprotected = isForwarded && !claim.options().denied().isEmpty();
    diagnostics.add(
        Diagnostic.error(
            claim.route().source(),
            claim.field(),
            claim.what()
                + (isForwarded ? " is served by " : " answers 503 for ")
                + Quote.object(winner.route().source())
                + ", which "
                + winner.author().reasonBefore(claim.author())
                + (isUnprotected
                    ? "; this one is not in force, and its protection is not in force there: change"
                    : "; this one is not in force: change")
                + " the host or path of one of them"));
    diagnostics.add(
        Diagnostic.warning(
            winner.route().source(),
            winner.field(),
            winner.what()
                + " is also asked for by "
                + Quote.object(claim.route().source())
                + "; this one is in force, because it "
                + winner.author().reasonBefore(claim.author())));
  }

  private List<VirtualHost> virtualHosts() {
    List<VirtualHost> result = new ArrayList<>();
    closed.forEach(
        (host, claim) -> result.add(new VirtualHost(host, List.of(claim.route(hasTls(claim))))));
    hosts.forEach((host, claims) -> {
      List<Route> routes = claims.values().stream().map(c -> c.route(hasTls(c))).toList();
      result.add(new VirtualHost(host, routes));
    });
    return result;
  }
}

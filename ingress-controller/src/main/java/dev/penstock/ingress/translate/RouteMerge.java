package dev.penstock.ingress.translate;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.Source;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Joins the claims of all Ingresses to one host. Of several claims to the same match the oldest
 * wins, and both are told: the loser of an error, the winner for information; but one that stands
 * for what cannot be read and may be protected goes before all that can be read. A host that one of
 * them closes is closed for all; but where namespaces belong to different people, nothing is closed
 * of another namespace than one's own ({@link #apart}). A rule always goes before the {@code
 * defaultBackend} of an Ingress that has rules: that one takes what nothing else matches.
 *
 * <p>A host has TLS for the routes of every Ingress in whose namespace one lists it under {@code
 * spec.tls}, and for the routes that are younger than one that lists it: a newcomer from elsewhere
 * cannot redirect the host of another to https.
 */
final class RouteMerge {
  private static final String HOST_CLOSED =
      " limits who may ask for this host, and its paths cannot be read";
  private static final String PATH_CLOSED =
      " limits who may ask for it, and cannot be read as it is written";

  private static final String NAMESPACE_CLOSED =
      " of the same namespace limits who may ask, and cannot be read as it is written; other"
          + " namespaces serve this host, too, so that all of this namespace's routes in it are closed";

  /**
   * Instructions that all expressions of one namespace in one host compile to, at most: each may be
   * tried for each request.
   */
  private static final int EXPRESSIONS_MAX = PathMatch.Regex.INSTRUCTIONS_MAX;

  private static final Comparator<RouteClaim> AGE =
      Comparator.comparing(RouteClaim::isFallback).thenComparing(RouteClaim::author);

  private static final Comparator<RouteClaim> PRECEDENCE =
      Comparator.comparing(RouteClaim::isFallback)
          .thenComparing(claim -> !claim.closes())
          .thenComparing(RouteClaim::author);

  private final Map<PathMatch, RouteClaim> winners = new LinkedHashMap<>();
  private final Set<String> namespacesWithTls = new HashSet<>();
  private final List<Complaint> complaints = new ArrayList<>(0);
  private @Nullable Author oldestWithTls;

  /** Whether several namespaces ask for the host, and none closes anything of another. */
  private final boolean isApart;

  private RouteMerge(boolean isApart) {
    this.isApart = isApart;
  }

  /**
   * One host.
   *
   * @param certificates the claims to it that name a Secret
   * @param host empty when nobody asks for more than a certificate
   * @param upstreams where its routes lead
   * @param complaints of those who are at odds over it
   */
  record Merged(
      HostPattern pattern,
      List<CertificateClaim> certificates,
      Optional<VirtualHost> host,
      Set<Upstream.Id> upstreams,
      List<Complaint> complaints) {
    Merged {
      complaints = List.copyOf(complaints);
    }
  }

  /**
   * @param claims all that Ingresses ask of this host, in any order
   * @param hasTenants as in {@link TranslationOptions#hasTenants}
   */
  static Merged merge(HostPattern host, List<IngressPart.Claims> claims, boolean hasTenants) {
    List<RouteClaim> tooMany = beyondExpressions(claims, hasTenants);
    List<IngressPart.Claims> all = new ArrayList<>(claims);
    all.add(new IngressPart.Claims(List.of(), tooMany, List.of()));
    RouteMerge merge = new RouteMerge(hasTenants && hasSeveralNamespaces(claims));
    for (IngressPart.Claims asked : claims) asked.certificates().forEach(merge::addTls);
    tooMany.forEach(merge::hasTooManyExpressions);
    return merge.merged(host, claims, merge.isApart ? merge.apart(all) : merge.together(all));
  }

  /** What closes the host for each namespace that has more expressions than can be tried. */
  private static List<RouteClaim> beyondExpressions(
      List<IngressPart.Claims> claims, boolean hasTenants) {
    Map<String, Integer> instructions = new HashMap<>();
    Map<String, RouteClaim> closing = new HashMap<>();
    claims.stream()
        .flatMap(asked -> asked.routes().stream())
        .filter(RouteClaim::isExpression)
        .sorted(AGE)
        .forEach(claim -> {
          String owner = hasTenants ? claim.namespace() : "";
          int sum = instructions.merge(owner, claim.instructions(), Integer::sum);
          if (sum > EXPRESSIONS_MAX) closing.putIfAbsent(owner, claim.closingHost());
        });
    return List.copyOf(closing.values());
  }

  /** Of a host of one owner. */
  private List<Route> together(List<IngressPart.Claims> claims) {
    Optional<RouteClaim> closer =
        claims.stream().flatMap(asked -> asked.closing().stream()).min(PRECEDENCE);
    List<RouteClaim> routes =
        claims.stream()
            .flatMap(asked -> asked.routes().stream())
            .sorted(PRECEDENCE) // stable: within an Ingress the order of its rules
            .toList();
    if (closer.isPresent()) {
      routes.forEach(claim -> closed(closer.get(), claim, HOST_CLOSED));
      return List.of(route(closer.get()));
    }
    routes.forEach(this::add);
    return served();
  }

  private List<Route> served() {
    return winners.values().stream().map(this::route).toList();
  }

  private static boolean hasSeveralNamespaces(List<IngressPart.Claims> claims) {
    return claims.stream()
            .flatMap(asked -> Stream.concat(asked.routes().stream(), asked.closing().stream()))
            .map(RouteClaim::namespace)
            .distinct()
            .limit(2)
            .count()
        > 1;
  }

  /**
   * Of a host that several namespaces serve. What cannot be read of one closes routes of that one
   * alone: others do not lead to what it protects, because an Ingress reaches Services of its own
   * namespace only. What would close more than a path closes all routes of its namespace in this
   * host, for it cannot be said in the router's terms which.
   */
  private List<Route> apart(List<IngressPart.Claims> claims) {
    Map<String, RouteClaim> closers = new HashMap<>();
    List<RouteClaim> routes = new ArrayList<>();
    for (IngressPart.Claims asked : claims) {
      asked.closing().forEach(claim -> closers.merge(claim.namespace(), claim, RouteMerge::older));
      for (RouteClaim claim : asked.routes()) {
        if (claim.closesMoreThanAPath()) {
          closers.merge(claim.namespace(), claim, RouteMerge::older);
        } else {
          routes.add(claim);
        }
      }
    }
    routes.removeIf(claim -> claim.isExpression() && closers.containsKey(claim.namespace()));
    routes.sort(AGE);
    routes.replaceAll(claim -> {
      RouteClaim closer = closers.get(claim.namespace());
      if (closer == null || claim.closes()) return claim;
      closed(closer, claim, NAMESPACE_CLOSED);
      return claim.closedLike(closer);
    });
    closers.values().forEach(this::closesItsNamespaceOnly);
    routes.forEach(this::add);
    return served();
  }

  private static RouteClaim older(RouteClaim one, RouteClaim other) {
    return AGE.compare(one, other) <= 0 ? one : other;
  }

  private void hasTooManyExpressions(RouteClaim closing) {
    tell(
        Level.ERROR,
        Reason.CLOSED,
        closing,
        () ->
            "with this one the expressions of host '"
                + closing.host()
                + "' compile to more than "
                + EXPRESSIONS_MAX
                + " instructions, older ones of the namespace counted, and each may be tried for"
                + " each request: the host answers 503; use fewer, or simpler ones");
  }

  private void closesItsNamespaceOnly(RouteClaim closer) {
    tell(
        Level.WARNING,
        Reason.CLOSED,
        closer,
        () ->
            "host '"
                + closer.host()
                + "' is served by other namespaces, too: what cannot be read here closes the"
                + " routes of namespace "
                + Quote.of(closer.namespace())
                + " in it, and none of theirs");
  }

  private Merged merged(HostPattern host, List<IngressPart.Claims> claims, List<Route> routes) {
    List<CertificateClaim> certificates =
        claims.stream()
            .flatMap(asked -> asked.certificates().stream())
            .filter(CertificateClaim::hasSecret)
            .toList();
    Set<Upstream.Id> upstreams = new HashSet<>();
    for (Route route : routes) {
      if (route.action() instanceof RouteAction.Forward forward) {
        forward.targets().forEach(target -> upstreams.add(target.upstream()));
      }
    }
    Optional<VirtualHost> served =
        routes.isEmpty() ? Optional.empty() : Optional.of(new VirtualHost(host, routes));
    return new Merged(
        host, certificates, served, Collections.unmodifiableSet(upstreams), complaints);
  }

  private Route route(RouteClaim claim) {
    return claim.route(hasTls(claim));
  }

  private void addTls(CertificateClaim claim) {
    Author author = claim.author();
    namespacesWithTls.add(author.key().namespace());
    Author oldest = oldestWithTls;
    if (oldest == null || author.compareTo(oldest) < 0) oldestWithTls = author;
  }

  private boolean hasTls(RouteClaim claim) {
    Author author = claim.author();
    if (namespacesWithTls.contains(author.key().namespace())) return true;
    Author oldest = oldestWithTls;
    return oldest != null && oldest.compareTo(author) < 0;
  }

  private void add(RouteClaim claim) {
    RouteClaim winner = winners.putIfAbsent(claim.matched(), claim);
    if (winner == null) return;
    boolean sameIngress = winner.author().equals(claim.author());
    boolean mayClose = !isApart || claim.namespace().equals(winner.namespace());
    if (winner.closes() && mayClose) {
      closed(winner, claim, PATH_CLOSED);
    } else if (isApart && mayClose && claim.closes() && !claim.isFallback()) {
      winners.put(claim.matched(), claim);
      closed(claim, winner, PATH_CLOSED);
    } else if (claim.isFallback()) {
      if (!sameIngress) tell(Level.INFO, claim, () -> fallbackTaken(winner, claim));
    } else if (sameIngress) {
      Level level = claim.asksTheSameAs(winner) ? Level.WARNING : Level.ERROR;
      tell(level, claim, () -> standsTwice(winner, claim, level));
    } else {
      tell(Level.ERROR, claim, () -> taken(winner, claim));
      tell(Level.INFO, winner, () -> isAskedForByOthers(winner, claim));
    }
  }

  private void tell(Level level, RouteClaim whose, Supplier<String> message) {
    tell(level, Reason.CONFLICT, whose, message);
  }

  private void tell(Level level, Reason reason, RouteClaim whose, Supplier<String> message) {
    Source source = whose.route().source();
    complaints.add(
        new Complaint(
            level,
            source,
            () -> new Diagnostic(level, reason, source, whose.field(), message.get())));
  }

  /**
   * @param why what the closing Ingress does, and cannot be read
   */
  private void closed(RouteClaim closer, RouteClaim claim, String why) {
    if (closer.author().equals(claim.author())) return;
    tell(
        Level.ERROR,
        Reason.CLOSED,
        claim,
        () ->
            claim.what()
                + " answers 503: "
                + Quote.object(closer.route().source())
                + why
                + "; correct that one");
  }

  private static String fallbackTaken(RouteClaim winner, RouteClaim claim) {
    String what =
        claim.host().isAny()
            ? "requests for hosts of no rule go to "
            : "requests for other paths of host '" + claim.host() + "' go to ";
    return what
        + Quote.object(winner.route().source())
        + " ("
        + winner.field()
        + "), not to this defaultBackend: "
        + (winner.isFallback()
            ? "that Ingress " + winner.author().reasonBefore(claim.author())
            : "a rule goes before it");
  }

  private static String standsTwice(RouteClaim winner, RouteClaim claim, Level level) {
    return claim.what()
        + " stands twice in this Ingress, first in "
        + winner.field()
        + (level == Level.WARNING
            ? "; remove this one"
            : ", with another backend; the first one is served: remove the other");
  }

  private static String taken(RouteClaim winner, RouteClaim claim) {
    boolean isForwarded = winner.route().action() instanceof RouteAction.Forward;
    boolean isUnprotected = isForwarded && !claim.options().denied().isEmpty();
    return claim.what()
        + (isForwarded ? " is served by " : " answers 503 for ")
        + Quote.object(winner.route().source())
        + ", which "
        + winner.author().reasonBefore(claim.author())
        + (isUnprotected
            ? "; this one is not in force, and its protection is not in force there: change"
            : "; this one is not in force: change")
        + " the host or path of one of them";
  }

  private static String isAskedForByOthers(RouteClaim winner, RouteClaim claim) {
    return winner.what()
        + " is also asked for by "
        + Quote.object(claim.route().source())
        + "; this one is in force, because it "
        + winner.author().reasonBefore(claim.author());
  }
}

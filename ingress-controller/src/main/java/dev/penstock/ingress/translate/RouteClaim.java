package dev.penstock.ingress.translate;

import dev.penstock.ingress.annotation.IngressOptions;
import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.text.Quote;

/**
 * One path of one host that an Ingress asks for. Others may ask for the same; {@link RouteMerge}
 * decides.
 *
 * @param route complete but for what depends on the host's TLS, which is known after all Ingresses
 * @param options of the Ingress
 * @param field the field that asks, for diagnostics about this claim
 * @param isFallback from the {@code defaultBackend} of an Ingress that has rules: gives way to
 *     every rule
 * @param closes answers 503 in place of what cannot be read, which may be a protection: goes before
 *     every claim that can be read
 * @param listsTls whether the same Ingress lists a certificate that covers the host
 */
record RouteClaim(
    Author author,
    HostPattern host,
    Route route,
    IngressOptions options,
    String field,
    boolean isFallback,
    boolean closes,
    boolean listsTls) {

  String namespace() {
    return author.key().namespace();
  }

  /** Whether it answers for paths that others ask for, and serves none of them. */
  boolean closesMoreThanAPath() {
    return route.match() instanceof PathMatch.Regex
        && route.action() instanceof RouteAction.Respond;
  }

  boolean isExpression() {
    return route.match() instanceof PathMatch.Regex;
  }

  /**
   * What an expression costs for each character of a path, found by reading it; 0 for other
   * matches.
   */
  int instructions() {
    return route.match() instanceof PathMatch.Regex regex ? regex.instructions() : 0;
  }

  /** Closes the whole host in place of this one. */
  RouteClaim closingHost() {
    RouteAction closed = new RouteAction.Respond(OneIngress.UNAVAILABLE, "too many expressions");
    Route all = new Route(OneIngress.EVERY_PATH, closed, route.policy(), "", "", route.source());
    return new RouteClaim(author, host, all, options, field, false, true, listsTls);
  }

  /** The same, answering what {@code closer} answers. */
  RouteClaim closedLike(RouteClaim closer) {
    Route closed =
        new Route(
            route.match(),
            closer.route.action(),
            route.policy(),
            route.service(),
            route.servicePort(),
            route.source());
    return new RouteClaim(author, host, closed, options, field, isFallback, true, listsTls);
  }

  /** The route, now that it is known whether its host has TLS. */
  Route route(boolean hostHasTls) {
    return new Route(
        route.match(),
        route.action(),
        options.policy(hostHasTls || listsTls),
        route.service(),
        route.servicePort(),
        route.source());
  }

  /** Equal for two claims that take the same requests; a Prefix's trailing slash does not count. */
  PathMatch matched() {
    if (route.match() instanceof PathMatch.Prefix(String path)
        && path.length() > 1
        && path.endsWith("/")) {
      return new PathMatch.Prefix(path.substring(0, path.length() - 1));
    }
    return route.match();
  }

  /** Whether both lead to the same place. */
  boolean asksTheSameAs(RouteClaim other) {
    return route.action().equals(other.route.action());
  }

  /** {@code host 'a.test', path '/x' (Prefix)}. */
  String what() {
    String type = route.match().getClass().getSimpleName();
    return "host '" + host + "', path " + Quote.of(route.match().text()) + " (" + type + ")";
  }
}

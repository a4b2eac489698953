package dev.penstock.ingress.translate;

import dev.penstock.configmap.Loaded;
import dev.penstock.ingress.annotation.AnnotationReader;
import dev.penstock.ingress.annotation.IngressOptions;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Translates one Ingress by itself. A path that cannot be understood is set aside, unless its
 * Ingress denies its routes: then what can be understood of it answers 503, and so does all that
 * can be understood of an Ingress that is broken as a whole. A path whose backend cannot be reached
 * keeps its place and answers 503, so that its requests do not fall through to another path.
 */
final class OneIngress {
  /** Default limit of the security policy; a larger object is set aside. */
  static final int PATHS_MAX = 10_000;

  static final int UNAVAILABLE = 503;
  static final PathMatch EVERY_PATH = new PathMatch.Prefix("/");

  private final IngressObject ingress;
  private final ServiceTable services;
  private final Loaded loaded;
  private final Author author;
  private final IngressOptions annotations;
  private final TlsRules tls;
  private final Complaints diagnostics = new Complaints();
  private final List<RouteClaim> claims = new ArrayList<>();
  private final Map<HostPattern, RouteClaim> closedHosts = new LinkedHashMap<>();
  private final Set<Guarded> guarded = new HashSet<>();

  private boolean mayBeRegex;
  private int lostHosts;

  private record Guarded(HostPattern host, PathMatch match) {}

  /**
   * @param isMeant it is not written like this, and nothing of it is served
   */
  private record RuleHost(HostPattern pattern, boolean isMeant) {}

  private OneIngress(
      IngressObject ingress, ServiceTable services, Loaded loaded, IngressOptions annotations) {
    this.ingress = ingress;
    this.services = services;
    this.loaded = loaded;
    this.annotations = annotations;
    author = Author.of(ingress);
    tls = new TlsRules(ingress, author, diagnostics);
  }

  static IngressPart translate(IngressObject ingress, ServiceTable services, Loaded loaded) {
    if (ingress.key().namespace().isBlank() || ingress.key().name().isBlank()) {
      return IngressPart.none(
          List.of(
              Diagnostic.error(
                  ingress.source(),
                  "metadata",
                  "has no name or no namespace; the Ingress is set aside")));
    }
    return isTooLarge(ingress)
        ? tooLarge(ingress, services, loaded)
        : ofAnySize(ingress, services, loaded);
  }

  /** Whether it holds so much that nothing of it is served. */
  static boolean isTooLarge(IngressObject ingress) {
    long paths = ingress.rules().stream().mapToLong(rule -> rule.paths().size()).sum();
    int rules = ingress.rules().size();
    long hosts = // an entry without any stands for those of the rules
        ingress.tls().stream()
            .mapToLong(tls -> tls.hosts().isEmpty() ? rules : tls.hosts().size())
            .sum();
    return Math.max(paths, hosts) > PATHS_MAX || Math.max(rules, ingress.tls().size()) > PATHS_MAX;
  }

  private static IngressPart tooLarge(IngressObject ingress, ServiceTable services, Loaded loaded) {
    List<String> protections = AnnotationReader.protections(ingress.annotations());
    if (ingress.isBroken()) return ofAnySize(ingress.hostsOnly(), services, loaded);
    if (!protections.isEmpty()) {
      String why = "it is too large and limits who may ask: " + Suggestion.list(protections);
      return ofAnySize(ingress.hostsOnly().broken(why), services, loaded);
    }
    return IngressPart.none(
        List.of(
            Diagnostic.error(
                ingress.source(),
                "spec",
                "holds more than "
                    + PATHS_MAX
                    + " rules, paths or TLS hosts; the Ingress is set aside: split it")));
  }

  private static IngressPart ofAnySize(
      IngressObject ingress, ServiceTable services, Loaded loaded) {
    Translation<IngressOptions> read =
        AnnotationReader.read(ingress.source(), ingress.annotations(), loaded.routes());
    if (read.value().isSetAside()) return IngressPart.none(bounded(read.diagnostics(), false));
    if (ingress.isBroken()) return broken(ingress, services, loaded, read.value(), List.of());
    List<String> misspelt = AnnotationReader.misspelt(ingress.annotations());
    if (!misspelt.isEmpty()) {
      String why = "it limits who may ask under a misspelt key: " + Suggestion.list(misspelt);
      IngressObject closed = ingress.broken(why);
      return broken(closed, services, loaded, read.value(), read.diagnostics());
    }
    OneIngress one = new OneIngress(ingress, services, loaded, read.value());
    one.translate();
    List<Diagnostic> told = bounded(read.diagnostics(), one.closesNothing());
    told.addAll(one.diagnostics.all());
    return one.part(told);
  }

  /**
   * What is wrong with its parts does not matter: none of them is served.
   *
   * @param told what has to be said besides
   */
  private static IngressPart broken(
      IngressObject ingress,
      ServiceTable services,
      Loaded loaded,
      IngressOptions annotations,
      List<Diagnostic> told) {
    String why = "this Ingress cannot be read as a whole, and " + ingress.broken();
    OneIngress one = new OneIngress(ingress, services, loaded, annotations.denying(why));
    boolean isKnown = AnnotationReader.misspelt(ingress.annotations()).isEmpty();
    one.mayBeRegex = annotations.denied().isEmpty() || !isKnown; // by its annotations
    one.translate();
    List<Diagnostic> said = bounded(told, one.closesNothing());
    said.add(one.brokenSaid(why));
    return one.part(said);
  }

  /** Of annotations, which are as many as their Ingress has room for. */
  private static List<Diagnostic> bounded(List<Diagnostic> ofAnnotations, boolean closeNothing) {
    Complaints bounded = new Complaints();
    for (Diagnostic told : ofAnnotations) {
      bounded.add(closeNothing ? AnnotationReader.closingNothing(told) : told);
    }
    return bounded.all();
  }

  private boolean closesNothing() {
    return claims.isEmpty() && closedHosts.isEmpty();
  }

  private IngressPart part(List<Diagnostic> told) {
    return IngressPart.of(claims, List.copyOf(closedHosts.values()), tls.claims(), told);
  }

  private Diagnostic brokenSaid(String why) {
    SortedSet<String> hosts = new TreeSet<>();
    claims.forEach(claim -> hosts.add(claim.host().toString()));
    closedHosts.keySet().forEach(host -> hosts.add(host.toString()));
    String consequence =
        hosts.isEmpty()
            ? "; none of its hosts can be read either, so that nothing closes them: another Ingress"
                + " may serve them without the protection"
            : "; what can be read of it answers 503, rather than being served by another Ingress"
                + " without the protection. Hosts: "
                + Suggestion.list(hosts);
    if (!hosts.isEmpty() && lostHosts > 0) {
      consequence += "; " + lostHosts + " more cannot be read, and nothing closes them";
    }
    return Diagnostic.error(
            ingress.source(), "", Quote.sentence(why + consequence) + " Correct the object")
        .because(Reason.CLOSED);
  }

  private void translate() {
    Set<HostPattern> hosts = new LinkedHashSet<>();
    Set<HostPattern> named = new LinkedHashSet<>();
    List<@Nullable RuleHost> ruleHosts = new ArrayList<>();
    for (int i = 0; i < ingress.rules().size(); i++) {
      RuleHost host = host(i, ingress.rules().get(i));
      ruleHosts.add(host);
      if (host != null) named.add(host.pattern());
      if (host != null && !host.isMeant()) hosts.add(host.pattern());
    }
    tls.read(hosts);
    if (ingress.isBroken()) closeHostsOfTlsAlone(named);
    for (int i = 0; i < ruleHosts.size(); i++) {
      RuleHost host = ruleHosts.get(i);
      if (host != null) paths(i, ingress.rules().get(i), host);
    }
    fallback(hosts);
  }

  private @Nullable RuleHost host(int index, IngressObject.Rule rule) {
    String host = rule.host();
    String fault = host == null ? "it is no text" : HostPattern.fault(host);
    if (host != null && fault.isEmpty()) return new RuleHost(new HostPattern(host), false);
    boolean denies = !annotations.denied().isEmpty();
    HostPattern meant = host == null || !denies ? null : LegibleHost.of(host);
    if (meant == null) lostHosts++;
    String consequence = "";
    if (meant != null) {
      consequence =
          "; this Ingress denies its routes, so that their paths answer 503 for host "
              + Quote.of(meant.text())
              + ", which seems to be meant";
    } else if (denies) {
      consequence =
          "; this Ingress denies its routes, but nothing closes this host: another Ingress may"
              + " serve what is meant";
    }
    diagnostics.add(
        Diagnostic.error(
            rule.source(),
            "spec.rules[" + index + "].host",
            Quote.of(host == null ? "" : host)
                + " cannot be served: "
                + fault
                + "; the rules of this host are set aside"
                + consequence));
    return meant == null ? null : new RuleHost(meant, true);
  }

  /** Their rules may be among what cannot be read. */
  private void closeHostsOfTlsAlone(Set<HostPattern> ruleHosts) {
    TlsRules.RuleHosts rules = TlsRules.RuleHosts.of(ruleHosts);
    for (CertificateClaim claim : tls.claims()) {
      boolean isRuled = !ruleHosts.isEmpty() && rules.route(claim.host());
      if (!isRuled) closeHost(claim.host(), claim.source(), claim.field());
    }
  }

  private void closeHost(HostPattern host, Source source, String field) {
    RouteAction closed = new RouteAction.Respond(UNAVAILABLE, annotations.denied());
    Route route = new Route(EVERY_PATH, closed, annotations.policy(false), "", "", source);
    closedHosts.putIfAbsent(
        host,
        new RouteClaim(author, host, route, annotations, field, false, true, tls.isListed(host)));
  }

  private void paths(int index, IngressObject.Rule rule, RuleHost ruleHost) {
    String field = "spec.rules[" + index + "]";
    HostPattern host = ruleHost.pattern();
    boolean isBroken = ingress.isBroken() || ruleHost.isMeant();
    if (rule.paths().isEmpty() && isBroken) closeHost(host, rule.source(), field);
    if (rule.paths().isEmpty() && ingress.defaultBackend() == null) {
      diagnostics.add(
          Diagnostic.warning(
              rule.source(),
              field + ".http",
              "has no path, and the Ingress has no defaultBackend: nothing is served for host '"
                  + host
                  + "'; add a path or a defaultBackend"));
    }
    int pathCharsMax = loaded.settings().limits().requestLineBytesMax();
    for (int j = 0; j < rule.paths().size(); j++) {
      IngressObject.Path path = rule.paths().get(j);
      String pathField = field + ".http.paths[" + j + "]";
      if (isBroken) {
        broken(host, path, pathField + ".path");
        continue;
      }
      PathMatch match =
          PathRules.read(path, pathField, annotations.regexPaths(), pathCharsMax, diagnostics);
      boolean hasOneMeaning = match != null && !looksLikeExpression(path);
      if (!hasOneMeaning) guard(host, path, pathField + ".path");
      if (match == null) continue;
      Route route = route(match, path.backend(), path.source(), pathField + ".backend");
      claim(host, route, pathField + ".path", false, false);
    }
  }

  /** A path of a broken Ingress, or of a host that is guessed: it may not be what it seems. */
  private void broken(HostPattern host, IngressObject.Path path, String field) {
    if (path.path().isEmpty()) {
      closeHost(host, path.source(), field);
      return;
    }
    PathMatch match =
        PathRules.read(
            path,
            field,
            annotations.regexPaths(),
            loaded.settings().limits().requestLineBytesMax(),
            diagnostics);
    if (match != null) close(host, path, field, match);
    boolean hasOneMeaning = match != null && !looksLikeExpression(path);
    if (!hasOneMeaning || path.pathType().isEmpty()) guard(host, path, field);
    if (mayBeRegex) GuardedPath.of(path, true).forEach(m -> close(host, path, field, m));
  }

  private boolean looksLikeExpression(IngressObject.Path path) {
    return !annotations.regexPaths() && GuardedPath.looksLikeExpression(path.path());
  }

  /** A path that cannot be read stays closed if its Ingress denies its routes. */
  private void guard(HostPattern host, IngressObject.Path path, String field) {
    if (annotations.denied().isEmpty()) return;
    List<PathMatch> matches = GuardedPath.of(path, annotations.regexPaths());
    matches.forEach(match -> close(host, path, field, match));
    diagnostics.add(
        Diagnostic.warning(
                path.source(),
                field,
                (looksLikeExpression(path)
                        ? "may be meant as an expression, and"
                        : "cannot be read, but")
                    + " this Ingress denies its routes: "
                    + Suggestion.list(matches.stream().map(GuardedPath::shown).distinct().toList())
                    + " and what begins with it answers 503, but for longer paths of other Ingresses,"
                    + " so that none of them serves it unprotected; correct the path")
            .because(Reason.CLOSED));
  }

  private void close(HostPattern host, IngressObject.Path path, String field, PathMatch match) {
    if (!guarded.add(new Guarded(host, match))) return;
    RouteAction closed = new RouteAction.Respond(UNAVAILABLE, annotations.denied());
    Route route = new Route(match, closed, annotations.policy(false), "", "", path.source());
    claim(host, route, field, false, true);
  }

  private void fallback(Set<HostPattern> ruleHosts) {
    IngressObject.Backend backend = ingress.defaultBackend();
    String field = "spec.defaultBackend";
    if (backend == null) {
      if (!ingress.rules().isEmpty()) return;
      diagnostics.add(
          Diagnostic.error(
              ingress.source(),
              "spec",
              "has neither rules nor a defaultBackend: nothing is served; add one of them"));
      return;
    }
    Route route = route(EVERY_PATH, backend, backend.source(), field);
    boolean givesWay = !ingress.rules().isEmpty();
    Set<HostPattern> hosts = new LinkedHashSet<>(ruleHosts);
    hosts.add(HostPattern.ANY);
    for (HostPattern host : hosts) claim(host, route, field, givesWay, ingress.isBroken());
  }

  private void claim(
      HostPattern host, Route route, String field, boolean isFallback, boolean closes) {
    boolean listsTls = tls.isListed(host);
    claims.add(
        new RouteClaim(author, host, route, annotations, field, isFallback, closes, listsTls));
  }

  private Route route(
      PathMatch match, IngressObject.@Nullable Backend backend, Source source, String field) {
    String service = backend == null ? "" : backend.service();
    String port = "";
    if (backend != null) {
      boolean isNamed = !backend.portName().isEmpty() || backend.portNumber() == 0;
      port = isNamed ? backend.portName() : Integer.toString(backend.portNumber());
    }
    RouteAction action = action(backend, source, field);
    String closed = annotations.denied().isEmpty() ? annotations.closed() : annotations.denied();
    if (!closed.isEmpty()) action = new RouteAction.Respond(UNAVAILABLE, closed);
    return new Route(match, action, annotations.policy(false), service, port, source);
  }

  private RouteAction action(IngressObject.@Nullable Backend backend, Source source, String field) {
    String fault;
    String subField = "";
    if (backend == null) {
      fault = "is missing; name a service with its port";
    } else if (!backend.resource().isEmpty()) {
      fault =
          backend.service().isBlank()
              ? "names the resource "
                  + Quote.of(backend.resource())
                  + ", but only Services are served; name a service with its port"
              : "sets both service and resource; leave one of them";
      subField = ".resource";
    } else if (backend.service().isBlank()) {
      fault = "names no Service; name a service with its port";
    } else {
      ServiceTable.Found found = services.find(ingress.key().namespace(), backend);
      if (found.upstream().isPresent()) return RouteAction.Forward.to(found.upstream().get());
      fault = found.fault();
      subField = found.subField();
    }
    diagnostics.add(
        Diagnostic.error(
                source, field + subField, Quote.sentence(fault) + " Until then it answers 503")
            .because(Reason.BACKEND_NOT_FOUND));
    return new RouteAction.Respond(UNAVAILABLE, field + subField + ": " + fault);
  }
}

package dev.penstock.ingress.source;

import static java.util.stream.Collectors.toSet;

import dev.penstock.model.CertificateRef;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Publication;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.TlsHost;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Carries over what was served of files that cannot be read and of which nothing else is known:
 * after a restart the objects of such a file are lost, but its routes are in the last good state.
 * Left out, their hosts and paths would fall to another Ingress, which knows nothing of their
 * protection. So they go before every other route of the same host and path, with their upstreams,
 * endpoints and certificates, until the file can be read. Pure.
 */
final class CarriedRoutes {
  private static final String CARRIED =
      "; what was served of this file is served on as it was in the last good state";

  private final Set<String> unread;
  private final Publication previous;
  private final Publication next;
  private final List<Diagnostic> diagnostics;
  private final Map<HostPattern, Map<PathMatch, Route>> hosts = new TreeMap<>();
  private final Map<HostPattern, List<Route>> carried = new LinkedHashMap<>();

  private CarriedRoutes(
      Set<String> unread, Publication previous, Translation<Publication> translated) {
    this.unread = unread;
    this.previous = previous;
    this.next = translated.value();
    this.diagnostics = new ArrayList<>(translated.diagnostics());
  }

  /**
   * @param unread files, or directories of them, that cannot be read, without last good objects
   * @param previous what is served now
   * @param translated what is to be served next, but for those files
   */
  static Translation<Publication> carry(
      Set<String> unread, Publication previous, Translation<Publication> translated) {
    if (unread.isEmpty()) return translated;
    CarriedRoutes step = new CarriedRoutes(unread, previous, translated);
    step.collect();
    return step.carried.isEmpty() ? translated : step.joined();
  }

  /** The same complaints, where they say that nothing is served of a file that is carried. */
  static List<Diagnostic> told(
      List<Diagnostic> complaints, Set<String> unread, Publication previous) {
    if (unread.isEmpty()) return complaints;
    Set<String> files =
        previous.config().hosts().stream()
            .flatMap(host -> host.routes().stream())
            .filter(route -> !isCutOff(route))
            .map(route -> holder(unread, route.source().file()))
            .collect(toSet());
    return complaints.stream()
        .map(told ->
            files.contains(told.source().file()) && !told.source().file().isEmpty()
                ? FileObjects.keptAs(told, CARRIED)
                : told)
        .toList();
  }

  /** The file itself or the directory above it that cannot be read; empty when it can. */
  private static String holder(Set<String> unread, String file) {
    String name = file;
    while (!unread.contains(name)) {
      int slash = name.lastIndexOf('/');
      if (slash < 0) return "";
      name = name.substring(0, slash);
    }
    return name;
  }

  /** Stands for what was read before the fault in a file, and is in no good state of it. */
  private static boolean isCutOff(Route route) {
    return route.action() instanceof RouteAction.Respond answer
        && answer.why().contains(FileObjects.CUT_OFF);
  }

  private void collect() {
    for (VirtualHost host : previous.config().hosts()) {
      List<Route> routes =
          host.routes().stream()
              .filter(route -> !holder(unread, route.source().file()).isEmpty())
              .toList();
      if (!routes.isEmpty()) carried.put(host.host(), routes);
    }
  }

  private Translation<Publication> joined() {
    for (VirtualHost host : next.config().hosts()) {
      Map<PathMatch, Route> routes = new LinkedHashMap<>();
      host.routes().forEach(route -> routes.put(matched(route.match()), route));
      hosts.put(host.host(), routes);
    }
    carried.forEach((host, routes) -> routes.forEach(route -> put(host, route)));
    List<VirtualHost> virtualHosts = new ArrayList<>();
    hosts.forEach(
        (host, routes) -> virtualHosts.add(new VirtualHost(host, List.copyOf(routes.values()))));

    Map<Upstream.Id, Upstream> upstreams = new TreeMap<>();
    next.config().upstreams().forEach(upstream -> upstreams.put(upstream.id(), upstream));
    Map<Upstream.Id, EndpointSet> endpoints = new TreeMap<>();
    next.endpoints().forEach(set -> endpoints.put(set.upstream(), set));
    addUpstreams(upstreams, endpoints);

    Map<HostPattern, TlsHost> tlsHosts = new TreeMap<>();
    next.config().tlsHosts().forEach(host -> tlsHosts.put(host.host(), host));
    Map<String, KeyMaterial> keys = new HashMap<>(next.keys());
    addCertificates(tlsHosts, keys);

    GatewayConfig config =
        new GatewayConfig(
            next.config().settings(),
            virtualHosts,
            List.copyOf(upstreams.values()),
            List.copyOf(tlsHosts.values()));
    return new Translation<>(
        new Publication(config, List.copyOf(endpoints.values()), keys), diagnostics);
  }

  private void put(HostPattern host, Route route) {
    Map<PathMatch, Route> routes = hosts.computeIfAbsent(host, ignored -> new LinkedHashMap<>());
    Route other = routes.get(matched(route.match()));
    if (other != null && holder(unread, other.source().file()).isEmpty()) {
      taken(host, other, route);
    } else if (other != null && isCutOff(route)) {
      return; // of two that stand for what was read before a fault the newer says where it is now
    }
    routes.put(matched(route.match()), route);
  }

  private void taken(HostPattern host, Route other, Route by) {
    diagnostics.add(
        Diagnostic.warning(
            other.source(),
            "",
            "host '"
                + host
                + "', path "
                + Quote.of(other.match().text())
                + " is not served by this Ingress but by "
                + Quote.object(by.source())
                + ", as it was in the last good state: "
                + by.source().file()
                + " cannot be read, and what was served of it goes before; correct that file"));
  }

  /** Equal for matches that take the same requests; a Prefix's trailing slash does not count. */
  private static PathMatch matched(PathMatch match) {
    if (match instanceof PathMatch.Prefix(String path) && path.length() > 1 && path.endsWith("/")) {
      return new PathMatch.Prefix(path.substring(0, path.length() - 1));
    }
    return match;
  }

  private void addUpstreams(
      Map<Upstream.Id, Upstream> upstreams, Map<Upstream.Id, EndpointSet> endpoints) {
    Set<Upstream.Id> wanted =
        carried.values().stream()
            .flatMap(List::stream)
            .map(Route::action)
            .filter(RouteAction.Forward.class::isInstance)
            .flatMap(action -> ((RouteAction.Forward) action).targets().stream())
            .map(RouteAction.Target::upstream)
            .collect(toSet());
    previous.config().upstreams().stream()
        .filter(upstream -> wanted.contains(upstream.id()))
        .forEach(upstream -> upstreams.putIfAbsent(upstream.id(), upstream));
    for (EndpointSet set : previous.endpoints()) {
      EndpointSet now = endpoints.get(set.upstream());
      // None: its Service may stand in a file that cannot be read.
      boolean isMissing = now == null || now.endpoints().isEmpty();
      if (isMissing && wanted.contains(set.upstream())) endpoints.put(set.upstream(), set);
    }
  }

  private void addCertificates(Map<HostPattern, TlsHost> tlsHosts, Map<String, KeyMaterial> keys) {
    for (TlsHost tls : previous.config().tlsHosts()) {
      String name = tls.certificate().name();
      KeyMaterial key = previous.keys().get(name);
      if (key == null || carried.keySet().stream().noneMatch(host -> covers(tls.host(), host))) {
        continue;
      }
      if (tlsHosts.containsKey(tls.host())) continue;
      // A Secret that is read, and has changed, is taken as it is now.
      keys.putIfAbsent(name, key);
      String fingerprint = keys.getOrDefault(name, key).fingerprint();
      tlsHosts.put(tls.host(), new TlsHost(tls.host(), new CertificateRef(name, fingerprint)));
    }
  }

  private static boolean covers(HostPattern certified, HostPattern host) {
    if (certified.equals(host)) return true;
    String name = host.text();
    int dot = name.indexOf('.');
    return certified.isWildcard() && dot > 0 && name.substring(dot).equals(certified.suffix());
  }
}

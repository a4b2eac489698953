package dev.penstock.app;

import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.HostPattern;
import dev.penstock.model.Json;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Publication;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.TlsHost;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What would be served, one row for each path, in the order in which paths are tried. */
final class RouteTable {
  /** Of a route, in the table: a line is for the eye, and a Service may have thousands. */
  private static final int ENDPOINTS_SHOWN = 3;

  /**
   * @param host {@code *} for every host
   * @param type {@code Exact}, {@code Prefix} or {@code Regex}
   * @param action the upstreams, or the status that is answered and why
   * @param endpoints of all its upstreams
   * @param tls the Secret of the certificate, empty without one
   * @param place file and line
   * @param source the object
   */
  record Row(
      String host,
      String path,
      String type,
      String action,
      List<Endpoint> endpoints,
      String tls,
      String place,
      String source) {}

  private final List<Row> rows = new ArrayList<>();

  RouteTable(Publication publication) {
    GatewayConfig config = publication.config();
    Map<Upstream.Id, List<Endpoint>> endpoints = new HashMap<>();
    for (EndpointSet set : publication.endpoints()) endpoints.put(set.upstream(), set.endpoints());
    for (VirtualHost host : config.hosts()) {
      String tls = certificateOf(host.host(), config.tlsHosts());
      for (Route route : host.routes()) {
        rows.add(
            new Row(
                host.host().toString(),
                route.match().text(),
                type(route.match()),
                action(route.action()),
                endpoints(route.action(), endpoints),
                tls,
                route.source().place(),
                route.source().object()));
      }
    }
  }

  int size() {
    return rows.size();
  }

  void print(Terminal terminal) {
    TextTable table = new TextTable("HOST", "PATH", "TYPE", "ACTION", "ENDPOINTS", "TLS", "SOURCE");
    for (Row row : rows) {
      table.add(
          List.of(
              row.host,
              row.path,
              row.type,
              row.action,
              shown(row.endpoints),
              row.tls,
              row.place.isEmpty() ? row.source : row.place));
    }
    table.print(terminal);
  }

  private static String shown(List<Endpoint> endpoints) {
    String first =
        endpoints.stream()
            .limit(ENDPOINTS_SHOWN)
            .map(Endpoint::toString)
            .collect(Collectors.joining(","));
    int more = endpoints.size() - ENDPOINTS_SHOWN;
    return more > 0 ? first + " + " + more + " more" : first;
  }

  /**
   * The same as JSON, with all endpoints: one element a row, one member a column, and {@code
   * object}.
   */
  Json.Array toJson() {
    return Json.Array.of(
        rows,
        row ->
            Json.Struct.EMPTY
                .with("host", row.host)
                .with("path", row.path)
                .with("type", row.type)
                .with("action", row.action)
                .with(
                    "endpoints",
                    Json.Array.of(row.endpoints, endpoint -> new Json.Text(endpoint.toString())))
                .with("tls", row.tls)
                .with("source", row.place)
                .with("object", row.source));
  }

  private static String type(PathMatch match) {
    return switch (match) {
      case PathMatch.Exact ignored -> "Exact";
      case PathMatch.Prefix ignored -> "Prefix";
      case PathMatch.Regex regex -> regex.caseInsensitive() ? "Regex (any case)" : "Regex";
    };
  }

  private static String action(RouteAction action) {
    return switch (action) {
      case RouteAction.Forward forward when forward.targets().size() == 1 ->
          forward.targets().getFirst().upstream().toString();
      case RouteAction.Forward forward ->
          String.join(
              ",",
              forward.targets().stream()
                  .map(target -> target.upstream() + "*" + target.weight())
                  .toList());
      case RouteAction.Respond respond -> respond.status() + " (" + respond.why() + ")";
    };
  }

  private static List<Endpoint> endpoints(
      RouteAction action, Map<Upstream.Id, List<Endpoint>> known) {
    if (!(action instanceof RouteAction.Forward forward)) return List.of();
    return forward.targets().stream()
        .flatMap(target -> known.getOrDefault(target.upstream(), List.of()).stream())
        .toList();
  }

  /** The certificate that a client gets for this host: its own, else one of a wildcard. */
  private static String certificateOf(HostPattern host, List<TlsHost> tlsHosts) {
    String wildcard = "";
    for (TlsHost tls : tlsHosts) {
      if (tls.host().equals(host)) return tls.certificate().name();
      if (tls.host().isWildcard() && isCovered(host, tls.host())) {
        wildcard = tls.certificate().name();
      }
    }
    return wildcard;
  }

  private static boolean isCovered(HostPattern host, HostPattern wildcard) {
    int dot = host.text().indexOf('.');
    return !host.isWildcard() && dot > 0 && host.text().substring(dot).equals(wildcard.suffix());
  }
}

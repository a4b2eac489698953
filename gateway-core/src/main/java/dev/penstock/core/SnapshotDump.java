package dev.penstock.core;

import dev.penstock.core.observe.DataPlane.CertificateFigures;
import dev.penstock.core.observe.ServedConfig;
import dev.penstock.core.snapshot.Published;
import dev.penstock.core.snapshot.Snapshot;
import dev.penstock.core.tls.CertificateTable;
import dev.penstock.core.upstream.EndpointPool;
import dev.penstock.core.upstream.LoopPool;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.core.upstream.UpstreamEndpoint;
import dev.penstock.model.ConfigJson;
import dev.penstock.model.Json;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.VirtualHost;
import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The snapshot that serves, as JSON in the form of the last good state, and beside it what only the
 * data plane knows: the state of endpoints, and what became of certificates. A snapshot has no
 * keys, so none can come out.
 */
final class SnapshotDump implements ServedConfig {
  private final Published published;
  private final GatewayFigures figures;

  SnapshotDump(Published published, GatewayFigures figures) {
    this.published = published;
    this.figures = figures;
  }

  @Override
  public void write(String host, Writer out) throws IOException {
    Snapshot snapshot = published.current();
    String name = routed(host);
    List<VirtualHost> hosts = snapshot.router().hosts();
    if (!name.isEmpty()) hosts = serving(name, hosts);
    out.write("{\n\"version\": " + snapshot.version());
    out.write(",\n\"ageSeconds\": " + figures.ageSeconds());
    out.write(",\n\"hash\": " + figures.snapshot().hash());
    out.write(",\n\"settings\": " + text(ConfigJson.encode(snapshot.settings())));
    list("hosts", hosts, ConfigJson::encode, out);
    list("upstreams", upstreams(snapshot, name, hosts), SnapshotDump::encode, out);
    CertificateTable table = snapshot.certificates();
    List<CertificateFigures> certificates = new ArrayList<>(table.certificates());
    if (!name.isEmpty()) certificates.removeIf(each -> !isFor(name, each.hosts()));
    list("certificates", certificates, SnapshotDump::encode, out);
    list("certificateFailures", table.failures(), SnapshotDump::encode, out);
    out.write("\n}\n");
  }

  /** One element after the other. */
  private static <T> void list(String key, List<T> elements, Function<T, Json> encoding, Writer out)
      throws IOException {
    out.write(",\n\"" + key + "\": [");
    String separator = "\n";
    for (T element : elements) {
      out.write(separator);
      out.write(text(encoding.apply(element)));
      separator = ",\n";
    }
    out.write("]");
  }

  private static String text(Json value) {
    return value.toText().stripTrailing();
  }

  /**
   * A host as routing reads it: in any case, with a port or without, one dot at its end or none.
   */
  private static String routed(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst("\\.?(:\\d*)?$", "");
  }

  /** The one host that takes requests for this name; by its pattern, too. */
  private static List<VirtualHost> serving(String name, List<VirtualHost> hosts) {
    int dot = name.indexOf('.');
    String wildcard = dot < 0 ? name : "*" + name.substring(dot);
    for (String pattern : List.of(name, wildcard, "")) {
      for (VirtualHost host : hosts) {
        if (host.host().text().equals(pattern)) return List.of(host);
      }
    }
    return List.of();
  }

  private static boolean isFor(String name, List<String> hosts) {
    int dot = name.indexOf('.');
    return hosts.contains(name) || dot >= 0 && hosts.contains("*" + name.substring(dot));
  }

  private static List<Upstream> upstreams(Snapshot snapshot, String name, List<VirtualHost> hosts) {
    List<Upstream> all = new ArrayList<>(snapshot.upstreams().values());
    if (!name.isEmpty()) {
      Set<dev.penstock.model.Upstream.Id> named =
          hosts.stream()
              .flatMap(host -> host.routes().stream())
              .map(Route::action)
              .filter(RouteAction.Forward.class::isInstance)
              .flatMap(action -> ((RouteAction.Forward) action).targets().stream())
              .map(RouteAction.Target::upstream)
              .collect(Collectors.toSet());
      all.removeIf(upstream -> !named.contains(upstream.id()));
    }
    all.sort(Comparator.comparing(upstream -> upstream.id().toString()));
    return all;
  }

  /** Of one endpoint, over all event loops. */
  private static final class EndpointState {
    long open;
    long idle;
    long waiting;
    long pausedLoops;
  }

  private static Json encode(Upstream upstream) {
    Map<UpstreamEndpoint, EndpointState> states = new LinkedHashMap<>();
    for (UpstreamEndpoint each : upstream.endpointList()) states.put(each, new EndpointState());
    for (LoopPool pools : upstream.loopPools()) {
      for (EndpointPool pool : pools.endpointPools()) {
        EndpointState state = states.get(pool.endpoint());
        if (state == null) continue; // it has left meanwhile
        state.open += pool.open();
        state.idle += pool.idle();
        state.waiting += pool.waiting();
        if (pool.isPaused()) state.pausedLoops++;
      }
    }
    List<Json> endpoints = new ArrayList<>(states.size());
    states.forEach((endpoint, state) ->
        endpoints.add(
            Json.Struct.EMPTY
                .with("endpoint", endpoint.text())
                .with("open", state.open)
                .with("idle", state.idle)
                .with("waiting", state.waiting)
                .with("pausedLoops", state.pausedLoops)));
    return Json.Struct.EMPTY
        .with("upstream", upstream.id().toString())
        .with("endpoints", new Json.Array(endpoints));
  }

  private static Json encode(CertificateFigures certificate) {
    return Json.Struct.EMPTY
        .with("certificate", certificate.name())
        .with("fingerprint", certificate.fingerprint())
        .with("hosts", Json.Array.of(certificate.hosts(), Json.Text::new))
        .with("notBefore", Instant.ofEpochSecond(certificate.notBeforeEpochSeconds()).toString())
        .with("notAfter", Instant.ofEpochSecond(certificate.notAfterEpochSeconds()).toString())
        .with("issuer", certificate.issuer())
        .with("serialNumber", certificate.serialNumber())
        .with("keyAlgorithm", certificate.keyAlgorithm());
  }

  private static Json encode(CertificateTable.Failure failure) {
    return Json.Struct.EMPTY
        .with("certificate", failure.certificate().name())
        .with("hosts", Json.Array.of(failure.hosts(), host -> new Json.Text(host.text())))
        .with("why", failure.message())
        .with("keepsPrevious", failure.keepsPrevious());
  }
}

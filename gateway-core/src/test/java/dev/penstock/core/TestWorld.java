package dev.penstock.core;

import dev.penstock.model.Balancing;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Publication;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Settings;
import dev.penstock.model.Source;
import dev.penstock.model.TlsHost;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.TestCertificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a test wants to be served, in a few words; {@link #publication()} says it in the model's.
 */
final class TestWorld {
  /** The upstream that {@link #to} fills. */
  static final Upstream.Id APP = id("app");

  private static final Source SOURCE = Source.of("Ingress", "test", "test");

  private Settings settings = Settings.DEFAULT;
  private RoutePolicy policy = RoutePolicy.DEFAULT;
  private final Map<String, List<Route>> routes = new LinkedHashMap<>();
  private final Map<Upstream.Id, List<Endpoint>> upstreams = new LinkedHashMap<>();
  private final List<TlsHost> tlsHosts = new ArrayList<>();
  private final Map<String, KeyMaterial> keys = new LinkedHashMap<>();

  /** Every host and path goes to these origins. */
  static TestWorld to(Origin... origins) {
    return toPorts(List.of(origins).stream().mapToInt(Origin::port).toArray());
  }

  /** Every host and path goes to these ports of 127.0.0.1. */
  static TestWorld toPorts(int... ports) {
    return new TestWorld().upstream("app", ports).route("", new PathMatch.Prefix("/"), "app");
  }

  /** Nothing is routed. */
  static TestWorld empty() {
    return new TestWorld();
  }

  static Upstream.Id id(String service) {
    return new Upstream.Id("test", service, "80");
  }

  static EndpointSet endpoints(String service, int... ports) {
    return new EndpointSet(
        id(service), IntStream.of(ports).mapToObj(p -> new Endpoint("127.0.0.1", p)).toList());
  }

  TestWorld settings(TestSettings value) {
    settings = value.build();
    return this;
  }

  /** For every route, those that were added before too. */
  TestWorld policy(TestPolicy value) {
    policy = value.build();
    return this;
  }

  TestWorld upstream(String service, int... ports) {
    upstreams.put(id(service), endpoints(service, ports).endpoints());
    return this;
  }

  /** A route; the empty host takes every host. */
  TestWorld route(String host, PathMatch match, String service) {
    return route(host, match, RouteAction.Forward.to(id(service)));
  }

  TestWorld route(String host, PathMatch match, RouteAction action) {
    routes
        .computeIfAbsent(host, any -> new ArrayList<>())
        .add(new Route(match, action, RoutePolicy.DEFAULT, "app", "80", SOURCE));
    return this;
  }

  TestWorld certificate(String host, TestCertificate certificate) {
    KeyMaterial material = new KeyMaterial(certificate.chainPem(), certificate.keyPem());
    String name = "test/" + host;
    keys.put(name, material);
    tlsHosts.add(new TlsHost(new HostPattern(host), material.ref(name)));
    return this;
  }

  Publication publication() {
    List<VirtualHost> hosts = new ArrayList<>();
    routes.forEach(
        (host, list) -> hosts.add(new VirtualHost(new HostPattern(host), withPolicy(list))));
    List<Upstream> all = new ArrayList<>();
    List<EndpointSet> sets = new ArrayList<>();
    upstreams.forEach((id, endpoints) -> {
      all.add(new Upstream(id, new Balancing.RoundRobin()));
      sets.add(new EndpointSet(id, endpoints));
    });
    return new Publication(new GatewayConfig(settings, hosts, all, tlsHosts), sets, keys);
  }

  private List<Route> withPolicy(List<Route> list) {
    return list.stream()
        .map(
            r -> new Route(r.match(), r.action(), policy, r.service(), r.servicePort(), r.source()))
        .toList();
  }
}

package dev.penstock.micro;

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
import dev.penstock.testkit.TestCertificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of many hosts like those of one big cluster: each host with its own Ingress,
 * Service and two endpoints, and by choice its own certificate. Objects are made once and handed on
 * as they are, as the translator does with what did not change.
 */
final class World {
  private final @Nullable TestCertificate certificate;
  private final List<VirtualHost> hosts = new ArrayList<>();
  private final List<Upstream> upstreams = new ArrayList<>();
  private final List<EndpointSet> endpoints = new ArrayList<>();
  private final List<TlsHost> tlsHosts = new ArrayList<>();
  private final Map<String, KeyMaterial> keys = new HashMap<>();

  /** Hosts with so many routes each. */
  static World of(int hosts, int routesPerHost) {
    return new World(null).with(hosts, routesPerHost);
  }

  /** And every host with a certificate of its own; all of them have one key. */
  static World withCertificates(int hosts, int routesPerHost) {
    return new World(TestCertificate.ec("micro.test")).with(hosts, routesPerHost);
  }

  private World(@Nullable TestCertificate certificate) {
    this.certificate = certificate;
  }

  private World with(int hostCount, int routesPerHost) {
    for (int i = 0; i < hostCount; i++) addHost(i, routesPerHost, 80);
    return this;
  }

  /** The same objects, to be changed apart. */
  World copy() {
    World copy = new World(certificate);
    copy.hosts.addAll(hosts);
    copy.upstreams.addAll(upstreams);
    copy.endpoints.addAll(endpoints);
    copy.tlsHosts.addAll(tlsHosts);
    copy.keys.putAll(keys);
    return copy;
  }

  void addHost(int number, int routes, int port) {
    String service = "service-" + number;
    Upstream.Id upstream = new Upstream.Id("micro", service, Integer.toString(port));
    upstreams.add(new Upstream(upstream, new Balancing.RoundRobin()));
    endpoints.add(endpoints(upstream, number, 8080));
    hosts.add(host(number, routes, upstream));
    if (certificate != null) addCertificate(hosts.getLast(), certificate);
  }

  private void addCertificate(VirtualHost host, TestCertificate certificate) {
    KeyMaterial material = new KeyMaterial(certificate.chainPem(), certificate.keyPem());
    String name = "micro/" + host.host().text();
    keys.put(name, material);
    tlsHosts.add(new TlsHost(host.host(), material.ref(name)));
  }

  private static VirtualHost host(int number, int routes, Upstream.Id upstream) {
    Source source = Source.of("Ingress", "micro", "ingress-" + number);
    List<Route> list = new ArrayList<>();
    for (int i = 0; i < routes; i++) {
      list.add(
          new Route(
              new PathMatch.Prefix(path(i)),
              RouteAction.Forward.to(upstream),
              RoutePolicy.DEFAULT,
              upstream.service(),
              upstream.port(),
              source));
    }
    return new VirtualHost(new HostPattern(hostName(number)), list);
  }

  /** The host goes to another Service, and nothing else changes. */
  void moveHost(int number, int routes, int toService) {
    Upstream.Id upstream = upstreams.get(toService).id();
    hosts.set(number, host(number, routes, upstream));
  }

  /** The endpoints of one upstream get another port. */
  void moveEndpoints(int number, int port) {
    endpoints.set(number, endpoints(upstreams.get(number).id(), number, port));
  }

  private static EndpointSet endpoints(Upstream.Id upstream, int number, int port) {
    String net = "10." + (number >> 16 & 0xFF) + "." + (number >> 8 & 0xFF) + ".";
    return new EndpointSet(
        upstream,
        List.of(
            new Endpoint(net + (number & 0xFF), port),
            new Endpoint(net + (number & 0xFF), port + 1)));
  }

  static String hostName(int number) {
    return "shop-" + number + ".team-" + number % 97 + ".example.com";
  }

  /** The path of a host's route. */
  static String path(int number) {
    return number == 0 ? "/" : "/api/v" + number + "/orders";
  }

  List<VirtualHost> hosts() {
    return hosts;
  }

  /** What a translator makes of it all. */
  Publication publication() {
    return new Publication(
        new GatewayConfig(Settings.DEFAULT, hosts, upstreams, tlsHosts), endpoints, keys);
  }
}

package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayConfigTest {
  private static final Source SOURCE = Source.of("Ingress", "ns", "front");
  private static final KeyMaterial KEY = new KeyMaterial("chain", "key");

  @Test
  void itsPartsAreSortedWhateverOrderTheyCameIn() {
    List<VirtualHost> hosts = new ArrayList<>(List.of(host("a.test"), host("b.test"), host("")));
    List<Upstream> upstreams =
        new ArrayList<>(List.of(upstream("b", "a", "1"), upstream("a", "b", "2")));
    Collections.addAll(upstreams, upstream("a", "b", "1"), upstream("a-b", "a", "1"));
    GatewayConfig config = new GatewayConfig(Settings.DEFAULT, hosts, upstreams, List.of());
    assertThat(config.hosts()).containsExactly(host(""), host("a.test"), host("b.test"));
    assertThat(config.upstreams().stream().map(Upstream::id).map(Upstream.Id::toString))
        .containsExactly("a/b:1", "a/b:2", "a-b/a:1", "b/a:1");
    Collections.reverse(hosts);
    Collections.reverse(upstreams);
    assertThat(new GatewayConfig(Settings.DEFAULT, hosts, upstreams, List.of())).isEqualTo(config);
  }

  @Test
  void whatStandsTwiceIsRefusedByName() {
    assertThatThrownBy(() -> config(List.of(host("b.test"), host("a.test"), host("b.test"))))
        .hasMessage("hosts holds 'b.test' twice");
    assertThatThrownBy(() ->
            new GatewayConfig(
                Settings.DEFAULT,
                List.of(),
                List.of(upstream("a", "b", "1"), upstream("a", "b", "1")),
                List.of()))
        .hasMessage("upstreams holds 'a/b:1' twice");
    assertThatThrownBy(() ->
            new GatewayConfig(
                Settings.DEFAULT,
                List.of(),
                List.of(),
                List.of(tls("a.test", "ns/x"), tls("a.test", "ns/y"))))
        .hasMessage("tlsHosts holds 'a.test' twice");
  }

  @Test
  void aRouteToAnUnknownUpstreamIsRefused() {
    RouteAction action = RouteAction.Forward.to(new Upstream.Id("ns", "gone", "80"));
    Route route =
        new Route(new PathMatch.Prefix("/"), action, RoutePolicy.DEFAULT, "gone", "80", SOURCE);
    VirtualHost host = new VirtualHost(new HostPattern("a.test"), List.of(route));
    assertThatThrownBy(() -> config(List.of(host)))
        .hasMessage("hosts: a route of 'a.test' names the unknown upstream ns/gone:80");
  }

  @Test
  void keysAreEqualWhenChainAndKeyAre() {
    assertThat(KEY)
        .isEqualTo(new KeyMaterial("chain", "key"))
        .hasSameHashCodeAs(new KeyMaterial("chain", "key"))
        .isNotEqualTo(new KeyMaterial("chai", "nkey"))
        .isNotEqualTo(new KeyMaterial("chain", "other"))
        .hasToString("KeyMaterial[***]");
  }

  @Test
  void aPublicationWithoutTheKeyOfACertificateIsRefused() {
    GatewayConfig config =
        new GatewayConfig(Settings.DEFAULT, List.of(), List.of(), List.of(tls("a.test", "ns/x")));
    assertThatThrownBy(() ->
            new Publication(config, List.of(), Map.of("ns/x", new KeyMaterial("other", "key"))))
        .hasMessage("keys hold no material for certificate ns/x of host a.test");
    assertThat(new Publication(config, List.of(), Map.of("ns/x", KEY)).keys())
        .containsEntry("ns/x", KEY);
  }

  private static GatewayConfig config(List<VirtualHost> hosts) {
    return new GatewayConfig(Settings.DEFAULT, hosts, List.of(), List.of());
  }

  private static VirtualHost host(String name) {
    return new VirtualHost(new HostPattern(name), List.of());
  }

  private static Upstream upstream(String namespace, String service, String port) {
    return new Upstream(new Upstream.Id(namespace, service, port), new Balancing.RoundRobin());
  }

  private static TlsHost tls(String host, String secret) {
    return new TlsHost(new HostPattern(host), KEY.ref(secret));
  }
}

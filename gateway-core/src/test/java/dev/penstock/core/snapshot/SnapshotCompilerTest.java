package dev.penstock.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.observe.MetricsMode;
import dev.penstock.core.observe.RouteIdentity;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.core.observe.RouteMeters;
import dev.penstock.core.router.Router;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.model.Balancing;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Settings;
import dev.penstock.model.Source;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SnapshotCompilerTest {
  private final RouteMeterTable meters = new RouteMeterTable(1, MetricsMode.NATIVE);
  private final SnapshotCompiler compiler = new SnapshotCompiler(1, meters, () -> Settings.DEFAULT);

  @Test
  void upstreamsLiveAsLongAsTheirNameIsConfigured() {
    var first = compiler.upstreams(config("a", "b"), Map.of());
    var second = compiler.upstreams(config("b", "c"), first);
    assertThat(second)
        .containsOnlyKeys(id("b"), id("c"))
        .containsEntry(id("b"), first.get(id("b")));
    assertThat(compiler.upstreams(config("c", "b"), second)).isSameAs(second);
    assertThat(compiler.upstreams(config("b"), second)).containsOnlyKeys(id("b"));
  }

  @Test
  void everyUpstreamGetsItsEndpointsAndNoneWhereTheyAreMissing() {
    var upstreams = compiler.upstreams(config("a", "b"), Map.of());
    Upstream a = Objects.requireNonNull(upstreams.get(id("a")));
    Upstream b = Objects.requireNonNull(upstreams.get(id("b")));
    SnapshotCompiler.endpoints(upstreams, List.of(endpoints("a", 1, 2), endpoints("b", 3)));
    assertThat(a.endpointCount()).isEqualTo(2);
    assertThat(b.endpointCount()).isEqualTo(1);
    SnapshotCompiler.endpoints(upstreams, List.of(endpoints("a", 1, 2)));
    assertThat(a.endpointCount()).isEqualTo(2);
    assertThat(b.endpointCount()).isZero();
    b.update(endpoints("b", 4));
    assertThat(b.endpointCount()).isEqualTo(1);
  }

  @Test
  void theMetersOfARouteThatLeftOrChangedItsNamesAreGivenBackAndNoOthers() {
    var upstreams = compiler.upstreams(config("a", "b"), Map.of());
    Router<CompiledRoute> first =
        compiler.router(
            config(upstreams, host("x.test", "a"), host("y.test", "a")), upstreams, Router.empty());
    Router<CompiledRoute> second =
        compiler.router(
            config(upstreams, host("x.test", "a"), host("y.test", "b")), upstreams, first);
    compiler.release(first, second);

    List<CompiledRoute> before = compiled(first);
    List<CompiledRoute> now = compiled(second);
    assertThat(now.getFirst()).isSameAs(before.getFirst());
    assertThat(acquired("x.test", "a")).isSameAs(now.getFirst().meters());
    assertThat(acquired("y.test", "b")).isSameAs(now.getLast().meters());
    assertThat(acquired("y.test", "a")).isNotSameAs(before.getLast().meters());
  }

  private RouteMeters acquired(String host, String service) {
    VirtualHost named = host(host, service);
    return meters.acquire(RouteIdentity.of(named.host(), named.routes().getFirst()));
  }

  private static List<CompiledRoute> compiled(Router<CompiledRoute> router) {
    List<CompiledRoute> compiled = new ArrayList<>();
    router.forEach((host, route, each) -> compiled.add(each));
    return compiled;
  }

  private static GatewayConfig config(String... services) {
    return new GatewayConfig(
        Settings.DEFAULT,
        List.of(),
        Stream.of(services).map(SnapshotCompilerTest::upstream).toList(),
        List.of());
  }

  private static GatewayConfig config(
      Map<dev.penstock.model.Upstream.Id, Upstream> upstreams, VirtualHost... hosts) {
    return new GatewayConfig(
        Settings.DEFAULT,
        List.of(hosts),
        upstreams.keySet().stream().map(id -> upstream(id.service())).toList(),
        List.of());
  }

  private static VirtualHost host(String name, String service) {
    Route route =
        new Route(
            new PathMatch.Prefix("/"),
            RouteAction.Forward.to(id(service)),
            RoutePolicy.DEFAULT,
            service,
            "80",
            Source.of("Ingress", "test", "test"));
    return new VirtualHost(new HostPattern(name), List.of(route));
  }

  private static dev.penstock.model.Upstream upstream(String service) {
    return new dev.penstock.model.Upstream(id(service), new Balancing.RoundRobin());
  }

  private static dev.penstock.model.Upstream.Id id(String service) {
    return new dev.penstock.model.Upstream.Id("test", service, "80");
  }

  private static EndpointSet endpoints(String service, Integer... ports) {
    return new EndpointSet(
        id(service), Stream.of(ports).map(port -> new Endpoint("127.0.0.1", port)).toList());
  }
}

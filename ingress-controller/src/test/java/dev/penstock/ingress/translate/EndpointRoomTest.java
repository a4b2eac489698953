package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Balancing;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many endpoints one upstream, and all of a namespace, may have. */
class EndpointRoomTest {
  private static final int MEMBERS_OF_SLICE = 1_000;

  private final Map<ObjectKey, ServiceObject> services = new HashMap<>();
  private final Map<ObjectKey, EndpointSliceObject> slices = new HashMap<>();
  private final List<Upstream> upstreams = new ArrayList<>();
  private final EndpointSets remembering = new EndpointSets();

  /** One Service, and an upstream for each of its ports; sorted if the names come so. */
  private void service(String namespace, String name, int ports, int thousands) {
    service(namespace, name, ports, thousands, List.of());
  }

  private void service(
      String namespace, String name, int ports, int thousands, List<String> clusterIps) {
    ObjectKey key = new ObjectKey(namespace, name);
    Source source = Source.of("Service", namespace, name);
    List<ServiceObject.Port> named =
        IntStream.range(0, ports)
            .mapToObj(i -> new ServiceObject.Port(source, "p" + i, 10 + i, "", "TCP"))
            .toList();
    services.put(
        key,
        new ServiceObject(source, key, Map.of(), "ClusterIP", "", clusterIps, named, List.of()));
    for (int i = 0; i < thousands; i++) slice(key, i, ports, 0);
    for (int i = 0; i < ports; i++) {
      upstreams.add(
          new Upstream(
              new Upstream.Id(namespace, name, Integer.toString(10 + i)),
              new Balancing.RoundRobin()));
    }
  }

  private void slice(ObjectKey service, int number, int ports, int last) {
    slice(
        service, number, ports, i -> "10." + number + "." + i / 200 + "." + (last + i % 200), true);
  }

  private void slice(
      ObjectKey service, int number, int ports, IntFunction<String> address, boolean isReady) {
    ObjectKey key = new ObjectKey(service.namespace(), service.name() + "-" + (100 + number));
    Source source = Source.of("EndpointSlice", key.namespace(), key.name());
    List<EndpointSliceObject.Member> members =
        IntStream.range(0, MEMBERS_OF_SLICE)
            .mapToObj(address)
            .map(a -> new EndpointSliceObject.Member(source, List.of(a), isReady, isReady, false))
            .toList();
    List<EndpointSliceObject.Port> named =
        IntStream.range(0, ports)
            .mapToObj(i -> new EndpointSliceObject.Port("p" + i, 8_000 + i, "TCP"))
            .toList();
    slices.put(key, new EndpointSliceObject(source, key, service.name(), "IPv4", named, members));
  }

  private Translation<List<EndpointSet>> found() {
    ClusterView view =
        new ClusterView(Map.of(), Map.of(), Map.copyOf(services), Map.copyOf(slices), Map.of());
    Translation<List<EndpointSet>> found = remembering.of(view, upstreams, Denied.NOTHING);
    assertThat(found).isEqualTo(new EndpointSets().of(view, upstreams, Denied.NOTHING));
    return found;
  }

  private static List<Integer> sizes(Translation<List<EndpointSet>> found) {
    return found.value().stream().map(set -> set.endpoints().size()).toList();
  }

  @Test
  void oneUpstreamHasAsManyAsItMayAndSaysHowManyMoreThereAre() {
    service("shop", "web", 1, 12);
    Translation<List<EndpointSet>> found = found();

    assertThat(sizes(found)).containsExactly(IngressTranslator.ENDPOINTS_MAX);
    assertThat(found.diagnostics())
        .singleElement()
        .satisfies(told -> {
          assertThat(told.reason()).isEqualTo(Diagnostic.Reason.NO_ROOM);
          assertThat(told.toString())
              .startsWith("Service shop/web: error: spec.ports: port 10 has more endpoints")
              .contains("2000 get no request, beside 10000 that do");
        });
  }

  @Test
  void aNamespaceHasAsManyAsItMayAndNobodyElseHasFewer() {
    service("many", "a", 7, 9);
    service("shop", "web", 1, 9);
    Translation<List<EndpointSet>> found = found();

    assertThat(sizes(found)).containsExactly(9_000, 9_000, 9_000, 9_000, 9_000, 5_000, 0, 9_000);
    assertThat(found.diagnostics())
        .hasSize(2)
        .allMatch(told -> told.source().namespace().equals("many"));
  }

  @Test
  void whatIsRememberedIsWhatWouldBeFoundAsRoomComesAndGoes() {
    service("many", "a", 3, 9);
    service("many", "b", 3, 9);
    assertThat(sizes(found())).containsExactly(9_000, 9_000, 9_000, 9_000, 9_000, 5_000);
    slice(new ObjectKey("many", "b"), 3, 3, 1);
    assertThat(sizes(found())).containsExactly(9_000, 9_000, 9_000, 9_000, 9_000, 5_000);
    slices.remove(new ObjectKey("many", "a-104"));
    assertThat(sizes(found())).containsExactly(8_000, 8_000, 8_000, 9_000, 9_000, 8_000);
    slices.remove(new ObjectKey("many", "b-104"));
    assertThat(found().diagnostics()).isEmpty();
    slice(new ObjectKey("many", "a"), 4, 3, 0);
    slice(new ObjectKey("many", "b"), 4, 3, 0);
    assertThat(sizes(found())).containsExactly(9_000, 9_000, 9_000, 9_000, 9_000, 5_000);
  }

  @Test
  void addressesThatAreRefusedOrNotReadyTakeRoomToo() {
    ObjectKey refused = new ObjectKey("many", "refused");
    ObjectKey notReady = new ObjectKey("many", "unready");
    service("many", "refused", 3, 0, List.of("10.96.0.1"));
    service("many", "unready", 3, 0);
    service("many", "web", 1, 1);
    for (int i = 0; i < 12; i++) {
      slice(refused, i, 3, member -> "10.96.0.1", true);
      slice(notReady, i, 3, member -> "10.0.0.1", false);
    }

    assertThat(sizes(found())).containsExactly(0, 0, 0, 0, 0, 0, 0);
    slices.keySet().removeIf(key -> key.name().startsWith("unready"));
    assertThat(sizes(found())).containsExactly(0, 0, 0, 0, 0, 0, 1_000);
  }
}

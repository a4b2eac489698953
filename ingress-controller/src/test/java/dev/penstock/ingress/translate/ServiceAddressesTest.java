package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Balancing;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceAddressesTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  private static ServiceObject service(String name, List<String> clusterIps) {
    Source source = Source.of("Service", "shop", name);
    return new ServiceObject(
        source,
        new ObjectKey("shop", name),
        Map.of(),
        "ClusterIP",
        "",
        clusterIps,
        List.of(new ServiceObject.Port(source, "p1", 1, "", "TCP")),
        List.of());
  }

  @Test
  void whatTwoServicesHaveIsTakenUntilNoneHasIt() {
    ServiceObject a = service("a", List.of("192.0.2.1"));
    ServiceObject b = service("b", List.of("192.0.2.1"));
    Map<ObjectKey, ServiceObject> both = Map.of(a.key(), a, b.key(), b);
    ServiceAddresses addresses = new ServiceAddresses();

    assertThat(addresses.update(both.keySet(), Map.of(), both)).containsExactly("192.0.2.1");
    assertThat(addresses.update(Set.of(a.key()), both, Map.of(b.key(), b))).isEmpty();
    assertThat(addresses.has("192.0.2.1")).isTrue();
    assertThat(addresses.update(Set.of(b.key()), Map.of(b.key(), b), Map.of()))
        .containsExactly("192.0.2.1");
    assertThat(addresses.has("192.0.2.1")).isFalse();
  }

  @Test
  void whatIsRememberedAsServicesChangeIsWhatWouldBeFound() {
    Random random = new Random(5);
    EndpointSets remembering = new EndpointSets();
    List<Upstream> upstreams =
        NAMES.stream()
            .map(name ->
                new Upstream(new Upstream.Id("shop", name, "1"), new Balancing.RoundRobin()))
            .toList();
    Map<ObjectKey, ServiceObject> services = new HashMap<>();
    NAMES.forEach(name -> put(services, service(name, List.of())));
    Map<ObjectKey, EndpointSliceObject> slices = slices();
    int denials = 0;
    for (int i = 0; i < 300; i++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      put(services, service(name, random.ints(2, 0, 9).mapToObj(n -> "10.0.0." + n).toList()));
      ClusterView view = new ClusterView(Map.of(), Map.of(), services, slices, Map.of());
      Translation<List<EndpointSet>> fresh = new EndpointSets().of(view, upstreams, Denied.NOTHING);
      assertThat(remembering.of(view, upstreams, Denied.NOTHING)).isEqualTo(fresh);
      denials += fresh.diagnostics().size();
    }
    assertThat(denials).isPositive();
  }

  private static void put(Map<ObjectKey, ServiceObject> services, ServiceObject service) {
    services.put(service.key(), service);
  }

  private static Map<ObjectKey, EndpointSliceObject> slices() {
    Map<ObjectKey, EndpointSliceObject> slices = new HashMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      String name = NAMES.get(i);
      Source source = Source.of("EndpointSlice", "shop", name);
      List<String> addresses = Stream.of(2 * i, 2 * i + 1).map(last -> "10.0.0." + last).toList();
      EndpointSliceObject slice =
          new EndpointSliceObject(
              source,
              new ObjectKey("shop", name),
              name,
              "IPv4",
              List.of(new EndpointSliceObject.Port("p1", 1, "TCP")),
              List.of(new EndpointSliceObject.Member(source, addresses, true, true, false)));
      slices.put(slice.key(), slice);
    }
    return slices;
  }
}

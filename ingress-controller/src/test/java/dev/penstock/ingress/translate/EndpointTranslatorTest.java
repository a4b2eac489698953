package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.Yaml.defaultBackend;
import static dev.penstock.ingress.translate.Yaml.ingress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Balancing;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointTranslatorTest {
  private static final String UPSTREAM = "default/web:80";

  @Test
  void slicesOfBothFamiliesAreJoinedByThePortsName() {
    Translated result =
        translated(
            slice("web-1", "IPv4", "http", 8080, "[10.0.0.2], conditions: {ready: true}")
                + slice("web-2", "IPv4", "http", 8081, "[10.0.0.1]", "[10.0.0.3]")
                + slice("web-3", "IPv6", "http", 8080, "[\"fd00::1\"]")
                + slice("web-4", "IPv4", "admin", 9090, "[10.0.0.9]"));

    assertThat(result.endpoints(UPSTREAM))
        .containsExactly("10.0.0.1:8081", "10.0.0.2:8080", "10.0.0.3:8081", "[fd00::1]:8080");
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void aPortNumberIsTheNumberOfAPortWhateverOthersAreCalled() {
    Translated result =
        translated(
            "{name: \"80\", port: 90}, {name: http, port: 80}",
            slice("web-1", "IPv4", "\"80\"", 9090, "[10.0.0.1]")
                + slice("web-2", "IPv4", "http", 8080, "[10.0.0.2]"));

    assertThat(result.endpoints(UPSTREAM)).containsExactly("10.0.0.2:8080");
  }

  @Test
  void anEndpointInTwoSlicesCountsOnceAndAllAddressesAreUsed() {
    Translated result =
        translated(
            slice("web-1", "IPv4", "http", 8080, "[10.0.0.1, 10.0.0.2]")
                + slice("web-2", "IPv4", "http", 8080, "[10.0.0.1]"));

    assertThat(result.endpoints(UPSTREAM)).containsExactly("10.0.0.1:8080", "10.0.0.2:8080");
  }

  @Test
  void endpointsThatAreNotReadyGetNothing() {
    Translated result =
        translated(
            slice(
                "web-1",
                "IPv4",
                "http",
                8080,
                "[10.0.0.1]",
                "[10.0.0.2], conditions: {ready: false}",
                "[10.0.0.3], conditions: {ready: false, serving: true, terminating: true}"));

    assertThat(result.endpoints(UPSTREAM)).containsExactly("10.0.0.1:8080");
  }

  @Test
  void withoutAReadyEndpointThoseThatServeWhileTheyTerminateAreUsed() {
    Translated result =
        translated(
            slice(
                    "web-1",
                    "IPv4",
                    "http",
                    8080,
                    "[10.0.0.1], conditions: {ready: false, serving: false, terminating: true}",
                    "[10.0.0.2], conditions: {ready: false, serving: true, terminating: false}")
                + slice(
                    "web-2",
                    "IPv4",
                    "http",
                    8080,
                    "[10.0.0.3], conditions: {ready: false, serving: true, terminating: true}"));

    assertThat(result.endpoints(UPSTREAM)).containsExactly("10.0.0.3:8080");
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void withoutAnyEndpointTheUpstreamStaysAndSaysWhy() {
    String head = "WARNING Service default/web spec.ports: port 80 ";
    String tail = "; until then its routes answer 503";

    Translated none = translated("");
    assertThat(none.endpoints(UPSTREAM)).isEmpty();
    assertThat(none.routes("")).containsExactly("Prefix / -> default/web:80");
    assertThat(none.complaints())
        .containsExactly(head + "has no EndpointSlice (label kubernetes.io/service-name)" + tail);
    assertThat(
            translated(slice("s", "IPv4", "http", 8080, "[10.0.0.1], conditions: {ready: false}"))
                .complaints())
        .containsExactly(head + "has no ready endpoint (1 not ready)" + tail);
    assertThat(translated(slice("s", "IPv4", "web", 8080, "[10.0.0.1]")).complaints())
        .containsExactly(
            head
                + "has the name 'http', which no port of its EndpointSlices has (theirs: 'web')"
                + tail);
    assertThat(translated(slice("s", "IPv4", "http", 8080)).complaints())
        .containsExactly(head + "has no endpoint in its EndpointSlices" + tail);
  }

  @Test
  void slicesOfNamesAndBadAddressesAreLeftOut() {
    Translated result =
        translated(
            slice("web-1", "FQDN", "http", 8080, "[a.example.com]")
                + slice("web-2", "IPv4", "http", 8080, "[10.0.0.1]", "[0.0.0.0]"));

    assertThat(result.endpoints(UPSTREAM)).containsExactly("10.0.0.1:8080");
    assertThat(result.complaints())
        .containsExactly(
            "WARNING EndpointSlice default/web-1 addressType: 'FQDN' is not served, so this slice is"
                + " left out: endpoints are IPv4 or IPv6 addresses, no name is resolved",
            "ERROR EndpointSlice default/web-2 endpoints[].addresses: '0.0.0.0' is no address of one"
                + " machine; it gets no request");
  }

  @Test
  void slicesOfOtherServicesAndNamespacesDoNotCount() {
    String foreign =
        slice("web-1", "IPv4", "http", 8080, "[10.0.0.1]")
            .replace("name: web-1", "name: web-1, namespace: other");
    String other =
        slice("web-2", "IPv4", "http", 8080, "[10.0.0.2]")
            .replace("service-name: web", "service-name: x");

    assertThat(translated(foreign + other).endpoints(UPSTREAM)).isEmpty();
  }

  @Test
  void objectsOfTheClusterDoNotLeadToLoopbackAndManifestsDo() {
    Source api = Source.of("EndpointSlice", "default", "s");
    Source file = new Source("EndpointSlice", "default", "s", "a.yaml", 1, 1);

    assertThat(endpoints(api, Map.of()).value().endpoints()).isEmpty();
    assertThat(endpoints(file, Map.of()).value().endpoints()).hasSize(1);
  }

  @Test
  void theAnnotationOfTheDirectoryHasNoEffectOnObjectsOfTheCluster() {
    Translation<EndpointSet> result =
        endpoints(
            Source.of("Service", "default", "web"),
            Map.of("penstock.dev/endpoints", "127.0.0.1:1"));

    assertThat(result.value().endpoints()).isEmpty();
    assertThat(result.diagnostics().getFirst().message())
        .isEqualTo(
            "has no effect on a Service of the cluster; its EndpointSlices count: remove it");
  }

  @Test
  void noObjectOfTheClusterLeadsToWhatIsDenied() {
    ObjectKey key = new ObjectKey("shop", "web");
    ClusterView view =
        view(
            key,
            apiSlice(key, "IPv4", 8080, "10.0.0.1", "10.0.0.2"),
            apiSlice(key, "IPv6", 8080, "fd00::1", "FD00:0:0:0:0:0:0:2"));
    Set<Endpoint> denied =
        Set.of(
            new Endpoint("10.0.0.2", 8080),
            new Endpoint("fd00::2", 8080),
            new Endpoint("10.0.0.1", 80));
    Translation<EndpointSet> result = endpoints(view, denied, new Upstream.Id("shop", "web", "80"));

    assertThat(result.value().endpoints())
        .containsExactlyInAnyOrder(new Endpoint("10.0.0.1", 8080), new Endpoint("fd00::1", 8080));
    assertThat(result.diagnostics())
        .hasSize(2)
        .allMatch(found -> found.message().contains("is the API server or the gateway itself"));
  }

  @Test
  void theApiServersAreDeniedWhereTheirOwnSliceSaysTheyAre() {
    ObjectKey key = new ObjectKey("shop", "web");
    ObjectKey own = new ObjectKey("default", "kubernetes");
    Upstream.Id id = new Upstream.Id("shop", "web", "80");
    EndpointSliceObject web = apiSlice(key, "IPv4", 6443, "10.1.0.1", "10.1.0.2");
    ClusterView view = view(key, web, apiSlice(own, own, "IPv4", 6443, "10.1.0.1"));

    assertThat(endpoints(view, Set.of(), id).value().endpoints())
        .containsExactly(new Endpoint("10.1.0.2", 6443));
  }

  @Test
  void whoAddsASliceToTheServiceOfTheApiServersTakesNoAddressFromOthers() {
    ObjectKey key = new ObjectKey("shop", "web");
    ObjectKey added = new ObjectKey("default", "added");
    ObjectKey own = new ObjectKey("default", "kubernetes");
    EndpointSliceObject web = apiSlice(key, "IPv4", 8080, "10.0.0.1");
    ClusterView view = view(key, web, apiSlice(added, own, "IPv4", 8080, "10.0.0.1"));

    assertThat(endpoints(view, Set.of(), new Upstream.Id("shop", "web", "80")).value().endpoints())
        .hasSize(1);
  }

  @Test
  void noObjectOfTheClusterLeadsToTheAddressOfAService() {
    ObjectKey via = new ObjectKey("shop", "via");
    ServiceObject target =
        apiService(new ObjectKey("shop", "tgt"), List.of("10.96.0.7", "fd00:96::7"));
    EndpointSliceObject v4 = apiSlice(via, "IPv4", 8443, "10.96.0.7", "10.0.0.1");
    EndpointSliceObject v6 = apiSlice(via, "IPv6", 80, "FD00:96:0::7", "fd00::1");

    Translation<EndpointSet> result =
        endpoints(
            view(List.of(apiService(via), target), v4, v6),
            Set.of(),
            new Upstream.Id("shop", "via", "80"));

    assertThat(result.value().endpoints())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("10.0.0.1:8443", "[fd00::1]:80");
    assertThat(result.diagnostics())
        .hasSize(2)
        .allMatch(found -> found.message().contains(" is the address of a Service, not of a pod;"));
  }

  @Test
  void noObjectOfTheClusterLeadsToTheGatewaysPortsOnAnyOfItsPods() {
    ObjectKey key = new ObjectKey("shop", "web");
    ObjectKey gateway = new ObjectKey("edge", "penstock");
    EndpointSliceObject web =
        apiSlice(key, "IPv4", 10_254, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    EndpointSliceObject own = notReady(apiSlice(gateway, "IPv4", 80, "10.0.0.1"));
    EndpointSliceObject other = apiSlice(new ObjectKey("edge", "other"), "IPv4", 80, "10.0.0.2");
    EndpointSliceObject elsewhere =
        apiSlice(new ObjectKey("shop", "penstock"), "IPv4", 80, "10.0.0.3");
    Denied denied = new Denied(Set.of(), Optional.of(gateway), Set.of(8080, 10_254), List.of());

    assertThat(
            endpoints(
                    view(key, web, own, other, elsewhere),
                    denied,
                    new Upstream.Id("shop", "web", "80"))
                .value()
                .endpoints())
        .extracting(Endpoint::address)
        .containsExactlyInAnyOrder("10.0.0.2", "10.0.0.3", "10.0.0.4");
  }

  private static EndpointSliceObject notReady(EndpointSliceObject slice) {
    List<EndpointSliceObject.Member> members =
        slice.members().stream()
            .map(member ->
                new EndpointSliceObject.Member(
                    member.source(), member.addresses(), false, false, false))
            .toList();
    return new EndpointSliceObject(
        slice.source(), slice.key(), slice.service(), slice.addressType(), slice.ports(), members);
  }

  @Test
  void noObjectOfTheClusterLeadsIntoABlockThatTheOperatorKeepsToHimself() {
    ObjectKey key = new ObjectKey("shop", "web");
    ClusterView view =
        view(
            key,
            apiSlice(key, "IPv4", 8080, "10.95.255.255", "10.96.0.0", "10.111.255.255"),
            apiSlice(key, "IPv6", 8080, "fd00::1", "fd00::1:0"));
    List<AddressBlock> blocks =
        List.of(AddressBlock.parse("10.96.0.0/12"), AddressBlock.parse("fd00::/112"));

    Translation<EndpointSet> result =
        endpoints(
            view,
            new Denied(Set.of(), Optional.empty(), Set.of(), blocks),
            new Upstream.Id("shop", "web", "80"));

    assertThat(result.value().endpoints())
        .extracting(Endpoint::address)
        .containsExactlyInAnyOrder("10.95.255.255", "fd00::1:0");
    assertThat(result.diagnostics().getFirst().message())
        .isEqualTo(
            "'10.96.0.0' is in 10.96.0.0/12, to which no object of the cluster may lead; it gets no"
                + " request");
  }

  private static ServiceObject apiService(ObjectKey key) {
    return apiService(key, List.of());
  }

  private static ServiceObject apiService(ObjectKey key, List<String> clusterIps) {
    Source source = Source.of("Service", key.namespace(), key.name());
    return new ServiceObject(
        source,
        key,
        Map.of(),
        "ClusterIP",
        "",
        clusterIps,
        List.of(new ServiceObject.Port(source, "http", 80, "", "TCP")),
        List.of());
  }

  private static EndpointSliceObject apiSlice(
      ObjectKey service, String type, int port, String... addresses) {
    String name = service.name() + type + addresses[0].hashCode();
    return apiSlice(new ObjectKey(service.namespace(), name), service, type, port, addresses);
  }

  private static EndpointSliceObject apiSlice(
      ObjectKey key, ObjectKey service, String type, int port, String... addresses) {
    Source source = Source.of("EndpointSlice", key.namespace(), key.name());
    return new EndpointSliceObject(
        source,
        key,
        service.name(),
        type,
        List.of(new EndpointSliceObject.Port("http", port, "TCP")),
        List.of(new EndpointSliceObject.Member(source, List.of(addresses), true, true, false)));
  }

  private static ClusterView view(ObjectKey service, EndpointSliceObject... slices) {
    return view(List.of(apiService(service)), slices);
  }

  private static ClusterView view(List<ServiceObject> services, EndpointSliceObject... slices) {
    Map<ObjectKey, ServiceObject> byKey = new HashMap<>();
    for (ServiceObject service : services) byKey.put(service.key(), service);
    return new ClusterView(Map.of(), Map.of(), byKey, slices(slices), Map.of());
  }

  private static Map<ObjectKey, EndpointSliceObject> slices(EndpointSliceObject... slices) {
    Map<ObjectKey, EndpointSliceObject> byKey = new HashMap<>();
    for (EndpointSliceObject slice : slices) byKey.put(slice.key(), slice);
    return byKey;
  }

  private static Translation<EndpointSet> endpoints(
      Source source, Map<String, String> annotations) {
    ObjectKey key = new ObjectKey("default", "web");
    ServiceObject service =
        new ServiceObject(
            source,
            key,
            annotations,
            "ClusterIP",
            "",
            List.of(),
            List.of(new ServiceObject.Port(source, "http", 80, "", "TCP")),
            List.of());
    EndpointSliceObject slice =
        new EndpointSliceObject(
            source,
            new ObjectKey("default", "s"),
            "web",
            "IPv4",
            List.of(new EndpointSliceObject.Port("http", 8080, "TCP")),
            List.of(
                new EndpointSliceObject.Member(source, List.of("127.0.0.1"), true, true, false)));
    ClusterView view =
        new ClusterView(
            Map.of(), Map.of(), Map.of(key, service), Map.of(slice.key(), slice), Map.of());
    return endpoints(view, Set.of(), new Upstream.Id("default", "web", "80"));
  }

  private static Translation<EndpointSet> endpoints(
      ClusterView view, Set<Endpoint> denied, Upstream.Id id) {
    return endpoints(view, new Denied(denied, Optional.empty(), Set.of(), List.of()), id);
  }

  private static Translation<EndpointSet> endpoints(
      ClusterView view, Denied denied, Upstream.Id id) {
    List<Upstream> upstreams = List.of(new Upstream(id, new Balancing.RoundRobin()));
    Translation<List<EndpointSet>> found = new EndpointSets().of(view, upstreams, denied);
    return new Translation<>(found.value().getFirst(), found.diagnostics());
  }

  private static Translated translated(String slices) {
    return translated("{name: http, port: 80}, {name: admin, port: 90}", slices);
  }

  private static Translated translated(String ports, String slices) {
    return Translated.of(
        """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [%s]}
        """
                .formatted(ports)
            + slices
            + ingress("i", "2024-01-01T00:00:00Z", defaultBackend("web")));
  }

  private static String slice(
      String name, String type, String portName, int port, String... endpoints) {
    StringBuilder members = new StringBuilder();
    for (String endpoint : endpoints) members.append("- {addresses: " + endpoint + "}\n");
    return """
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: %s, labels: {kubernetes.io/service-name: web}}
    addressType: %s
    ports: [{name: %s, port: %d, protocol: TCP}]
    endpoints: %s
    """
        .formatted(name, type, portName, port, endpoints.length == 0 ? "[]" : "\n" + members);
  }
}

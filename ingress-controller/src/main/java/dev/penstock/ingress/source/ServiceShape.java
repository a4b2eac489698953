package dev.penstock.ingress.source;

import dev.penstock.ingress.source.EndpointSliceObject.Member;
import dev.penstock.ingress.source.Fields.Faults;
import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.model.Endpoint;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code v1} Service and {@code discovery.k8s.io/v1} EndpointSlice, fields to records. */
final class ServiceShape {
  /**
   * The directory's own way to name endpoints: {@code 127.0.0.1:3000,[::1]:3001}. From the API it
   * has no effect.
   */
  static final String ENDPOINTS = "penstock.dev/endpoints";

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private ServiceShape() {}

  static ServiceObject service(Fields root, ObjectKey key, Map<String, String> annotations) {
    Fields spec = root.child("spec");
    List<ServiceObject.Port> ports = new ArrayList<>();
    for (Fields port : spec.list("ports")) {
      ports.add(
          new ServiceObject.Port(
              port.source(),
              port.text("name"),
              port.number("port"),
              port.numberOrText("targetPort"),
              orElse(port.text("protocol"), "TCP")));
    }
    return new ServiceObject(
        root.source(),
        key,
        root.source().file().isEmpty() ? kept(annotations) : annotations,
        orElse(spec.text("type"), "ClusterIP"),
        spec.text("externalName"),
        clusterIps(spec),
        ports,
        directEndpoints(root, annotations));
  }

  /** What is kept of a Service that is not served: its cluster IPs, which are no endpoints. */
  static Optional<ServiceObject> addressesOnly(ServiceObject service) {
    return addressesOnly(service.source(), service.key(), service.clusterIps());
  }

  /** The same of one that cannot be read as a whole. */
  static Optional<ServiceObject> broken(Mapping object, Source source) {
    Fields root = Fields.of(new Faults(false), source, object);
    return addressesOnly(source, Metadata.keyOrPlace(root), clusterIps(root.child("spec")));
  }

  private static Optional<ServiceObject> addressesOnly(
      Source source, ObjectKey key, List<String> clusterIps) {
    if (clusterIps.isEmpty()) return Optional.empty();
    return Optional.of(
        new ServiceObject(
            source, key, Map.of(), "ClusterIP", "", clusterIps, List.of(), List.of()));
  }

  /** Of the API's objects: others are nobody's business here, and can be long. */
  private static Map<String, String> kept(Map<String, String> annotations) {
    String endpoints = annotations.get(ENDPOINTS);
    return endpoints == null ? Map.of() : Map.of(ENDPOINTS, endpoints);
  }

  private static List<String> clusterIps(Fields spec) {
    Set<String> addresses = new LinkedHashSet<>(spec.texts("clusterIPs"));
    addresses.add(spec.text("clusterIP"));
    addresses.removeAll(Set.of("", "None"));
    return List.copyOf(addresses);
  }

  static EndpointSliceObject slice(Fields root, ObjectKey key) {
    List<EndpointSliceObject.Port> ports = new ArrayList<>();
    for (Fields port : root.list("ports")) {
      ports.add(
          new EndpointSliceObject.Port(
              port.text("name"), port.number("port"), orElse(port.text("protocol"), "TCP")));
    }
    List<Member> members = new ArrayList<>();
    for (Fields endpoint : root.list("endpoints")) {
      Fields conditions = endpoint.child("conditions");
      boolean ready = conditions.flag("ready", true);
      members.add(
          new Member(
              endpoint.source(),
              endpoint.texts("addresses"),
              ready,
              conditions.flag("serving", ready),
              conditions.flag("terminating", false)));
    }
    Map<String, String> labels = root.child("metadata").textMap("labels");
    return new EndpointSliceObject(
        root.source(),
        key,
        labels.getOrDefault(SERVICE_NAME, ""),
        root.text("addressType"),
        ports,
        members);
  }

  private static List<Endpoint> directEndpoints(Fields root, Map<String, String> annotations) {
    String list = annotations.get(ENDPOINTS);
    boolean isFromApi = root.source().file().isEmpty();
    if (list == null || list.isBlank() || isFromApi) return List.of();
    List<Endpoint> endpoints = new ArrayList<>();
    for (String item : list.split(",", -1)) {
      Endpoint endpoint = endpoint(item.strip());
      if (endpoint == null) {
        root.child("metadata")
            .child("annotations")
            .fault(
                ENDPOINTS,
                Quote.of(item.strip())
                    + " is no endpoint: write address:port, several with commas, as in"
                    + " 127.0.0.1:3000,[::1]:3001 (addresses, not names)");
        return List.of();
      }
      endpoints.add(endpoint);
    }
    return endpoints;
  }

  /** {@code address:port} with an IPv6 address in brackets; null when it is none. */
  private static @Nullable Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) return null;
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port < 1 || port > 65_535) return null;
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    String address = bracketed ? host.substring(1, host.length() - 1) : host;
    if (bracketed ? !IpText.isIpv6(address) : !IpText.isIpv4(address)) return null;
    return new Endpoint(address, port);
  }

  private static String orElse(String text, String whenEmpty) {
    return text.isEmpty() ? whenEmpty : text;
  }
}

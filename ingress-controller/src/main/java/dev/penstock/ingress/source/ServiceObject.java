package dev.penstock.ingress.source;

import dev.penstock.model.Endpoint;
import dev.penstock.model.Source;
import java.util.List;
import java.util.Map;

/**
 * A Service, trimmed to what translation reads.
 *
 * @param type {@code spec.type}; {@code ClusterIP} when absent
 * @param externalName empty when absent
 * @param clusterIps {@code spec.clusterIPs}, or before Kubernetes 1.20 {@code spec.clusterIP},
 *     without {@code None}. The API server gives them, from a block of their own
 * @param directEndpoints endpoints of the annotation {@code penstock.dev/endpoints}, filled by the
 *     directory source alone; when not empty they stand for every port and every EndpointSlice of
 *     this Service is ignored
 */
public record ServiceObject(
    Source source,
    ObjectKey key,
    Map<String, String> annotations,
    String type,
    String externalName,
    List<String> clusterIps,
    List<Port> ports,
    List<Endpoint> directEndpoints) {
  public ServiceObject {
    annotations = Map.copyOf(annotations);
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
    directEndpoints = List.copyOf(directEndpoints);
  }

  /**
   * {@code spec.ports[]}; {@code name} and {@code targetPort} (a number or a name, as text) empty
   * when absent.
   */
  public record Port(Source source, String name, int port, String targetPort, String protocol) {}
}

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
 * @param addresses that the cluster's network leads to this Service
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
    Addresses addresses,
    List<Port> ports,
    List<Endpoint> directEndpoints) {
  public ServiceObject {
    annotations = Map.copyOf(annotations);
    ports = List.copyOf(ports);
    directEndpoints = List.copyOf(directEndpoints);
  }

  /**
   * As they are written; {@code None}, and names of load balancers, are left out.
   *
   * @param cluster {@code spec.clusterIPs}, or before Kubernetes 1.20 {@code spec.clusterIP}
   * @param external {@code spec.externalIPs} and {@code status.loadBalancer.ingress[].ip}
   */
  public record Addresses(List<String> cluster, List<String> external) {
    public static final Addresses NONE = new Addresses(List.of(), List.of());

    public Addresses {
      cluster = List.copyOf(cluster);
      external = List.copyOf(external);
    }
  }

  /**
   * {@code spec.ports[]}; {@code name} and {@code targetPort} (a number or a name, as text) empty
   * when absent.
   */
  public record Port(Source source, String name, int port, String targetPort, String protocol) {}
}

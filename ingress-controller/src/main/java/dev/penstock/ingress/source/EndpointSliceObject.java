package dev.penstock.ingress.source;

import dev.penstock.model.Source;
import java.util.List;

/**
 * A {@code discovery.k8s.io/v1} EndpointSlice, trimmed to what translation reads.
 *
 * @param service the label {@code kubernetes.io/service-name}; empty when absent
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
 */
public record EndpointSliceObject(
    Source source,
    ObjectKey key,
    String service,
    String addressType,
    List<Port> ports,
    List<Member> members) {
  /**
   * The one slice, and the Service, of the API servers, which they write themselves
   * (kube-apiserver's {@code reconcilers.EndpointsAdapter}). Another slice of that Service is
   * somebody else's.
   */
  public static final ObjectKey OF_API_SERVERS = new ObjectKey("default", "kubernetes");

  public EndpointSliceObject {
    ports = List.copyOf(ports);
    members = List.copyOf(members);
  }

  /** The Service that it belongs to; without a name when it has no label. */
  public ObjectKey ofService() {
    return new ObjectKey(key.namespace(), service);
  }

  /** {@code ports[]}; {@code name} empty when absent, {@code port} 0 when absent. */
  public record Port(String name, int port, String protocol) {}

  /**
   * {@code endpoints[]}. Absent conditions are read as the Kubernetes API says: ready = true,
   * serving = ready, terminating = false.
   */
  public record Member(
      Source source, List<String> addresses, boolean ready, boolean serving, boolean terminating) {
    public Member {
      addresses = List.copyOf(addresses);
    }
  }
}

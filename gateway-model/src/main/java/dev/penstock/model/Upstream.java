package dev.penstock.model;

import org.jspecify.annotations.Nullable;

/**
 * A group of equal backends: one port of one Service. Its endpoints travel apart from it ({@link
 * EndpointSet}), because they change far more often.
 *
 * @param id which Service and port
 * @param balancing how an endpoint is chosen
 */
public record Upstream(Id id, Balancing balancing) {

  /**
   * Names an upstream.
   *
   * @param namespace the Service's namespace
   * @param service the Service's name
   * @param port the port as the Ingress names it: a number or a name
   */
  public record Id(String namespace, String service, String port) implements Comparable<Id> {
    public Id {
      Check.notBlank("namespace", namespace);
      Check.notBlank("service", service);
      Check.notBlank("port", port);
    }

    /**
     * {@code namespace-service-port}: the value of ingress-nginx's {@code $proxy_upstream_name}.
     * Not unique.
     */
    public String logName() {
      return namespace + "-" + service + "-" + port;
    }

    // Written out, because every change of anything asks it of every route; what differs most often
    // goes first.
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || other instanceof Id id
              && service.equals(id.service)
              && port.equals(id.port)
              && namespace.equals(id.namespace);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * namespace.hashCode() + service.hashCode()) + port.hashCode();
    }

    @Override
    public int compareTo(Id other) {
      int byNamespace = namespace.compareTo(other.namespace);
      if (byNamespace != 0) return byNamespace;
      int byService = service.compareTo(other.service);
      return byService != 0 ? byService : port.compareTo(other.port);
    }

    /** {@code namespace/service:port}. Unique. */
    @Override
    public String toString() {
      return namespace + "/" + service + ":" + port;
    }
  }
}

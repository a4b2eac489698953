package dev.penstock.ingress.source;

import dev.penstock.model.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code networking.k8s.io/v1} Ingress, trimmed to what translation reads. Shape only: nothing in
 * it is validated beyond its YAML types, absent texts are empty.
 *
 * @param created {@code metadata.creationTimestamp}; {@link Instant#EPOCH} when absent
 * @param className {@code spec.ingressClassName}; null when absent
 * @param defaultBackend null when absent
 */
public record IngressObject(
    Source source,
    ObjectKey key,
    Instant created,
    Map<String, String> annotations,
    @Nullable String className,
    @Nullable Backend defaultBackend,
    List<Tls> tls,
    List<Rule> rules) {
  public IngressObject {
    annotations = Map.copyOf(annotations);
    tls = List.copyOf(tls);
    rules = List.copyOf(rules);
  }

  /** {@code spec.tls[]}; {@code secretName} empty when absent. */
  public record Tls(Source source, List<String> hosts, String secretName) {
    public Tls {
      hosts = List.copyOf(hosts);
    }
  }

  /** {@code spec.rules[]}; {@code host} empty = every host. */
  public record Rule(Source source, String host, List<Path> paths) {
    public Rule {
      paths = List.copyOf(paths);
    }
  }

  /** {@code spec.rules[].http.paths[]}; absent texts are empty. */
  public record Path(Source source, String path, String pathType, @Nullable Backend backend) {}

  /**
   * A backend. Exactly one of service and resource should be there.
   *
   * @param service name; empty when there is none
   * @param portNumber 0 when absent
   * @param portName empty when absent
   * @param resource {@code kind/name} of a resource backend; empty when there is none
   */
  public record Backend(
      Source source, String service, int portNumber, String portName, String resource) {}
}

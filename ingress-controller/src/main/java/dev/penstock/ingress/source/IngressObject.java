package dev.penstock.ingress.source;

import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.model.Source;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code networking.k8s.io/v1} Ingress, trimmed to what translation reads. Shape only: nothing in
 * it is validated beyond its YAML types, absent texts are empty.
 *
 * @param created {@code metadata.creationTimestamp}; {@link Instant#EPOCH} when absent
 * @param className {@code spec.ingressClassName}; null when absent
 * @param defaultBackend null when absent
 * @param broken why it has to be closed though it cannot be read as a whole; empty for all that
 *     can. Of what is broken nothing may be served, and what is missing may have been there
 */
public record IngressObject(
    Source source,
    ObjectKey key,
    Instant created,
    WrittenAnnotations annotations,
    @Nullable String className,
    @Nullable Backend defaultBackend,
    List<Tls> tls,
    List<Rule> rules,
    String broken) {
  public IngressObject {
    tls = List.copyOf(tls);
    rules = List.copyOf(rules);
  }

  /** The same, but closed for this reason. */
  public IngressObject broken(String why) {
    return new IngressObject(
        source, key, created, annotations, className, defaultBackend, tls, rules, why);
  }

  /** The same, but created at another time. */
  public IngressObject createdAt(Instant time) {
    return new IngressObject(
        source, key, time, annotations, className, defaultBackend, tls, rules, broken);
  }

  /** The same under a name that no other object has: its place. */
  IngressObject namedByPlace() {
    ObjectKey place = new ObjectKey(key.namespace(), source.place());
    return new IngressObject(
        source, place, created, annotations, className, defaultBackend, tls, rules, broken);
  }

  /** The same as if no path could be read. */
  public IngressObject hostsOnly() {
    List<Rule> hosts = rules.stream().map(r -> new Rule(r.source, r.host, List.of())).toList();
    return new IngressObject(
        source, key, created, annotations, className, defaultBackend, List.of(), hosts, broken);
  }

  /** Whether it cannot be read as a whole. */
  public boolean isBroken() {
    return !broken.isEmpty();
  }

  /** {@code spec.tls[]}; {@code secretName} empty when absent. */
  public record Tls(Source source, List<String> hosts, String secretName) {
    public Tls {
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * {@code spec.rules[]}.
   *
   * @param host empty = every host; null = it cannot be read, of a broken Ingress only
   */
  public record Rule(Source source, @Nullable String host, List<Path> paths) {
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

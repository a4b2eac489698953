package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import java.util.Optional;
import java.util.Set;

/**
 * Which objects are read.
 *
 * @param namespaces one set of watches for each; empty = one set for the whole cluster
 * @param namespaceSelector labels that a namespace must have, as in {@code team=web,env!=test};
 *     empty = any; only where {@code namespaces} is empty
 * @param secrets how they are read
 * @param configMaps by their names, whatever the namespaces above
 * @param gateway the Service of the gateway itself, whose EndpointSlices are read whatever the
 *     namespaces above
 * @param judgesOnly who asks serves nothing: neither Secrets nor EndpointSlices are read, and the
 *     service account need not be allowed to
 */
public record KubernetesScope(
    Set<String> namespaces,
    String namespaceSelector,
    SecretsMode secrets,
    Set<ObjectKey> configMaps,
    Optional<ObjectKey> gateway,
    boolean judgesOnly) {
  /** Each costs five connections to the API server. */
  public static final int NAMESPACES_MAX = 50;

  /** How Secrets are read; what the service account must be allowed to read follows from it. */
  public enum SecretsMode {
    /** All of type {@code kubernetes.io/tls} by one watch, others that are referenced by name. */
    TLS,
    /** Only those that are referenced, by name: for Roles with {@code resourceNames}. */
    REFERENCED
  }

  public KubernetesScope {
    namespaces = Set.copyOf(namespaces);
    configMaps = Set.copyOf(configMaps);
    if (!namespaces.isEmpty() && !namespaceSelector.isEmpty()) {
      throw new IllegalArgumentException("namespaces and namespaceSelector exclude each other");
    }
    if (namespaces.size() > NAMESPACES_MAX) {
      throw new IllegalArgumentException(
          "namespaces: at most " + NAMESPACES_MAX + ", were " + namespaces.size());
    }
  }

  /** Of who serves what it reads. */
  public KubernetesScope(
      Set<String> namespaces,
      String namespaceSelector,
      SecretsMode secrets,
      Set<ObjectKey> configMaps,
      Optional<ObjectKey> gateway) {
    this(namespaces, namespaceSelector, secrets, configMaps, gateway, false);
  }

  /** Without a Service of its own. */
  public KubernetesScope(
      Set<String> namespaces,
      String namespaceSelector,
      SecretsMode secrets,
      Set<ObjectKey> configMaps) {
    this(namespaces, namespaceSelector, secrets, configMaps, Optional.empty());
  }

  /** Without ConfigMaps. */
  public KubernetesScope(Set<String> namespaces, String namespaceSelector, SecretsMode secrets) {
    this(namespaces, namespaceSelector, secrets, Set.of());
  }

  /** The same for who only judges. */
  public KubernetesScope judging() {
    return new KubernetesScope(
        namespaces, namespaceSelector, secrets, configMaps, Optional.empty(), true);
  }

  /** The whole cluster. */
  public static final KubernetesScope CLUSTER = new KubernetesScope(Set.of(), "", SecretsMode.TLS);

  boolean isWholeCluster() {
    return namespaces.isEmpty();
  }

  /** Whether the slices of the gateway's Service are in the namespaces that are not read. */
  boolean isGatewayElsewhere() {
    return gateway.isPresent()
        && !isWholeCluster()
        && !namespaces.contains(gateway.get().namespace());
  }

  /** Whether a slice counts whatever the labels of its namespace. */
  boolean isAlwaysRead(ObjectKey slice) {
    return slice.equals(EndpointSliceObject.OF_API_SERVERS)
        || gateway.isPresent() && gateway.get().namespace().equals(slice.namespace());
  }

  /** Whether an object says where nobody may lead to. */
  boolean isNeverGivenUp(ApiObject<?> object) {
    return object.value() instanceof EndpointSliceObject slice
        && (slice.key().equals(EndpointSliceObject.OF_API_SERVERS)
            || gateway.isPresent() && slice.ofService().equals(gateway.get()));
  }

  boolean isReadByName(ObjectKey secret) {
    return !judgesOnly && (namespaces.isEmpty() || namespaces.contains(secret.namespace()));
  }
}

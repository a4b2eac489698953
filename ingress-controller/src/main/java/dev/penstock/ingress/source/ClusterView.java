package dev.penstock.ingress.source;

import java.util.Map;

/** All objects at one moment, immutable; maps by key. What a translator reads, and nothing else. */
public record ClusterView(
    Map<ObjectKey, IngressObject> ingresses,
    Map<String, IngressClassObject> classes,
    Map<ObjectKey, ServiceObject> services,
    Map<ObjectKey, EndpointSliceObject> slices,
    Map<ObjectKey, SecretObject> secrets) {
  public ClusterView {
    ingresses = Map.copyOf(ingresses);
    classes = Map.copyOf(classes);
    services = Map.copyOf(services);
    slices = Map.copyOf(slices);
    secrets = Map.copyOf(secrets);
  }

  public static final ClusterView EMPTY =
      new ClusterView(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
}

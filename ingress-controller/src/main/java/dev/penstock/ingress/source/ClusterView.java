package dev.penstock.ingress.source;

import dev.penstock.model.FrozenMap;
import java.util.Map;
import java.util.Set;

/**
 * All objects at one moment, immutable; maps by key. What a translator reads, and nothing else.
 *
 * @param configMaps those that say how the gateway works, and no other
 * @param unread files, and directories, that cannot be read and of whose objects nothing is known;
 *     empty for what comes from the API
 * @param absent Secrets that are named and not known for another reason than that there are none
 */
public record ClusterView(
    Map<ObjectKey, IngressObject> ingresses,
    Map<String, IngressClassObject> classes,
    Map<ObjectKey, ServiceObject> services,
    Map<ObjectKey, EndpointSliceObject> slices,
    Map<ObjectKey, SecretObject> secrets,
    Map<ObjectKey, ConfigMapObject> configMaps,
    Set<String> unread,
    Map<ObjectKey, Absence> absent) {
  /** Secrets that are read by their names, a watch and a connection each. */
  public static final int NAMED_SECRETS_MAX = 200;

  public ClusterView {
    ingresses = FrozenMap.copyOf(ingresses);
    classes = FrozenMap.copyOf(classes);
    services = FrozenMap.copyOf(services);
    slices = FrozenMap.copyOf(slices);
    secrets = FrozenMap.copyOf(secrets);
    configMaps = FrozenMap.copyOf(configMaps);
    unread = Set.copyOf(unread);
    absent = FrozenMap.copyOf(absent);
  }

  /** Of a source that could read everything, without ConfigMaps. */
  public ClusterView(
      Map<ObjectKey, IngressObject> ingresses,
      Map<String, IngressClassObject> classes,
      Map<ObjectKey, ServiceObject> services,
      Map<ObjectKey, EndpointSliceObject> slices,
      Map<ObjectKey, SecretObject> secrets) {
    this(ingresses, classes, services, slices, secrets, Map.of(), Set.of(), Map.of());
  }

  /** The same objects, beside files that could not be read. */
  ClusterView without(Set<String> files) {
    return new ClusterView(
        ingresses, classes, services, slices, secrets, configMaps, files, absent);
  }

  boolean holdsNothing() {
    return without(Set.of()).equals(EMPTY);
  }

  public static final ClusterView EMPTY =
      new ClusterView(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
}

package dev.penstock.ingress.source;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which ConfigMaps are read: those that say how the gateway works.
 *
 * @param settings with ingress-nginx's keys
 * @param tcpServices external TCP ports and where they lead
 * @param udpServices external UDP ports and where they lead
 */
public record ConfigMapNames(
    Optional<ObjectKey> settings,
    Optional<ObjectKey> tcpServices,
    Optional<ObjectKey> udpServices) {
  public static final ConfigMapNames NONE =
      new ConfigMapNames(Optional.empty(), Optional.empty(), Optional.empty());

  /** All of them. */
  public Set<ObjectKey> all() {
    return Stream.of(settings, tcpServices, udpServices)
        .flatMap(Optional::stream)
        .collect(Collectors.toUnmodifiableSet());
  }
}

package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.model.Endpoint;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a translation depends on besides the objects.
 *
 * @param configMaps those of the controller, which say how the gateway works
 * @param classes which Ingresses are served
 * @param denied endpoints that no object of the cluster may lead to: the gateway's own ports, and
 *     the API server
 * @param hasTenants whether namespaces belong to different people, as in a cluster: what cannot be
 *     read in one then closes nothing of another
 * @param now against which certificates are judged
 */
public record TranslationOptions(
    ConfigMapNames configMaps,
    ClassSelection classes,
    Set<Endpoint> denied,
    boolean hasTenants,
    Instant now) {
  public TranslationOptions {
    denied = Set.copyOf(denied);
  }

  /** Every Ingress of a directory, or those of one class. */
  public static TranslationOptions standalone(
      ConfigMapNames configMaps, Optional<String> ingressClass, Instant now) {
    ClassSelection classes =
        ingressClass.isEmpty()
            ? new ClassSelection.All()
            : new ClassSelection.Named(ingressClass.get());
    return new TranslationOptions(configMaps, classes, Set.of(), false, now);
  }
}

package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ConfigMapNames;
import java.time.Instant;
import java.util.Optional;

/**
 * What a translation depends on besides the objects.
 *
 * @param configMaps those of the controller, which say how the gateway works
 * @param classes which Ingresses are served
 * @param hasTenants whether namespaces belong to different people, as in a cluster: what cannot be
 *     read in one then closes nothing of another
 * @param now against which certificates are judged
 */
public record TranslationOptions(
    ConfigMapNames configMaps,
    ClassSelection classes,
    Denied denied,
    boolean hasTenants,
    Instant now) {
  /** Every Ingress of a directory, or those of one class. */
  public static TranslationOptions standalone(
      ConfigMapNames configMaps, Optional<String> ingressClass, Instant now) {
    ClassSelection classes =
        ingressClass.isEmpty()
            ? new ClassSelection.All()
            : new ClassSelection.Named(ingressClass.get());
    return new TranslationOptions(configMaps, classes, Denied.NOTHING, false, now);
  }
}

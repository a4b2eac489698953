package dev.penstock.ingress.translate;

import dev.penstock.model.Endpoint;
import dev.penstock.model.Settings;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a translation depends on besides the objects.
 *
 * @param settings go into the configuration as they are
 * @param classes which Ingresses are served
 * @param denied endpoints that no object of the cluster may lead to: the gateway's own ports, and
 *     the API server
 * @param now against which certificates are judged
 */
public record TranslationOptions(
    Settings settings, ClassSelection classes, Set<Endpoint> denied, Instant now) {
  public TranslationOptions {
    denied = Set.copyOf(denied);
  }

  /** Every Ingress of a directory, or those of one class. */
  public static TranslationOptions standalone(
      Settings settings, Optional<String> ingressClass, Instant now) {
    ClassSelection classes =
        ingressClass.isEmpty()
            ? new ClassSelection.All()
            : new ClassSelection.Named(ingressClass.get());
    return new TranslationOptions(settings, classes, Set.of(), now);
  }
}

package dev.penstock.ingress.translate;

import dev.penstock.model.Settings;
import java.time.Instant;
import java.util.Optional;

/**
 * What a translation depends on besides the objects.
 *
 * @param settings go into the configuration as they are
 * @param ingressClass only Ingresses of the class with this name are served; empty = no such filter
 * @param controllerClass only Ingresses whose class names this {@code spec.controller} are served;
 *     empty = no such filter. With neither filter every Ingress is served (standalone)
 * @param now against which certificates are judged
 */
public record TranslationOptions(
    Settings settings,
    Optional<String> ingressClass,
    Optional<String> controllerClass,
    Instant now) {

  /** Every Ingress of a directory, or those of one class. */
  public static TranslationOptions standalone(
      Settings settings, Optional<String> ingressClass, Instant now) {
    return new TranslationOptions(settings, ingressClass, Optional.empty(), now);
  }
}

package dev.penstock.ingress.source;

import dev.penstock.model.Source;
import org.jspecify.annotations.Nullable;

/**
 * A {@code networking.k8s.io/v1} IngressClass.
 *
 * @param controller {@code spec.controller}
 * @param defaultMark where the annotation {@code ingressclass.kubernetes.io/is-default-class} is
 *     {@code "true"}; null when it is not
 * @param parameters where {@code spec.parameters} is; null when there is none
 */
public record IngressClassObject(
    Source source,
    String name,
    String controller,
    @Nullable Source defaultMark,
    @Nullable Source parameters) {
  /** Whether Ingresses that name no class belong to it. */
  public boolean isDefault() {
    return defaultMark != null;
  }
}

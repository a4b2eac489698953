package dev.penstock.ingress.source;

import dev.penstock.model.Source;

/**
 * A {@code networking.k8s.io/v1} IngressClass.
 *
 * @param controller {@code spec.controller}
 * @param isDefault the annotation {@code ingressclass.kubernetes.io/is-default-class} is {@code
 *     "true"}
 */
public record IngressClassObject(
    Source source, String name, String controller, boolean isDefault) {}

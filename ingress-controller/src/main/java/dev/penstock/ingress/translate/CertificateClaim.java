package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.HostPattern;
import dev.penstock.model.Source;

/**
 * One host of {@code spec.tls[]} with the Secret that holds its certificate.
 *
 * @param secret its name is empty when the entry names none: the default certificate is served
 * @param field the field that names the Secret
 * @param index position among the claims of the same Ingress
 */
record CertificateClaim(
    Author author, HostPattern host, ObjectKey secret, Source source, String field, int index) {
  boolean hasSecret() {
    return !secret.name().isEmpty();
  }
}

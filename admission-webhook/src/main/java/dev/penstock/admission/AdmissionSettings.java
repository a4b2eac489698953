package dev.penstock.admission;

import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.translate.ClassSelection;
import java.util.Set;

/**
 * What the answers depend on besides the objects: the same flags as the controller's.
 *
 * @param configMaps those of the controller
 * @param classes which Ingresses it serves; others are allowed without a word
 * @param namespaces those that it reads; empty = all
 * @param conflictsAreDenied whether an Ingress is denied that takes a host and path of another one,
 *     or that another one has; else it gets a warning
 */
public record AdmissionSettings(
    ConfigMapNames configMaps,
    ClassSelection classes,
    Set<String> namespaces,
    boolean conflictsAreDenied) {
  public AdmissionSettings {
    namespaces = Set.copyOf(namespaces);
  }

  boolean reads(String namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }
}

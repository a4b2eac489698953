package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.text.Quote;
import dev.penstock.model.Diagnostic;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which Ingresses are ours. An Ingress names its class by the old annotation, which wins where both
 * are present (as in ingress-nginx), or by {@code spec.ingressClassName}; one that names none
 * belongs to the default class. What is not ours is not looked at: no diagnostic, no traffic.
 */
final class IngressClasses {
  /** Deprecated by Kubernetes, still honoured. */
  static final String OLD_ANNOTATION = "kubernetes.io/ingress.class";

  private final Map<String, IngressClassObject> classes;
  private final TranslationOptions options;

  IngressClasses(Map<String, IngressClassObject> classes, TranslationOptions options) {
    this.classes = classes;
    this.options = options;
  }

  boolean isOurs(IngressObject ingress) {
    if (options.ingressClass().isEmpty() && options.controllerClass().isEmpty()) return true;
    String named = ingress.annotations().values().get(OLD_ANNOTATION);
    if (named == null) named = ingress.className();
    if (named == null || named.isEmpty()) {
      if (ingress.isBroken()) return true; // its class may be what cannot be read
      return classes.values().stream().anyMatch(c -> c.isDefault() && isOurs(c.name()));
    }
    return isOurs(named);
  }

  private boolean isOurs(String className) {
    if (options.ingressClass().isPresent() && !options.ingressClass().get().equals(className)) {
      return false;
    }
    if (options.controllerClass().isEmpty()) return true;
    IngressClassObject known = classes.get(className);
    return known != null && known.controller().equals(options.controllerClass().get());
  }

  /** Several default classes: an Ingress without a class then belongs to each of them. */
  List<Diagnostic> diagnostics() {
    List<IngressClassObject> defaults =
        classes.values().stream()
            .filter(IngressClassObject::isDefault)
            .sorted(Comparator.comparing(IngressClassObject::name))
            .toList();
    if (defaults.size() < 2 || defaults.stream().noneMatch(c -> isOurs(c.name()))) return List.of();
    String names = defaults.stream().map(c -> Quote.of(c.name())).collect(Collectors.joining(", "));
    return defaults.stream()
        .map(c ->
            Diagnostic.warning(
                c.defaultMark() == null ? c.source() : c.defaultMark(),
                "metadata.annotations[ingressclass.kubernetes.io/is-default-class]",
                "several classes are marked as the default ("
                    + names
                    + "), so that an Ingress without a class belongs to each of them; leave"
                    + " the mark on one"))
        .toList();
  }
}

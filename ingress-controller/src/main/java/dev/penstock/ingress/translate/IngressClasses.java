package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.text.Quote;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which Ingresses are ours. An Ingress names its class by {@code spec.ingressClassName} or by the
 * old annotation. Of a directory, where nobody refuses both together, the annotation wins, and an
 * Ingress that names none belongs to the default class. What is not ours is not looked at: no
 * diagnostic, no traffic.
 */
final class IngressClasses {
  /** Deprecated by Kubernetes, still honoured. */
  static final String OLD_ANNOTATION = "kubernetes.io/ingress.class";

  private final Map<String, IngressClassObject> classes;
  private final ClassSelection selection;

  IngressClasses(Map<String, IngressClassObject> classes, ClassSelection selection) {
    this.classes = classes;
    this.selection = selection;
  }

  boolean isOurs(IngressObject ingress) {
    return switch (selection) {
      case ClassSelection.All ignored -> true;
      case ClassSelection.Named named -> isOurs(ingress, named);
      case ClassSelection.Controller controller -> isOurs(ingress, controller);
    };
  }

  private boolean isOurs(IngressObject ingress, ClassSelection.Named selected) {
    String named = ingress.annotations().values().get(OLD_ANNOTATION);
    if (named == null) named = ingress.className();
    if (named == null || named.isEmpty()) {
      if (ingress.isBroken()) return true; // its class may be what cannot be read
      return classes.values().stream().anyMatch(c -> c.isDefault() && isOurs(c.name()));
    }
    return named.equals(selected.ingressClass());
  }

  /**
   * As ingress-nginx's {@code GetIngressClass}. A default class plays no part: the API server
   * writes it into new Ingresses.
   */
  private boolean isOurs(IngressObject ingress, ClassSelection.Controller selected) {
    if (ingress.className() != null) return isOurs(ingress.className());
    String old = ingress.annotations().values().get(OLD_ANNOTATION);
    if (old != null) return old.isEmpty() || old.equals(selected.ingressClass());
    return selected.withoutClass();
  }

  private boolean isOurs(String className) {
    return switch (selection) {
      case ClassSelection.All ignored -> true;
      case ClassSelection.Named named -> named.ingressClass().equals(className);
      case ClassSelection.Controller controller -> {
        IngressClassObject known = classes.get(className);
        boolean isByController =
            known != null && known.controller().equals(controller.controllerClass());
        yield isByController || controller.byName() && className.equals(controller.ingressClass());
      }
    };
  }

  /** Several default classes: an Ingress without a class then belongs to each of them. */
  List<Diagnostic> diagnostics() {
    if (selection instanceof ClassSelection.Controller) return List.of(); // the API server says it
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

package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
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

  /** What is wrong with our classes, and with what others have in common with them. */
  List<Diagnostic> diagnostics() {
    List<IngressClassObject> byName =
        classes.values().stream().sorted(Comparator.comparing(IngressClassObject::name)).toList();
    List<Diagnostic> found = new ArrayList<>();
    for (IngressClassObject each : byName) {
      if (each.parameters() == null || !isOurs(each.name())) continue;
      found.add(
          Diagnostic.warning(
              each.parameters(),
              "spec.parameters",
              "has no effect, and the Ingresses of the class are served without it: what holds for"
                  + " all of them is read from the ConfigMap of --configmap; remove it"));
    }
    List<IngressClassObject> defaults =
        byName.stream().filter(IngressClassObject::isDefault).toList();
    if (defaults.size() < 2 || defaults.stream().noneMatch(c -> isOurs(c.name()))) return found;
    String names = defaults.stream().map(c -> Quote.of(c.name())).collect(Collectors.joining(", "));
    for (IngressClassObject each : defaults) {
      found.add(
          Diagnostic.warning(
              each.defaultMark() == null ? each.source() : each.defaultMark(),
              "metadata.annotations[ingressclass.kubernetes.io/is-default-class]",
              "several classes are marked as the default ("
                  + names
                  + "), so that "
                  + whoseWithoutClass()
                  + "; leave the mark on one"));
    }
    return found;
  }

  /** In a cluster by the API server's admission plugin {@code DefaultIngressClass}. */
  private String whoseWithoutClass() {
    return selection instanceof ClassSelection.Controller
        ? "the API server gives an Ingress without a class to the newest of them, or, before"
            + " Kubernetes 1.26, refuses it"
        : "an Ingress without a class belongs to each of them";
  }
}

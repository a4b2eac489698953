package dev.penstock.core.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;

/**
 * Labels that every {@code nginx_ingress_controller_} series carries; an empty one is left out.
 *
 * @param namespace {@code controller_namespace}
 * @param controllerClass {@code controller_class}
 * @param pod {@code controller_pod}
 */
public record ControllerLabels(String namespace, String controllerClass, String pod) {
  Labels labels() {
    List<String> known = new ArrayList<>(6);
    addUnlessEmpty(known, "controller_namespace", namespace);
    addUnlessEmpty(known, "controller_class", controllerClass);
    addUnlessEmpty(known, "controller_pod", pod);
    return Labels.of(known.toArray(String[]::new));
  }

  private static void addUnlessEmpty(List<String> labels, String name, String value) {
    if (!value.isEmpty()) labels.addAll(List.of(name, value));
  }

  /** Outside a cluster there is nothing to say. */
  public static ControllerLabels none() {
    return new ControllerLabels("", "", "");
  }
}

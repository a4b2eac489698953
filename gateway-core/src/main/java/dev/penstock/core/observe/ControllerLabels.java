package dev.penstock.core.observe;

/**
 * Labels that every {@code nginx_ingress_controller_} series carries; an empty one is left out.
 *
 * @param namespace {@code controller_namespace}
 * @param controllerClass {@code controller_class}
 * @param pod {@code controller_pod}
 */
public record ControllerLabels(String namespace, String controllerClass, String pod) {
  /** Outside a cluster there is nothing to say. */
  public static ControllerLabels none() {
    return new ControllerLabels("", "", "");
  }
}

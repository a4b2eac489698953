package dev.penstock.ingress.translate;

/** Which Ingresses are served, by their class. */
public sealed interface ClassSelection {
  /** Whatever their class (standalone). */
  record All() implements ClassSelection {}

  /** Those that name this class, in one of the two ways or by default (standalone). */
  record Named(String ingressClass) implements ClassSelection {}

  /**
   * Those of a controller in a cluster, with the meaning that ingress-nginx gives its flags.
   *
   * @param ingressClass what the old annotation holds ({@code --ingress-class})
   * @param controllerClass what {@code spec.controller} of a served IngressClass holds ({@code
   *     --controller-class})
   * @param byName the IngressClass with the name {@code ingressClass} is served whatever its
   *     controller ({@code --ingress-class-by-name})
   * @param withoutClass an Ingress that names no class is served ({@code
   *     --watch-ingress-without-class})
   */
  record Controller(
      String ingressClass, String controllerClass, boolean byName, boolean withoutClass)
      implements ClassSelection {}
}

package dev.penstock.core.observe;

/** Under which names the routes' meters are shown. */
public enum MetricsMode {
  /** {@code penstock_…} and {@code nginx_ingress_controller_…}. */
  BOTH,
  /** {@code penstock_…} only. */
  NATIVE,
  /** {@code nginx_ingress_controller_…} in their place, for dashboards made for ingress-nginx. */
  INGRESS_NGINX;

  boolean nativeNames() {
    return this != INGRESS_NGINX;
  }

  boolean ingressNginxNames() {
    return this != NATIVE;
  }
}

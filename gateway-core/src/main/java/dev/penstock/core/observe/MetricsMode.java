package dev.penstock.core.observe;

/** Under which names the routes' meters are shown. */
public enum MetricsMode {
  /** {@code penstock_…} only. */
  NATIVE(1, 17),
  /** {@code nginx_ingress_controller_…} only, for dashboards made for ingress-nginx. */
  INGRESS_NGINX(15, 0),
  /** Both. */
  BOTH(16, 17);

  /** Series that each pair of status and method of a route makes. */
  final int seriesPerPair;

  /** Series that a route makes however many pairs it has. */
  final int seriesPerRoute;

  MetricsMode(int seriesPerPair, int seriesPerRoute) {
    this.seriesPerPair = seriesPerPair;
    this.seriesPerRoute = seriesPerRoute;
  }

  boolean nativeNames() {
    return this != INGRESS_NGINX;
  }

  boolean ingressNginxNames() {
    return this != NATIVE;
  }
}

package dev.penstock.app;

/** Questions to the webhook, and what they are about. */
final class Reviews {
  private Reviews() {}

  /** An AdmissionReview about an Ingress that is to be created. */
  static String review(String ingress) {
    return """
    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",
     "kind":{"group":"networking.k8s.io","version":"v1","kind":"Ingress"},"operation":"CREATE",
     "object":%s}}\
    """
        .formatted(ingress);
  }

  /**
   * @param paths JSON, separated by commas
   */
  static String ingress(String name, String host, String paths) {
    return """
    {"apiVersion":"networking.k8s.io/v1","kind":"Ingress",
     "metadata":{"name":"%s","namespace":"shop","creationTimestamp":"2026-01-31T12:00:00Z"},
     "spec":{"ingressClassName":"penstock","rules":[{"host":"%s","http":{"paths":[%s]}}]}}
    """
        .formatted(name, host, paths);
  }

  static String path(String path, String service) {
    return """
    {"path":"%s","pathType":"Prefix","backend":{"service":{"name":"%s","port":{"number":80}}}}\
    """
        .formatted(path, service);
  }
}

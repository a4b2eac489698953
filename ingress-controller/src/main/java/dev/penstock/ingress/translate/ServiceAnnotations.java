package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Diagnostic;
import java.util.List;

/** What is said of a Service's annotations. */
public final class ServiceAnnotations {
  /** Filled in by a directory source; without effect on objects from the API. */
  private static final String ENDPOINTS = "penstock.dev/endpoints";

  private ServiceAnnotations() {}

  /** Without repetition, whoever routes to it. */
  public static List<Diagnostic> judge(ServiceObject service) {
    boolean isFromApi = service.source().file().isEmpty();
    if (!isFromApi || !service.annotations().containsKey(ENDPOINTS)) return List.of();
    return List.of(
        Diagnostic.warning(
            service.source(),
            "metadata.annotations[" + ENDPOINTS + "]",
            "has no effect on a Service of the cluster; its EndpointSlices count: remove it"));
  }
}

package dev.penstock.configmap;

import dev.penstock.model.RoutePolicy;
import java.time.Duration;
import java.util.List;

/**
 * What a route has when its Ingress says nothing: the defaults of annotations.
 *
 * @param sslRedirect http goes to https where the host has TLS
 * @param forceSslRedirect http goes to https everywhere
 * @param keepTrailingSlash in the redirect to https
 * @param hsts Strict-Transport-Security where the host has TLS
 * @param requestBodyBytesMax 0 = no bound
 * @param tries endpoints tried for a request, 1–{@link RoutePolicy#TRIES_MAX}
 * @param closedBy keys that limit who may ask and are not in force: where any is left, the route
 *     answers 503
 */
public record RouteDefaults(
    boolean sslRedirect,
    boolean forceSslRedirect,
    boolean keepTrailingSlash,
    boolean hsts,
    long requestBodyBytesMax,
    Duration connectTimeout,
    Duration readTimeout,
    Duration sendTimeout,
    int tries,
    List<String> closedBy) {
  /** That which an Ingress can leave by an annotation. */
  public static final String GLOBAL_AUTH = "global-auth-url";

  public RouteDefaults {
    closedBy = List.copyOf(closedBy);
  }

  /** Without a ConfigMap. */
  public static final RouteDefaults DEFAULT =
      new RouteDefaults(
          true,
          false,
          false,
          true,
          RoutePolicy.DEFAULT.requestBodyBytesMax(),
          RoutePolicy.DEFAULT.connectTimeout(),
          RoutePolicy.DEFAULT.readTimeout(),
          RoutePolicy.DEFAULT.sendTimeout(),
          RoutePolicy.DEFAULT.tries(),
          List.of());
}

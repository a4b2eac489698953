package dev.penstock.model;

import java.time.Duration;

/**
 * What a route does besides forwarding.
 *
 * @param httpsRedirect when a request on the plain listener is sent to https
 * @param hsts add Strict-Transport-Security (as {@link Settings#hsts()} says) to answers on TLS
 *     connections
 * @param requestBodyBytesMax bytes of request body, else 413; 0 = no bound
 * @param connectTimeout to connect to an endpoint, else the next one or 504
 * @param readTimeout between two reads from an endpoint, else 504
 * @param sendTimeout between two writes to an endpoint, else 504
 * @param tries endpoints tried for a request, the first included; 1 = no retry
 */
public record RoutePolicy(
    HttpsRedirect httpsRedirect,
    boolean hsts,
    long requestBodyBytesMax,
    Duration connectTimeout,
    Duration readTimeout,
    Duration sendTimeout,
    int tries) {

  /** Source: ingress-nginx {@code ssl-redirect}, {@code preserve-trailing-slash}. */
  public enum HttpsRedirect {
    OFF,
    /** As ingress-nginx by default: a trailing slash of the path is dropped. */
    DROP_TRAILING_SLASH,
    KEEP_TRAILING_SLASH
  }

  /** Endpoints tried for one request, at most. */
  public static final int TRIES_MAX = 10;

  public RoutePolicy {
    Check.notNegative("requestBodyBytesMax", requestBodyBytesMax);
    Check.positive("connectTimeout", connectTimeout);
    Check.positive("readTimeout", readTimeout);
    Check.positive("sendTimeout", sendTimeout);
    Check.inRange("tries", tries, 1, TRIES_MAX);
  }

  /** The defaults, without redirect and HSTS. */
  public static final RoutePolicy DEFAULT =
      new RoutePolicy(
          HttpsRedirect.OFF,
          false,
          1L << 30, // 1 GiB; bodies are streamed, so this guards backends, not the gateway
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          3); // ingress-nginx proxy-next-upstream-tries
}

package dev.penstock.ingress.annotation;

import dev.penstock.model.RoutePolicy;
import dev.penstock.model.RoutePolicy.HttpsRedirect;
import java.time.Duration;

/**
 * What the annotations of one Ingress ask for, typed and checked.
 *
 * @param redirect when http goes to https
 * @param hsts Strict-Transport-Security where the host has TLS
 * @param requestBodyBytesMax 0 = no bound
 * @param tries endpoints tried for one request, 1–{@link RoutePolicy#TRIES_MAX}
 * @param regexPaths the paths are regular expressions
 * @param isSetAside the whole Ingress is left out; never where its routes are denied
 * @param denied why its routes answer 503; empty = they are served
 * @param closed why everybody's routes do, unless their Ingress says otherwise; empty = they do not
 */
public record IngressOptions(
    Redirect redirect,
    boolean hsts,
    long requestBodyBytesMax,
    Duration connectTimeout,
    Duration readTimeout,
    Duration sendTimeout,
    int tries,
    boolean regexPaths,
    boolean isSetAside,
    String denied,
    String closed) {

  /**
   * When http goes to https.
   *
   * @param withTls where the host has TLS
   * @param always even where it has none
   * @param keepTrailingSlash as the client sent it
   */
  public record Redirect(boolean withTls, boolean always, boolean keepTrailingSlash) {}

  /** Characters of why, which is kept with each route. */
  private static final int DENIED_CHARS_MAX = 200;

  public IngressOptions {
    if (denied.length() > DENIED_CHARS_MAX) denied = denied.substring(0, DENIED_CHARS_MAX) + "…";
  }

  /** The same, with routes that are denied for this reason. */
  public IngressOptions denying(String reason) {
    return new IngressOptions(
        redirect,
        hsts,
        requestBodyBytesMax,
        connectTimeout,
        readTimeout,
        sendTimeout,
        tries,
        regexPaths,
        false,
        reason,
        closed);
  }

  /**
   * The policy of a route.
   *
   * @param hostHasTls whether an Ingress lists the host under {@code spec.tls}
   */
  public RoutePolicy policy(boolean hostHasTls) {
    HttpsRedirect https = HttpsRedirect.OFF;
    if (redirect.always || redirect.withTls && hostHasTls) {
      https =
          redirect.keepTrailingSlash
              ? HttpsRedirect.KEEP_TRAILING_SLASH
              : HttpsRedirect.DROP_TRAILING_SLASH;
    }
    return new RoutePolicy(
        https,
        hsts && hostHasTls,
        requestBodyBytesMax,
        connectTimeout,
        readTimeout,
        sendTimeout,
        tries);
  }
}

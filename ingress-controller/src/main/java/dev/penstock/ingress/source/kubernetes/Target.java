package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * What one loop follows.
 *
 * @param namespace empty = all
 * @param selector one parameter of the query that limits the objects, such as {@code
 *     fieldSelector=type=kubernetes.io/tls}; empty = none
 */
record Target<T>(ApiKind<T> kind, String namespace, String selector) {
  private static final int PAGE_OBJECTS_MAX = 500;

  /** Of the largest size, a megabyte in base64, they are 90 MB to the server that sends them. */
  private static final int SECRETS_OF_PAGE_MAX = 64;

  /** One object by its name. */
  static <T> Target<T> named(ApiKind<T> kind, String namespace, String name) {
    return new Target<>(kind, namespace, "fieldSelector=metadata.name=" + name);
  }

  /** The EndpointSlices of one Service. */
  static Target<EndpointSliceObject> slicesOf(ObjectKey service) {
    return new Target<>(
        ApiKind.ENDPOINT_SLICE,
        service.namespace(),
        "labelSelector=kubernetes.io/service-name=" + service.name());
  }

  /** Whether it may have objects of this namespace. */
  boolean holds(String of) {
    return namespace.isEmpty() || namespace.equals(of);
  }

  /** Objects of a page at most; Secrets are often many and can be large. */
  int pageObjectsMax() {
    return kind.name().equals("Secret") ? SECRETS_OF_PAGE_MAX : PAGE_OBJECTS_MAX;
  }

  /**
   * @param next where the last page ended; empty for the first page
   */
  String listPath(int objectsMax, String next) {
    String path = kind.path(namespace) + "?limit=" + objectsMax + encodedSelector();
    return next.isEmpty() ? path : path + "&continue=" + encoded(next);
  }

  /**
   * @param version from where on
   * @param seconds after which the server is to end the watch
   */
  String watchPath(String version, int seconds) {
    return kind.path(namespace)
        + "?watch=1&allowWatchBookmarks=true&resourceVersion="
        + encoded(version)
        + "&timeoutSeconds="
        + seconds
        + encodedSelector();
  }

  private String encodedSelector() {
    if (selector.isEmpty()) return "";
    int equals = selector.indexOf('=');
    return "&" + selector.substring(0, equals + 1) + encoded(selector.substring(equals + 1));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** For messages. */
  @Override
  public String toString() {
    String what = selector.isEmpty() ? kind.plural() : kind.plural() + " with " + selector;
    return namespace.isEmpty() ? what : what + " in namespace " + namespace;
  }
}

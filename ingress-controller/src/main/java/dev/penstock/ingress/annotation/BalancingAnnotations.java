package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import java.util.List;
import java.util.Set;

/** Which endpoint of a Service gets a request: session affinity, hashing, algorithms. */
final class BalancingAnnotations {
  private BalancingAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "affinity",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "keeps a client on its endpoint by a cookie"),
          new Detail(
              "affinity-mode",
              Risk.MEDIUM,
              List.of("affinity"),
              "says what happens to clients when endpoints change"),
          new Detail("session-cookie-name", Risk.MEDIUM, List.of("affinity"), "names the cookie"),
          new Detail(
              "session-cookie-path", Risk.MEDIUM, List.of("affinity"), "sets the cookie's path"),
          new Detail(
              "session-cookie-domain",
              Risk.MEDIUM,
              List.of("affinity"),
              "sets the cookie's domain"),
          new Detail(
              "session-cookie-expires",
              Risk.MEDIUM,
              List.of("affinity"),
              "sets when the cookie expires"),
          new Detail(
              "session-cookie-max-age",
              Risk.MEDIUM,
              List.of("affinity"),
              "sets how long the cookie lives"),
          new Detail(
              "session-cookie-samesite",
              Risk.LOW,
              List.of("affinity"),
              "sets the cookie's SameSite"),
          new Detail(
              "session-cookie-conditional-samesite-none",
              Risk.LOW,
              List.of("affinity"),
              "leaves SameSite=None out for browsers that mistake it"),
          new Detail(
              "session-cookie-secure", Risk.LOW, List.of("affinity"), "marks the cookie Secure"),
          new Detail(
              "session-cookie-change-on-failure",
              Risk.LOW,
              List.of("affinity"),
              "chooses another endpoint after a failure"),
          new Pending(
              "load-balance",
              Risk.LOW,
              Set.of("round_robin"),
              Meanwhile.WARN,
              "chooses another algorithm than round robin"),
          new Pending(
              "upstream-hash-by",
              Risk.HIGH,
              Annotation.NEVER,
              Meanwhile.WARN,
              "chooses the endpoint by a hash over parts of the request"),
          new Detail(
              "upstream-hash-by-subset",
              Risk.LOW,
              List.of("upstream-hash-by"),
              "hashes to a subset of the endpoints"),
          new Detail(
              "upstream-hash-by-subset-size",
              Risk.LOW,
              List.of("upstream-hash-by"),
              "sets the size of the subset"));
}

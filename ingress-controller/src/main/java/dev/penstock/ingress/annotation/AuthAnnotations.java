package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import dev.penstock.ingress.annotation.Annotation.Raw;
import java.util.List;

/** Who may ask: passwords, an external authority, client certificates. */
final class AuthAnnotations {
  private AuthAnnotations() {}

  static final String GLOBAL = "enable-global-auth";

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "auth-type", Risk.LOW, Annotation.NEVER, Meanwhile.DENY, "asks for a password"),
          new Pending(
              "auth-secret",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "names the Secret with the users who may ask"),
          new Detail(
              "auth-secret-type",
              Risk.LOW,
              List.of("auth-type", "auth-secret"),
              "says how the Secret lists its users"),
          new Detail(
              "auth-realm",
              Risk.MEDIUM,
              List.of("auth-type", "auth-secret"),
              "sets the text that is shown with the question for a password"),
          new Detail(
              "satisfy",
              Risk.LOW,
              List.of(
                  "auth-type",
                  "auth-secret",
                  "auth-url",
                  "allowlist-source-range",
                  "whitelist-source-range",
                  "denylist-source-range"),
              "says whether one protection is enough or all are needed"),
          new Pending(
              "auth-url",
              Risk.HIGH,
              Annotation.NEVER,
              Meanwhile.DENY,
              "asks another service whether a request may pass"),
          new Detail(
              "auth-method", Risk.LOW, List.of("auth-url"), "sets the method of the question"),
          new Detail(
              "auth-signin",
              Risk.HIGH,
              List.of("auth-url"),
              "sends clients that may not pass to a sign-in page"),
          new Detail(
              "auth-signin-redirect-param",
              Risk.MEDIUM,
              List.of("auth-url"),
              "names the parameter with the original URL"),
          new Detail(
              "auth-response-headers",
              Risk.MEDIUM,
              List.of("auth-url"),
              "copies headers of the answer into the request"),
          new Detail(
              "auth-proxy-set-headers",
              Risk.MEDIUM,
              List.of("auth-url"),
              "adds headers to the question"),
          new Detail(
              "auth-request-redirect",
              Risk.MEDIUM,
              List.of("auth-url"),
              "sets where to return after the sign-in"),
          new Detail(
              "auth-cache-key",
              Risk.MEDIUM,
              List.of("auth-url"),
              "remembers answers under this key"),
          new Detail(
              "auth-cache-duration",
              Risk.MEDIUM,
              List.of("auth-url"),
              "sets how long answers are remembered"),
          new Detail(
              "auth-always-set-cookie",
              Risk.LOW,
              List.of("auth-url"),
              "passes cookies of the answer on whatever its status"),
          new Detail(
              "auth-keepalive",
              Risk.LOW,
              List.of("auth-url"),
              "keeps connections to the other service"),
          new Detail(
              "auth-keepalive-share-vars",
              Risk.LOW,
              List.of("auth-url"),
              "asks under the same request id"),
          new Detail(
              "auth-keepalive-requests",
              Risk.LOW,
              List.of("auth-url"),
              "bounds the questions over one connection"),
          new Detail(
              "auth-keepalive-timeout",
              Risk.LOW,
              List.of("auth-url"),
              "bounds the idle time of a connection"),
          new Pending(
              GLOBAL,
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.DENY,
              "relies on the external authority of the whole gateway"),
          new Raw("auth-snippet", "holds raw configuration of nginx"),
          new Pending(
              "auth-tls-secret",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "asks clients for a certificate"),
          new Pending(
              "auth-tls-verify-client",
              Risk.MEDIUM,
              Annotation.OFF,
              Meanwhile.DENY,
              "asks clients for a certificate"),
          new Detail(
              "auth-tls-verify-depth",
              Risk.LOW,
              List.of("auth-tls-secret", "auth-tls-verify-client"),
              "bounds the length of client chains"),
          new Detail(
              "auth-tls-error-page",
              Risk.HIGH,
              List.of("auth-tls-secret", "auth-tls-verify-client"),
              "sends clients without a good certificate to a page"),
          new Detail(
              "auth-tls-pass-certificate-to-upstream",
              Risk.LOW,
              List.of("auth-tls-secret", "auth-tls-verify-client"),
              "shows the backend the client's certificate"),
          new Pending(
              "auth-tls-match-cn",
              Risk.HIGH,
              Annotation.NEVER,
              Meanwhile.DENY,
              "lets only certificates with this name pass"));
}

package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import java.util.List;
import java.util.Set;

/** Where a request goes and under which name and path. */
final class RoutingAnnotations {
  private RoutingAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "rewrite-target",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "rewrites the path before the backend sees it, and makes every path of the host a regular expression"),
          new Pending(
              "use-regex",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.DENY,
              "makes every path of the host a regular expression"),
          new Pending(
              "app-root",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.WARN,
              "redirects requests for exactly / to another path"),
          new Pending(
              "server-alias",
              Risk.HIGH,
              Annotation.NEVER,
              Meanwhile.WARN,
              "serves the same rules under further host names"),
          new Pending(
              "upstream-vhost",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.DENY,
              "replaces the Host that the backend sees"),
          new Detail(
              "x-forwarded-prefix",
              Risk.MEDIUM,
              List.of("rewrite-target"),
              "tells the backend which prefix was cut off"),
          new Pending(
              "service-upstream",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.WARN,
              "sends to the Service's own address instead of to its endpoints"),
          new Pending(
              "backend-protocol",
              Risk.LOW,
              Set.of("http"),
              Meanwhile.DENY,
              "speaks another protocol than HTTP/1.1 in clear text to the backend"),
          new Pending(
              "default-backend",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "names a Service that answers when the rule's own has no endpoint"),
          new Pending(
              "custom-http-errors",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "lets the default backend answer in place of the listed error statuses"),
          new Detail(
              "disable-proxy-intercept-errors",
              Risk.LOW,
              List.of("custom-http-errors"),
              "passes error answers of the backend on unchanged"),
          new Pending(
              "mirror-target",
              Risk.HIGH,
              Annotation.NEVER,
              Meanwhile.WARN,
              "sends a copy of each request to another URL"),
          new Detail(
              "mirror-request-body",
              Risk.LOW,
              List.of("mirror-target"),
              "sends the body with the copy, too"),
          new Detail(
              "mirror-host", Risk.HIGH, List.of("mirror-target"), "sets the Host of the copy"));
}

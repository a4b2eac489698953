package dev.penstock.ingress.annotation;

import dev.penstock.configmap.RouteDefaults;
import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import dev.penstock.ingress.annotation.Annotation.Setting;
import java.util.List;

/** Redirects, to https and elsewhere. */
final class RedirectAnnotations {
  private RedirectAnnotations() {}

  static final Setting<Boolean> SSL_REDIRECT =
      new Setting<>(
          "ssl-redirect",
          Risk.LOW,
          RouteDefaults::sslRedirect,
          Value.BOOL,
          "redirects http to https where the host has TLS");

  static final Setting<Boolean> FORCE_SSL_REDIRECT =
      new Setting<>(
          "force-ssl-redirect",
          Risk.MEDIUM,
          RouteDefaults::forceSslRedirect,
          Value.BOOL,
          "redirects http to https even where the host has no TLS");

  static final Setting<Boolean> PRESERVE_TRAILING_SLASH =
      new Setting<>(
          "preserve-trailing-slash",
          Risk.MEDIUM,
          RouteDefaults::keepTrailingSlash,
          Value.BOOL,
          "keeps the trailing slash of the path in the redirect to https");

  static final List<Annotation> ALL =
      List.of(
          SSL_REDIRECT,
          FORCE_SSL_REDIRECT,
          PRESERVE_TRAILING_SLASH,
          new Pending(
              "use-port-in-redirects",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.WARN,
              "puts the https port into redirects"),
          new Pending(
              "relative-redirects",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.WARN,
              "sends redirects without scheme and host"),
          new Pending(
              "permanent-redirect",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "answers with a permanent redirect instead of asking the backend"),
          new Detail(
              "permanent-redirect-code",
              Risk.LOW,
              List.of("permanent-redirect"),
              "sets the status of the permanent redirect"),
          new Pending(
              "temporal-redirect",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "answers with a temporary redirect instead of asking the backend"),
          new Detail(
              "temporal-redirect-code",
              Risk.LOW,
              List.of("temporal-redirect"),
              "sets the status of the temporary redirect"),
          new Pending(
              "from-to-www-redirect",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.WARN,
              "redirects between the host with and without www."));
}

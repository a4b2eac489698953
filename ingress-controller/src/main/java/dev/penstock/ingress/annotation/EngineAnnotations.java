package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import dev.penstock.ingress.annotation.Annotation.Raw;
import java.util.List;

/** Headers from a ConfigMap, optional engines, and raw text of other languages. */
final class EngineAnnotations {
  private EngineAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "custom-headers",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "adds the headers of a ConfigMap to answers, which must be allowed for the whole gateway first"),
          new Pending(
              "enable-modsecurity",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.DENY,
              "lets a web application firewall judge requests"),
          new Pending(
              "enable-owasp-core-rules",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.DENY,
              "lets the OWASP rules judge requests"),
          new Detail(
              "modsecurity-transaction-id",
              Risk.HIGH,
              List.of("enable-modsecurity"),
              "sets the firewall's transaction id"),
          new Raw("modsecurity-snippet", "holds raw rules of ModSecurity"),
          new Detail(
              "fastcgi-index",
              Risk.MEDIUM,
              List.of("backend-protocol"),
              "sets the index file of FastCGI"),
          new Detail(
              "fastcgi-params-configmap",
              Risk.MEDIUM,
              List.of("backend-protocol"),
              "sets the parameters of FastCGI"),
          new Raw("configuration-snippet", "holds raw configuration of nginx"),
          new Raw("server-snippet", "holds raw configuration of nginx"),
          new Raw("stream-snippet", "holds raw configuration of nginx"));
}

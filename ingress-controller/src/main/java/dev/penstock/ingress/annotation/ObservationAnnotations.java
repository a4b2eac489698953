package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import java.util.List;

/** Logs, traces, and what nginx once did for browsers. */
final class ObservationAnnotations {
  private ObservationAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "enable-access-log",
              Risk.LOW,
              Annotation.TRUE,
              Meanwhile.WARN,
              "switches the access log off"),
          new Pending(
              "enable-rewrite-log",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.NOTE,
              "writes nginx's rewrite notices"),
          new Pending(
              "enable-opentelemetry",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.WARN,
              "switches tracing on"),
          new Detail(
              "opentelemetry-trust-incoming-span",
              Risk.LOW,
              List.of("enable-opentelemetry"),
              "continues the client's trace"),
          new Detail(
              "opentelemetry-operation-name",
              Risk.MEDIUM,
              List.of("enable-opentelemetry"),
              "names the span"),
          new Pending(
              "http2-push-preload",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.NOTE,
              "pushes preloads over HTTP/2, which browsers have given up"));
}

package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import java.util.List;

/** Cross-origin requests of browsers. */
final class CorsAnnotations {
  private CorsAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "enable-cors",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.WARN,
              "answers preflights and adds the headers that let pages of other origins read answers"),
          new Detail("cors-allow-origin", Risk.MEDIUM, List.of("enable-cors"), "lists the origins"),
          new Detail(
              "cors-allow-methods", Risk.MEDIUM, List.of("enable-cors"), "lists the methods"),
          new Detail(
              "cors-allow-headers",
              Risk.MEDIUM,
              List.of("enable-cors"),
              "lists the request headers"),
          new Detail(
              "cors-expose-headers",
              Risk.MEDIUM,
              List.of("enable-cors"),
              "lists the answer headers that pages may read"),
          new Detail(
              "cors-allow-credentials",
              Risk.LOW,
              List.of("enable-cors"),
              "allows cookies and passwords"),
          new Detail(
              "cors-max-age",
              Risk.LOW,
              List.of("enable-cors"),
              "sets how long browsers remember a preflight"));
}

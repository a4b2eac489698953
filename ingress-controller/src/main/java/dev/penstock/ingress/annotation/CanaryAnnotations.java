package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import java.util.List;

/** A second Ingress that takes a share of the requests of the first. */
final class CanaryAnnotations {
  private CanaryAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "canary",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.SET_ASIDE,
              "makes this Ingress an alternative for the host and paths of another one"),
          new Detail(
              "canary-by-header", Risk.MEDIUM, List.of("canary"), "chooses by a request header"),
          new Detail(
              "canary-by-header-value",
              Risk.MEDIUM,
              List.of("canary"),
              "sets the header value that chooses the canary"),
          new Detail(
              "canary-by-header-pattern",
              Risk.MEDIUM,
              List.of("canary"),
              "chooses by a pattern of the header value"),
          new Detail("canary-by-cookie", Risk.MEDIUM, List.of("canary"), "chooses by a cookie"),
          new Detail("canary-weight", Risk.LOW, List.of("canary"), "sets the share of the canary"),
          new Detail(
              "canary-weight-total",
              Risk.LOW,
              List.of("canary"),
              "sets what the share is measured against"),
          new Detail(
              "affinity-canary-behavior",
              Risk.LOW,
              List.of("canary", "affinity"),
              "keeps a client on the side it was on"));
}

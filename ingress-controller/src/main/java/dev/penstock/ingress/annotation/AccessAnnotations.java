package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import java.util.List;

/** Who may ask by address, and how often. */
final class AccessAnnotations {
  private AccessAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "allowlist-source-range",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "lets only clients with these addresses ask"),
          new Pending(
              "whitelist-source-range",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "lets only clients with these addresses ask"),
          new Pending(
              "denylist-source-range",
              Risk.MEDIUM,
              Annotation.NEVER,
              Meanwhile.DENY,
              "keeps clients with these addresses out"),
          new Pending(
              "limit-connections",
              Risk.LOW,
              Annotation.ZERO,
              Meanwhile.DENY,
              "bounds the connections of one client"),
          new Pending(
              "limit-rps",
              Risk.LOW,
              Annotation.ZERO,
              Meanwhile.DENY,
              "bounds the requests of one client in a second"),
          new Pending(
              "limit-rpm",
              Risk.LOW,
              Annotation.ZERO,
              Meanwhile.DENY,
              "bounds the requests of one client in a minute"),
          new Detail(
              "limit-burst-multiplier",
              Risk.LOW,
              List.of("limit-rps", "limit-rpm"),
              "sets how far a client may run ahead"),
          new Pending(
              "limit-rate",
              Risk.LOW,
              Annotation.ZERO,
              Meanwhile.WARN,
              "bounds the bytes of one answer in a second"),
          new Detail(
              "limit-rate-after",
              Risk.LOW,
              List.of("limit-rate"),
              "sets after how many bytes the bound begins"),
          new Detail(
              "limit-allowlist",
              Risk.LOW,
              List.of("limit-connections", "limit-rps", "limit-rpm"),
              "exempts clients with these addresses from the limits"),
          new Detail(
              "limit-whitelist",
              Risk.LOW,
              List.of("limit-connections", "limit-rps", "limit-rpm"),
              "exempts clients with these addresses from the limits"));
}

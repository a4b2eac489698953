package dev.penstock.ingress.annotation;

import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import java.util.List;

/** TLS towards clients and towards backends. */
final class TlsAnnotations {
  private TlsAnnotations() {}

  static final List<Annotation> ALL =
      List.of(
          new Pending(
              "ssl-ciphers",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "sets the ciphers that clients may use"),
          new Pending(
              "ssl-prefer-server-ciphers",
              Risk.LOW,
              Annotation.NEVER,
              Meanwhile.WARN,
              "lets the gateway's order of ciphers decide"),
          new Pending(
              "ssl-passthrough",
              Risk.LOW,
              Annotation.FALSE,
              Meanwhile.DENY,
              "hands the TLS connection to the backend unopened"),
          new Detail(
              "proxy-ssl-secret",
              Risk.MEDIUM,
              List.of("backend-protocol"),
              "shows the backend a certificate, and verifies the backend's"),
          new Detail(
              "proxy-ssl-verify",
              Risk.LOW,
              List.of("backend-protocol"),
              "verifies the backend's certificate"),
          new Detail(
              "proxy-ssl-verify-depth",
              Risk.LOW,
              List.of("backend-protocol"),
              "bounds the length of the backend's chain"),
          new Detail(
              "proxy-ssl-name",
              Risk.HIGH,
              List.of("backend-protocol"),
              "sets the name that the backend's certificate must hold"),
          new Detail(
              "proxy-ssl-server-name",
              Risk.LOW,
              List.of("backend-protocol"),
              "tells the backend the name by SNI"),
          new Detail(
              "proxy-ssl-protocols",
              Risk.LOW,
              List.of("backend-protocol"),
              "sets the TLS versions towards the backend"),
          new Detail(
              "proxy-ssl-ciphers",
              Risk.MEDIUM,
              List.of("backend-protocol"),
              "sets the ciphers towards the backend"));
}

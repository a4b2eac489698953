package dev.penstock.configmap;

import java.util.List;

/** Who the client is, and what the backend is told of it. */
final class ClientAddressKeys {
  private ClientAddressKeys() {}

  static final List<Key> ALL =
      List.of(
          new Key.Waiting(
              "use-forwarded-headers",
              Syntax.BOOL,
              "false",
              "trusts X-Forwarded-* of whoever asks and passes them on"),
          new Key.Waiting(
              "forwarded-for-header",
              Syntax.FIELD_NAME,
              "X-Forwarded-For",
              "names the header that carries the client's address"),
          new Key.Waiting(
              "forwarded-host-header",
              Syntax.FIELD_NAME,
              "X-Forwarded-Host",
              "names the header that carries the host as the client sent it"),
          new Key.Waiting(
              "forwarded-for-proxy-protocol-header",
              Syntax.FIELD_NAME,
              "X-Forwarded-For-Proxy-Protocol",
              "names the header between PROXY protocol and X-Forwarded-For"),
          new Key.Waiting(
              "compute-full-forwarded-for",
              Syntax.BOOL,
              "false",
              "appends to X-Forwarded-For instead of replacing it"),
          new Key.Waiting(
              "enable-real-ip", Syntax.BOOL, "false", "takes the client's address from a header"),
          new Key.Waiting(
              "proxy-real-ip-cidr",
              Syntax.CIDRS,
              "0.0.0.0/0",
              "names the load balancers in front that are trusted"),
          new Key.Waiting(
              "use-proxy-protocol",
              Syntax.BOOL,
              "false",
              "expects the PROXY protocol on the listeners"),
          new Key.Waiting(
              "proxy-protocol-header-timeout",
              Syntax.DURATION,
              "5s",
              "bounds the time for the PROXY protocol's header"),
          new Key.Waiting(
              "proxy-add-original-uri-header",
              Syntax.BOOL,
              "false",
              "tells the backend the original URI in X-Original-Uri"),
          new Key.Waiting(
              "generate-request-id",
              Syntax.BOOL,
              "true",
              "makes an X-Request-ID where a request has none"),
          new Key.Waiting(
              "enable-underscores-in-headers",
              Syntax.BOOL,
              "false",
              "accepts header names with an underscore"),
          new Key.Waiting(
              "ignore-invalid-headers",
              Syntax.BOOL,
              "true",
              "drops headers with an invalid name instead of refusing the request"));
}

package dev.penstock.configmap;

import java.util.List;

/** Who the client is, and what the backend is told of it. */
final class ClientAddressKeys {
  private ClientAddressKeys() {}

  /** A list without an element: what is no list of proxies must not make everybody one. */
  private static final String NOBODY = ",";

  static final List<Key> ALL =
      List.of(
          new Key.Acting<>(
              "use-forwarded-headers",
              Syntax.BOOL,
              "false",
              Draft::believesForwarded,
              "believes X-Forwarded-* of a peer in proxy-real-ip-cidr and passes them on"),
          new Key.Acting<>(
              "forwarded-for-header",
              Syntax.FIELD_NAME,
              "X-Forwarded-For",
              Draft::addressField,
              "names the header that such a peer tells the client's address in"),
          new Key.Acting<>(
              "forwarded-host-header",
              Syntax.FIELD_NAME,
              "X-Forwarded-Host",
              Draft::hostField,
              "names the header that such a peer tells the client's host in"),
          new Key.Meaningless(
              "forwarded-for-proxy-protocol-header",
              "names a header that passes from one part of nginx to another"),
          new Key.Acting<>(
              "compute-full-forwarded-for",
              Syntax.BOOL,
              "false",
              Draft::fullChain,
              "with use-forwarded-headers: sends every address of the header on in X-Forwarded-For, then the peer's, and not the client's alone"),
          new Key.Acting<>(
              "enable-real-ip",
              Syntax.BOOL,
              "false",
              Draft::believesAddress,
              "believes such a peer the client's address, and nothing else of X-Forwarded-*"),
          new Key.Acting<>(
              "proxy-real-ip-cidr",
              Syntax.CIDRS,
              "0.0.0.0/0",
              Draft::trusted,
              NOBODY,
              "names the load balancers in front that are believed; the default is every IPv4 address, no IPv6 one"),
          new Key.Acting<>(
              "use-proxy-protocol",
              Syntax.BOOL,
              "false",
              Draft::proxyProtocol,
              "expects a header of the PROXY protocol, version 1 or 2, at the beginning of every connection to http and https, and believes it of a peer in proxy-real-ip-cidr"),
          new Key.Acting<>(
              "proxy-protocol-header-timeout",
              Syntax.DURATION_POSITIVE,
              "5s",
              Draft::proxyHeaderTime,
              "bounds the time from the accepted connection to the end of that header"),
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

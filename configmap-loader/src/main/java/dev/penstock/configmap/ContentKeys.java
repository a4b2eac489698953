package dev.penstock.configmap;

import java.util.List;

/** Compression, and engines that look into content. */
final class ContentKeys {
  private ContentKeys() {}

  private static final String TYPES =
      String.join(
          " ",
          "application/atom+xml",
          "application/javascript",
          "application/x-javascript",
          "application/json",
          "application/rss+xml",
          "application/vnd.ms-fontobject",
          "application/x-font-ttf",
          "application/x-web-app-manifest+json",
          "application/xhtml+xml",
          "application/xml",
          "font/opentype",
          "image/svg+xml",
          "image/x-icon",
          "text/css",
          "text/javascript",
          "text/plain",
          "text/x-component");

  static final List<Key> ALL =
      List.of(
          new Key.Waiting("use-gzip", Syntax.BOOL, "false", "compresses answers by gzip"),
          new Key.Waiting("gzip-level", Syntax.number(1, 9), "1", "sets how hard gzip tries"),
          new Key.Waiting(
              "gzip-min-length",
              Syntax.COUNT,
              "256",
              "sets the least length that gzip compresses, in bytes"),
          new Key.Waiting(
              "gzip-types",
              Syntax.LINE,
              TYPES,
              "names the types that gzip compresses besides text/html"),
          new Key.Waiting("gzip-disable", Syntax.LINE, "", "names User-Agents that get no gzip"),
          new Key.Waiting("enable-brotli", Syntax.BOOL, "false", "compresses answers by brotli"),
          new Key.Waiting("brotli-level", Syntax.number(0, 11), "4", "sets how hard brotli tries"),
          new Key.Waiting(
              "brotli-min-length",
              Syntax.COUNT,
              "20",
              "sets the least length that brotli compresses, in bytes"),
          new Key.Waiting(
              "brotli-types",
              Syntax.LINE,
              "application/xml+rss " + TYPES,
              "names the types that brotli compresses"),
          new Key.Closing(
              "enable-modsecurity",
              Syntax.BOOL,
              "false",
              "switches the web application firewall on"),
          new Key.Waiting(
              "enable-owasp-modsecurity-crs",
              Syntax.BOOL,
              "false",
              "loads the OWASP rules into it"),
          new Key.Waiting("use-geoip2", Syntax.BOOL, "false", "looks up where clients are"),
          new Key.Waiting(
              "geoip2-autoreload-in-minutes", Syntax.COUNT, "0", "reads that database again"));
}

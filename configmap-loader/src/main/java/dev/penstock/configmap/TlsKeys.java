package dev.penstock.configmap;

import java.util.List;

/** TLS towards clients, and the way to it. */
final class TlsKeys {
  private TlsKeys() {}

  private static final Syntax<List<String>> PATHS =
      new Syntax<>(
          "a list of paths that begin with '/', separated by commas",
          text ->
              Syntax.LIST
                  .parse(text)
                  .filter(paths -> paths.stream().allMatch(path -> path.startsWith("/"))));

  private static final Syntax<List<String>> ALL_VERSIONS =
      Syntax.someOf("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

  private static final Syntax<List<String>> VERSIONS =
      new Syntax<>(
          ALL_VERSIONS.accepts() + ", with 1.2 or 1.3 among them",
          text ->
              ALL_VERSIONS
                  .parse(text)
                  .filter(names -> names.contains("TLSv1.2") || names.contains("TLSv1.3")));

  private static final String CIPHERS =
      String.join(
          ":",
          "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-RSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-AES256-GCM-SHA384",
          "ECDHE-RSA-AES256-GCM-SHA384",
          "ECDHE-ECDSA-CHACHA20-POLY1305",
          "ECDHE-RSA-CHACHA20-POLY1305",
          "DHE-RSA-AES256-GCM-SHA384",
          "DHE-RSA-AES128-GCM-SHA256");

  static final List<Key> ALL =
      List.of(
          new Key.Acting<>(
              "ssl-protocols",
              VERSIONS,
              "TLSv1.2 TLSv1.3",
              Draft::tlsVersions,
              "sets the TLS versions that clients may use; 1.0 and 1.1 are never offered"),
          new Key.Waiting(
              "ssl-ciphers",
              Syntax.LINE,
              CIPHERS,
              "sets the ciphers that clients may use; BoringSSL has no DHE suites"),
          new Key.Waiting(
              "ssl-ecdh-curve", Syntax.LINE, "auto", "sets the curves that clients may use"),
          new Key.Meaningless(
              "ssl-dh-param", "names Diffie-Hellman parameters; BoringSSL has no DHE suites"),
          new Key.Waiting(
              "ssl-session-cache",
              Syntax.BOOL,
              "true",
              "false",
              "shares sessions between connections; each has its own handshake here"),
          new Key.Waiting(
              "ssl-session-cache-size", Syntax.SIZE_BYTES, "10m", "sets the memory for sessions"),
          new Key.Waiting(
              "ssl-session-tickets", Syntax.BOOL, "false", "resumes sessions by tickets"),
          new Key.Waiting("ssl-session-ticket-key", Syntax.LINE, "", "sets the key of the tickets"),
          new Key.Waiting(
              "ssl-session-timeout",
              Syntax.DURATION,
              "10m",
              "says how long a session can be resumed"),
          new Key.Waiting(
              "ssl-buffer-size", Syntax.SIZE_BYTES, "4k", "sets the size of TLS records"),
          new Key.Waiting("ssl-early-data", Syntax.BOOL, "false", "accepts TLS 1.3 early data"),
          new Key.Acting<>(
              "ssl-redirect",
              Syntax.BOOL,
              "true",
              Draft::sslRedirect,
              "redirects http to https where the host has TLS"),
          new Key.Acting<>(
              "force-ssl-redirect",
              Syntax.BOOL,
              "false",
              Draft::forceSslRedirect,
              "redirects http to https even where the host has no TLS"),
          new Key.Acting<>(
              "http-redirect-code",
              Syntax.oneOf("301", "302", "303", "307", "308"),
              "308",
              Draft::redirectStatus,
              "sets the status of the redirect to https"),
          new Key.Acting<>(
              "no-tls-redirect-locations",
              PATHS,
              "/.well-known/acme-challenge",
              Draft::redirectExemptions,
              "names paths: what begins with one of them is served over http"),
          new Key.Waiting(
              "relative-redirects",
              Syntax.BOOL,
              "false",
              "sends redirects without scheme and host"),
          new Key.Acting<>(
              "hsts",
              Syntax.BOOL,
              "true",
              Draft::hsts,
              "sends Strict-Transport-Security where the host has TLS"),
          new Key.Acting<>(
              "hsts-include-subdomains",
              Syntax.BOOL,
              "true",
              Draft::hstsIncludesSubdomains,
              "adds includeSubDomains to it"),
          new Key.Acting<>(
              "hsts-max-age",
              Syntax.COUNT,
              "31536000",
              Draft::hstsMaxAge,
              "sets its max-age, in seconds"),
          new Key.Acting<>(
              "hsts-preload", Syntax.BOOL, "false", Draft::hstsPreload, "adds preload to it"),
          new Key.Waiting("enable-ocsp", Syntax.BOOL, "false", "staples OCSP answers"),
          new Key.Waiting(
              "ssl-reject-handshake",
              Syntax.BOOL,
              "false",
              "refuses the handshake for an unknown name"),
          new Key.Waiting(
              "proxy-ssl-location-only",
              Syntax.BOOL,
              "false",
              "applies proxy-ssl annotations for each path alone"));
}

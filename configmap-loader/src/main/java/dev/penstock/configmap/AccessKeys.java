package dev.penstock.configmap;

import java.util.List;

/** Who may ask, and what authors may write. */
final class AccessKeys {
  private AccessKeys() {}

  static final List<Key> ALL =
      List.of(
          new Key.Closing(
              RouteDefaults.GLOBAL_AUTH,
              Syntax.LINE,
              "",
              "asks an external service about every request"),
          new Key.Waiting(
              "global-auth-method", Syntax.LINE, "", "sets the method of that question"),
          new Key.Waiting(
              "global-auth-signin", Syntax.LINE, "", "sends who is refused to a sign-in page"),
          new Key.Waiting(
              "global-auth-signin-redirect-param",
              Syntax.LINE,
              "rd",
              "names the parameter with the way back"),
          new Key.Waiting(
              "global-auth-response-headers",
              Syntax.FIELD_NAMES,
              "",
              "passes headers of the external service on to the backend"),
          new Key.Waiting(
              "global-auth-request-redirect",
              Syntax.LINE,
              "",
              "sets X-Auth-Request-Redirect of that question"),
          new Key.Waiting(
              "global-auth-cache-key", Syntax.LINE, "", "caches the external service's answers"),
          new Key.Waiting(
              "global-auth-cache-duration",
              Syntax.LINE,
              "200 202 401 5m",
              "says how long these are cached"),
          new Key.Waiting(
              "global-auth-always-set-cookie",
              Syntax.BOOL,
              "false",
              "passes the external service's cookies on in every case"),
          new Key.Waiting(
              "no-auth-locations",
              Syntax.LIST,
              "/.well-known/acme-challenge",
              "names paths that the external service is not asked about"),
          new Key.Closing(
              "denylist-source-range",
              Syntax.CIDRS,
              "",
              "names clients that are refused by default"),
          new Key.Closing(
              "whitelist-source-range",
              Syntax.CIDRS,
              "",
              "names the only clients that are served by default"),
          new Key.Closing("block-cidrs", Syntax.CIDRS, "", "refuses clients everywhere"),
          new Key.Closing("block-user-agents", Syntax.LIST, "", "refuses User-Agents everywhere"),
          new Key.Closing("block-referers", Syntax.LIST, "", "refuses Referers everywhere"),
          new Key.Waiting(
              "annotations-risk-level",
              Syntax.oneOf("Low", "Medium", "High", "Critical"),
              "High",
              "bounds the risk of annotations that are accepted"),
          new Key.Waiting(
              "annotation-value-word-blocklist",
              Syntax.LIST,
              "",
              "names words that no annotation may hold"),
          new Key.Waiting(
              "allow-cross-namespace-resources",
              Syntax.BOOL,
              "false",
              "lets annotations name Secrets and ConfigMaps of other namespaces"),
          new Key.Waiting(
              "global-allowed-response-headers",
              Syntax.FIELD_NAMES,
              "",
              "names the headers that custom-headers may set"),
          new Key.Waiting(
              "strict-validate-path-type",
              Syntax.BOOL,
              "true",
              "refuses unusual characters in Exact and Prefix paths"),
          new Key.Waiting(
              "custom-http-errors", Syntax.STATUSES, "", "replaces the backend's error pages"));
}

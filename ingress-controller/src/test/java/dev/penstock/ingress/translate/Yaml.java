package dev.penstock.ingress.translate;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Short ways to write manifests in tests. */
final class Yaml {
  private Yaml() {}

  /** A Service with port 80 (http) and one endpoint. */
  static String service(String name) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: %s
      annotations: {penstock.dev/endpoints: "127.0.0.1:9000"}
    spec:
      ports: [{name: http, port: 80, targetPort: 9000}]
    """
        .formatted(name);
  }

  /** An Ingress in namespace default; {@code spec} in flow style, without its braces. */
  static String ingress(String name, String created, String spec) {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: %s, creationTimestamp: "%s"}
    spec: {%s}
    """
        .formatted(name, created, spec);
  }

  static String rules(String... rules) {
    return "rules: [" + String.join(", ", rules) + "]";
  }

  static String rule(String host, String... paths) {
    return "{host: \"%s\", http: {paths: [%s]}}".formatted(host, String.join(", ", paths));
  }

  static String path(String type, String path, String service) {
    return "{path: \"%s\", pathType: %s, backend: %s}".formatted(path, type, backend(service));
  }

  static String backend(String service) {
    return "{service: {name: %s, port: {number: 80}}}".formatted(service);
  }

  static String defaultBackend(String service) {
    return "defaultBackend: " + backend(service);
  }

  /** A literal block at the indentation of {@code data} values. */
  static String tlsSecret(String name, String type, String chainPem, String keyPem) {
    return """
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    type: %s
    stringData:
      tls.crt: |
    %s
      tls.key: |
    %s
    """
        .formatted(name, type, indented(chainPem), indented(keyPem));
  }

  private static String indented(String text) {
    return Arrays.stream(text.split("\n"))
        .map(line -> "    " + line)
        .collect(Collectors.joining("\n"));
  }
}

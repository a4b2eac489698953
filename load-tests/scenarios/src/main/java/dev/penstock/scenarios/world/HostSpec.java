package dev.penstock.scenarios.world;

import dev.penstock.scenarios.http.Backends;
import dev.penstock.scenarios.http.Question;
import dev.penstock.testkit.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * One host with everything that belongs to it: Ingress, Service, EndpointSlice and perhaps a
 * Secret.
 *
 * @param number names the host and its objects
 * @param service which of its Services the Ingress names; another number is another Service
 * @param backend the number of the backend that the Service leads to
 * @param paths how many paths the Ingress has: {@code /}, {@code /p1}, {@code /p2}, …
 * @param certificate of its Secret; none = no TLS
 */
public record HostSpec(
    int number, int service, int backend, int paths, Optional<TestCertificate> certificate) {

  /** Without TLS, with one path. */
  public static HostSpec plain(int number, int backend) {
    return new HostSpec(number, 1, backend, 1, Optional.empty());
  }

  /** With a certificate of its own, made here. */
  public HostSpec withNewCertificate() {
    return new HostSpec(
        number, service, backend, paths, Optional.of(TestCertificate.ec(host(number))));
  }

  /** The Ingress names another Service, which leads to another backend. */
  public HostSpec withNextService(int nextBackend) {
    return new HostSpec(number, service + 1, nextBackend, paths, certificate);
  }

  /** The same Service leads to another backend: only its endpoints change. */
  public HostSpec withBackend(int nextBackend) {
    return new HostSpec(number, service, nextBackend, paths, certificate);
  }

  public HostSpec withPaths(int count) {
    return new HostSpec(number, service, backend, count, certificate);
  }

  public static String host(int number) {
    return "h%05d.example.test".formatted(number);
  }

  public String host() {
    return host(number);
  }

  /** Path number {@code path}, from 0. */
  public static String path(int path) {
    return path == 0 ? "/" : "/p" + path;
  }

  /** The right body of an answer on this path. */
  public String body(String path) {
    return Backends.body(backend, host(), path);
  }

  /** A request to one of its paths, which has one right answer as long as nothing is changed. */
  public Question question(int path) {
    return Question.expecting(host(), path(path), body(path(path)));
  }

  /** As manifests. */
  String yaml(Backends backends) {
    String name = "h%05d".formatted(number);
    String serviceName = name + "-v" + service;
    StringBuilder yaml = new StringBuilder(4096);
    yaml.append(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: %s
          namespace: load
          annotations:
            nginx.ingress.kubernetes.io/ssl-redirect: "false"
        spec:
        """
            .formatted(name));
    if (certificate.isPresent()) {
      yaml.append("  tls:\n    - hosts: [").append(host()).append("]\n");
      yaml.append("      secretName: ").append(name).append("-tls\n");
    }
    yaml.append("  rules:\n    - host: ").append(host()).append("\n      http:\n        paths:\n");
    for (int path = 0; path < paths; path++) {
      yaml.append("          - path: ").append(path(path)).append('\n');
      yaml.append("            pathType: Prefix\n            backend:\n              service:\n");
      yaml.append("                name: ").append(serviceName).append('\n');
      yaml.append("                port:\n                  number: 80\n");
    }
    yaml.append(service(serviceName, backends.port(backend)));
    certificate.ifPresent(pair -> yaml.append(secret(name + "-tls", pair)));
    return yaml.toString();
  }

  private static String service(String name, int port) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: %s
      namespace: load
    spec:
      ports:
        - name: http
          port: 80
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: %s-0
      namespace: load
      labels:
        kubernetes.io/service-name: %s
    addressType: IPv4
    endpoints:
      - addresses: [127.0.0.1]
        conditions:
          ready: true
    ports:
      - name: http
        port: %d
    """
        .formatted(name, name, name, port);
  }

  private static String secret(String name, TestCertificate pair) {
    return """
    ---
    apiVersion: v1
    kind: Secret
    metadata:
      name: %s
      namespace: load
    type: kubernetes.io/tls
    data:
      tls.crt: %s
      tls.key: %s
    """
        .formatted(name, base64(pair.chainPem()), base64(pair.keyPem()));
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }
}

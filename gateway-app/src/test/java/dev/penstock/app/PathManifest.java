package dev.penstock.app;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A manifest that sends paths of every host to ports of loopback; a Service for each path. */
final class PathManifest {
  private final StringBuilder paths = new StringBuilder();
  private final StringBuilder services = new StringBuilder();
  private int count;

  /** The path and what is below it, to these ports in turn. */
  PathManifest with(String path, int... ports) {
    String service = "s" + count++;
    paths.append(
        """
                  - path: %s
                    pathType: Prefix
                    backend: { service: { name: %s, port: { number: 80 } } }
        """
            .formatted(path, service));
    services.append(
        """
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: %s
          annotations:
            penstock.dev/endpoints: %s
        spec:
          ports:
            - port: 80
        """
            .formatted(
                service,
                Arrays.stream(ports)
                    .mapToObj(port -> "127.0.0.1:" + port)
                    .collect(Collectors.joining(","))));
    return this;
  }

  String text() {
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: all
    spec:
      rules:
        - http:
            paths:
    """
        + paths
        + services;
  }
}

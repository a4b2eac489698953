package dev.penstock.ingress.source;

import java.nio.charset.StandardCharsets;

/** Well-formed manifests for tests. */
final class Manifests {
  private Manifests() {}

  static final String SHOP =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        namespace: store
        creationTimestamp: "2026-01-31T12:00:00Z"
        annotations:
          nginx.ingress.kubernetes.io/ssl-redirect: "false"
      spec:
        ingressClassName: penstock
        defaultBackend:
          service:
            name: fallback
            port:
              name: http
        tls:
          - hosts: [shop.example.com]
            secretName: shop-tls
        rules:
          - host: shop.example.com
            http:
              paths:
                - path: /api
                  pathType: Prefix
                  backend:
                    service:
                      name: api
                      port:
                        number: 8080
                - path: /static
                  pathType: ImplementationSpecific
                  backend:
                    resource:
                      apiGroup: storage.example.com
                      kind: Bucket
                      name: files
      """;

  static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: api
        namespace: store
        annotations:
          penstock.dev/endpoints: "127.0.0.1:3000, [::1]:3001"
      spec:
        type: ClusterIP
        ports:
          - name: http
            port: 8080
            targetPort: web
          - port: 9090
            targetPort: 9091
            protocol: UDP
      """;

  static final String SLICE =
      """
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: api-1
        namespace: store
        labels:
          kubernetes.io/service-name: api
      addressType: IPv4
      ports:
        - name: http
          port: 3000
      endpoints:
        - addresses: [10.0.0.1]
        - addresses: [10.0.0.2]
          conditions: {ready: false, serving: true, terminating: true}
        - addresses: [10.0.0.3]
          conditions: {ready: false}
      """;

  static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata:
        name: shop-tls
        namespace: store
      type: kubernetes.io/tls
      data:
        tls.crt: Y2hhaW4=
      stringData:
        tls.key: key
      """;

  static final String CLASS =
      """
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata:
        name: penstock
        annotations:
          ingressclass.kubernetes.io/is-default-class: "true"
      spec:
        controller: penstock.dev/ingress
      """;

  static final String ALL = String.join("---\n", SHOP, SERVICE, SLICE, SECRET, CLASS);

  /** An Ingress with nothing but its name. */
  static String ingress(String name) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata:
      name: %s
    """
        .formatted(name);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

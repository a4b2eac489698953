package dev.penstock.ingress.source.kubernetes;

import dev.penstock.testkit.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Objects as an API server has them, for tests. */
final class ApiObjects {
  private static final TestCertificate CERTIFICATE = TestCertificate.ec("shop.example.com");

  private ApiObjects() {}

  static String ingress(String namespace, String name, String host) {
    return """
    {"kind":"Ingress","apiVersion":"networking.k8s.io/v1",
     "metadata":{"name":"%s","namespace":"%s","creationTimestamp":"2026-01-31T12:00:00Z",
      "managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{}}}]},
     "spec":{"ingressClassName":"penstock",
      "tls":[{"hosts":["%s"],"secretName":"%s-tls"}],
      "rules":[{"host":"%s","http":{"paths":[{"path":"/","pathType":"Prefix",
        "backend":{"service":{"name":"web","port":{"number":80}}}}]}}]},
     "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}
    """
        .formatted(name, namespace, host, name, host);
  }

  /**
   * @param data JSON
   */
  static String configMap(String namespace, String name, String data) {
    return """
    {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s"},"data":%s}
    """
        .formatted(name, namespace, data);
  }

  /** As a manifest makes it: held by nobody. */
  static String lease(String namespace, String name) {
    return """
    {"kind":"Lease","apiVersion":"coordination.k8s.io/v1",
     "metadata":{"name":"%s","namespace":"%s"}}
    """
        .formatted(name, namespace);
  }

  static String ingressClass(String name) {
    return """
    {"kind":"IngressClass","apiVersion":"networking.k8s.io/v1","metadata":{"name":"%s"},
     "spec":{"controller":"penstock.dev/ingress-controller"}}
    """
        .formatted(name);
  }

  static String service(String namespace, String name) {
    return """
    {"kind":"Service","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s"},
     "spec":{"type":"ClusterIP","clusterIP":"10.96.0.7",
      "ports":[{"name":"http","protocol":"TCP","port":80,"targetPort":8080}]}}
    """
        .formatted(name, namespace);
  }

  static String slice(String namespace, String service, String address) {
    return """
    {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1",
     "metadata":{"name":"%s-1","namespace":"%s",
      "labels":{"kubernetes.io/service-name":"%s"}},
     "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],
     "endpoints":[{"addresses":["%s"],"conditions":{"ready":true}}]}
    """
        .formatted(service, namespace, service, address);
  }

  static String secret(String namespace, String name, String type) {
    return """
    {"kind":"Secret","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s"},
     "type":"%s","data":{"tls.crt":"%s","tls.key":"%s"}}
    """
        .formatted(
            name, namespace, type, base64(CERTIFICATE.chainPem()), base64(CERTIFICATE.keyPem()));
  }

  static String namespace(String name, String team) {
    return """
    {"kind":"Namespace","apiVersion":"v1","metadata":{"name":"%s","labels":{"team":"%s"}}}
    """
        .formatted(name, team);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.penstock.ingress.source;

import static dev.penstock.ingress.source.Manifests.utf8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownFieldsTest {
  private static FileObjects read(String text) {
    return ManifestReader.read("a.yaml", utf8(text), Companions.NONE);
  }

  @Test
  void fieldsOfTheApiThatAreOfNoUseHereAreNoFault() {
    FileObjects read =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: api
              uid: 1f
              labels: {a: b}
              managedFields: [{manager: kubectl, fieldsV1: {f:spec: {}}}]
              ownerReferences: [{uid: x}]
              finalizers: [a]
            spec:
              clusterIP: 10.0.0.1
              clusterIPs: [10.0.0.1]
              ipFamilies: [IPv4]
              internalTrafficPolicy: Cluster
              sessionAffinityConfig: {clientIP: {timeoutSeconds: 5}}
              selector: {anything: x}
              ports: [{name: http, port: 80, nodePort: 30000, appProtocol: http}]
            status: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: api-1, generateName: api-, generation: 3}
            addressType: IPv4
            ports: [{name: http, port: 80, appProtocol: http}]
            endpoints:
              - addresses: [10.0.0.1]
                nodeName: n
                zone: z
                hints: {forZones: [{name: z}]}
                targetRef: {kind: Pod, name: p}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: s}
            immutable: true
            data: {any.thing: ""}
            ---
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: c}
            spec: {controller: a/b, parameters: {kind: K, name: n, scope: Cluster}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: i}
            spec:
              defaultBackend: {resource: {apiGroup: a, kind: K, name: n}}
            status: {loadBalancer: {}}
            """);

    assertThat(read.diagnostics()).isEmpty();
  }

  @Test
  void anUnknownFieldIsToldAtItsOwnPlaceWithWhatMayBeMeant() {
    FileObjects read =
        read(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: s}
            stringdata:
              tls.key: the secret
            """);

    assertThat(read.diagnostics())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "a.yaml:4:1: Secret default/s: warning: stringdata: is no field of the Kubernetes API"
                + " and has no effect; did you mean 'stringData'?");
  }

  @Test
  void unknownFieldsAreToldUpToABound() {
    String spec = IntStream.range(0, 50).mapToObj(i -> "  field" + i + ": 1\n").collect(joining());
    FileObjects read = read(Manifests.ingress("i") + "spec:\n" + spec);

    assertThat(read.diagnostics()).hasSize(20);
    assertThat(read.ingresses()).hasSize(1);
  }
}

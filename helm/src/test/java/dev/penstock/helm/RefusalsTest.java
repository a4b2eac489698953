package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that contradict each other, and what is said. */
class RefusalsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          controller: {hostNetwork: true, containerPort: {http: 80, https: 443}} | controller.containerPort.http is 80 with controller.hostNetwork
          controller: {hostNetwork: true}                                        | controller.hostNetwork without controller.containerPort.http: the process itself listens on the node
          controller: {hostNetwork: true, containerPort: {http: 8080}}           | controller.hostNetwork without controller.containerPort.https
          enabled: false                                                         | enabled is false, and the chart is rendered all the same
          rbac: {scope: true}                                                    | set controller.scope.enabled
          {rbac: {scope: true}, controller: {scope: {enabled: true}, publishService: {enabled: false}}} | switch controller.publishService on
          {rbac: {scope: true}, controller: {scope: {enabled: true}, admissionWebhooks: {enabled: true}}} | controller.admissionWebhooks.enabled needs an object of the whole cluster
          {rbac: {scope: true}, controller: {scope: {enabled: true}, admissionWebhooks: {failClosed: true}}} | controller.admissionWebhooks.failClosed needs an object of the whole cluster
          controller: {scope: {enabled: true, namespaceSelector: a=b}}           | clear one of them
          controller: {autoscaling: {enabled: true}, keda: {enabled: true}}      | switch one of them off
          controller: {keda: {enabled: true}}                                    | controller.keda.enabled without controller.keda.triggers
          controller: {autoscaling: {enabled: true, targetCPUUtilizationPercentage: 0, targetMemoryUtilizationPercentage: 50}} | controller.autoscaling.enabled with nothing to scale by
          controller: {metrics: {serviceMonitor: {enabled: true}, service: {enabled: false}}} | controller.metrics.serviceMonitor.enabled with controller.metrics.service.enabled false
          controller: {kind: DaemonSet, autoscaling: {enabled: true}}            | cannot be scaled
          controller: {autoscaling: {enabled: true, minReplicas: 12}}            | controller.autoscaling.minReplicas 12 is more than its maxReplicas 11
          controller: {containerPort: {http: 8080, https: 8080}}                 | controller.containerPort.http and controller.containerPort.https are both 8080
          controller: {metrics: {port: 8080}}                                    | controller.metrics.port and controller.containerPort.http are both 8080
          controller: {metrics: {port: 9090}}                                    | httpGet.port is 10254, and controller.metrics.port
          tcp: {"8080": "a/b:1"}                                                 | tcp.8080 is the port of controller.containerPort.http
          tcp: {"postgres": "a/b:1"}                                             | tcp.postgres is no port
          udp: {"dns": "a/b:1"}                                                  | udp.dns is no port
          controller: {image: {repository: r.test/p@sha256:0}}                   | has a tag or digest in it
          controller: {admissionWebhooks: {failClosed: true, replicaCount: 1}}   | controller.admissionWebhooks.failClosed with 1 pod
          controller: {admissionWebhooks: {certificateSecret: a}}                | needs controller.admissionWebhooks.caBundle
          controller: {admissionWebhooks: {caBundle: a}}                         | without controller.admissionWebhooks.certificateSecret
          controller: {admissionWebhooks: {certificateSecret: a, caBundle: a, certManager: {enabled: true}}} | clear one of them
          controller: {scope: {namespaceSelector: 'team in (a,b)'}}              | has a set of values
          controller: {containerPort: {http: 80, https: 443, tohttps: 2443}}     | controller.containerPort.tohttps: nothing would listen there
          controller: {service: {targetPorts: {http: tohttps}}}                  | controller.service.targetPorts.http is tohttps, where nothing listens
          controller: {service: {internal: {targetPorts: {https: 443}}}}         | controller.service.internal.targetPorts.https is 443, where nothing listens
          controller: {podSecurityContext: {runAsUser: 0}}                       | controller.podSecurityContext.runAsUser is 0: restricted pod security
          controller: {containerSecurityContext: {runAsUser: 0}}                 | controller.containerSecurityContext.runAsUser is 0
          controller: {podSecurityContext: {runAsNonRoot: false}}                | controller.podSecurityContext.runAsNonRoot is false
          controller: {image: {seccompProfile: {type: Unconfined}}}              | controller.image.seccompProfile.type is Unconfined
          controller: {resources: {limits: {memory: 96Mi}}}                      | controller.resources.limits.memory is 96Mi: the gateway takes 106 MB
          controller: {resources: {requests: {memory: 1Gi}, limits: {memory: 512Mi}}} | controller.resources.requests.memory is 1Gi, more than controller.resources.limits.memory, which is 512Mi: raise the limit
          controller: {extraArgs: [--drain-timeout, 45s]}                        | controller.extraArgs[1] is "45s": write a flag and its value as one text
          controller: {extraArgs: [--drain-time=45s]}                            | controller.extraArgs.drain-time is no flag
          controller: {extraArgs: {configmap: settings}}                         | controller.extraArgs.configmap is "settings": write NAMESPACE/NAME
          controller: {extraArgs: {watch-namespace: a, watch-namespace-selector: b=c}} | would choose others: clear one of them
          controller: {hostNetwork: true, hostPort: {enabled: true}}             | controller.hostPort.ports.http is 80, but with controller.hostNetwork
          controller: {admissionWebhooks: {failClosed: true, enabled: false}}    | nobody would judge
          controller: {service: {ports: {http: 443}}}                            | controller.service.ports.http and .https are both 443
          controller: {service: {enableHttp: false, enableHttps: false}}         | the Service would have no port
          controller: {extraArgs: {http-port: "9090"}}                           | controller.extraArgs.http-port is "9090", but Services and probes go by controller.containerPort.http, which is 8080
          controller: {extraArgs: [--admin-port=9999]}                           | go by controller.metrics.port, which is 10254
          controller: {publishService: {pathOverride: web}}                      | controller.publishService.pathOverride is "web": write NAMESPACE/NAME
          controller: {containerSecurityContext: {privileged: true}}             | controller.containerSecurityContext.privileged is true
          controller: {containerSecurityContext: {allowPrivilegeEscalation: true}} | controller.containerSecurityContext.allowPrivilegeEscalation is true
          controller: {containerSecurityContext: {capabilities: {add: [NET_BIND_SERVICE]}}} | controller.containerSecurityContext.capabilities.add is ["NET_BIND_SERVICE"]: nothing here needs a capability
          controller: {containerSecurityContext: {procMount: Unmasked}}          | controller.containerSecurityContext.procMount is Unmasked
          controller: {containerSecurityContext: {seLinuxOptions: {type: spc_t}}} | controller.containerSecurityContext.seLinuxOptions is {"type":"spc_t"}
          controller: {podSecurityContext: {appArmorProfile: {type: Unconfined}}} | controller.podSecurityContext.appArmorProfile.type is Unconfined
          tcp: {"443": "a/b:1"}                                                  | tcp.443 is the port of controller.service.ports.https
          controller: {admissionWebhooks: {port: 10254}}                         | controller.metrics.port and controller.admissionWebhooks.port are both 10254
          """)
  void areRefusedWithThePathAndWhatToDo(String values, String message) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          controller: {admissionWebhooks: {failurePolicy: ignore}}   | at '/controller/admissionWebhooks/failurePolicy': value must be one of 'Ignore', 'Fail'
          controller: {admissionWebhooks: {timeoutSeconds: 60}}      | at '/controller/admissionWebhooks/timeoutSeconds': maximum: got 60, want 30
          controller: {replicas: 2}                                  | at '/controller': additional properties 'replicas' not allowed
          controler: {}                                              | additional properties 'controler' not allowed
          controller: {kind: StatefulSet}                            | at '/controller/kind': value must be one of 'Deployment', 'DaemonSet'
          controller: {replicaCount: two}                            | at '/controller/replicaCount': got string, want integer
          controller: {replicaCount: -1}                             | at '/controller/replicaCount': minimum: got -1, want 0
          controller: {config: {proxy-body-size: {}}}                | at '/controller/config/proxy-body-size': got object, want
          controller: {service: {annotations: {internal: true}}}     | at '/controller/service/annotations/internal': got boolean, want string
          controller: {containerPort: {http: 70000}}                 | at '/controller/containerPort/http': maximum: got 70,000, want 65,535
          controller: {image: {digest: abc}}                         | at '/controller/image/digest': 'abc' does not match pattern
          controller: {image: {tag: 1.0}}                            | at '/controller/image/tag': got number, want string
          controller: {image: {runAsUser: 0}}                        | at '/controller/image/runAsUser': minimum: got 0, want 1
          controller: {service: {externalTrafficPolicy: local}}      | value must be one of '', 'Local', 'Cluster', <nil>
          controller: {tolerations: {key: edge}}                     | at '/controller/tolerations': got object, want array
          controller: {extraArgs: --v=2}                             | at '/controller/extraArgs': got string, want
          tcp: {"5432": 5432}                                        | at '/tcp/5432': got number, want string
          """)
  void ofAnotherTypeOrNameAreRefusedByTheSchema(String values, String message) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
  }
}

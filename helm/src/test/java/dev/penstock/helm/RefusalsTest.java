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
          rbac: {scope: true}                                                    | set controller.scope.enabled
          {rbac: {scope: true}, controller: {scope: {enabled: true}, publishService: {enabled: false}}} | switch controller.publishService on
          controller: {scope: {enabled: true, namespaceSelector: a=b}}           | clear one of them
          controller: {autoscaling: {enabled: true}, keda: {enabled: true}}      | switch one of them off
          controller: {kind: DaemonSet, autoscaling: {enabled: true}}            | cannot be scaled
          controller: {autoscaling: {enabled: true, minReplicas: 12}}            | controller.autoscaling.minReplicas 12 is more than its maxReplicas 11
          controller: {containerPort: {http: 8080, https: 8080}}                 | controller.containerPort.http and controller.containerPort.https are both 8080
          controller: {metrics: {port: 8080}}                                    | controller.metrics.port and controller.containerPort.http are both 8080
          controller: {metrics: {port: 9090}}                                    | httpGet.port is 10254, and controller.metrics.port
          tcp: {"8080": "a/b:1"}                                                 | tcp.8080 is the port of controller.containerPort.http
          tcp: {"postgres": "a/b:1"}                                             | tcp.postgres is no port
          udp: {"dns": "a/b:1"}                                                  | udp.dns is no port
          controller: {image: {repository: r.test/p@sha256:0}}                   | has a tag or digest in it
          """)
  void areRefusedWithThePathAndWhatToDo(String values, String message) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(message);
  }
}

package dev.penstock.helm;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/**
 * The fields that the chart may use of custom resources: monitoring.coreos.com/v1 of the Prometheus
 * Operator, keda.sh/v1alpha1 of KEDA, cert-manager.io/v1.
 */
final class Custom {
  private Custom() {}

  record ServiceMonitor(
      String apiVersion, String kind, ObjectMeta metadata, ServiceMonitorSpec spec) {}

  record ServiceMonitorSpec(
      LabelSelector selector,
      NamespaceSelector namespaceSelector,
      List<Endpoint> endpoints,
      List<String> targetLabels,
      long labelLimit,
      long labelNameLengthLimit,
      long labelValueLengthLimit,
      long sampleLimit,
      long targetLimit) {}

  record PodMonitor(String apiVersion, String kind, ObjectMeta metadata, PodMonitorSpec spec) {}

  record PodMonitorSpec(
      LabelSelector selector,
      NamespaceSelector namespaceSelector,
      List<Endpoint> podMetricsEndpoints,
      List<String> podTargetLabels,
      long labelLimit,
      long labelNameLengthLimit,
      long labelValueLengthLimit,
      long sampleLimit,
      long targetLimit) {}

  record NamespaceSelector(boolean any, List<String> matchNames) {}

  record Endpoint(
      String port,
      String interval,
      boolean honorLabels,
      List<JsonNode> relabelings,
      List<JsonNode> metricRelabelings) {}

  record PrometheusRule(
      String apiVersion, String kind, ObjectMeta metadata, PrometheusRuleSpec spec) {}

  record PrometheusRuleSpec(List<RuleGroup> groups) {}

  record RuleGroup(String name, List<Rule> rules) {}

  /** {@code for} is no name in Java. */
  record Rule(
      String alert,
      String record,
      String expr,
      @com.fasterxml.jackson.annotation.JsonProperty("for") String pending,
      Map<String, String> labels,
      Map<String, String> annotations) {}

  record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, ScaledObjectSpec spec) {}

  record ScaledObjectSpec(
      Map<String, String> scaleTargetRef,
      int pollingInterval,
      int cooldownPeriod,
      int minReplicaCount,
      int maxReplicaCount,
      JsonNode fallback,
      List<JsonNode> triggers,
      Advanced advanced) {}

  record Issuer(String apiVersion, String kind, ObjectMeta metadata, IssuerSpec spec) {}

  record IssuerSpec(Map<String, String> selfSigned, Map<String, String> ca) {}

  record Certificate(String apiVersion, String kind, ObjectMeta metadata, CertificateSpec spec) {}

  record CertificateSpec(
      String secretName,
      String duration,
      int revisionHistoryLimit,
      IssuerRef issuerRef,
      String commonName,
      boolean isCA,
      List<String> dnsNames,
      JsonNode privateKey) {}

  record IssuerRef(String kind, String name, String group) {}

  record Advanced(boolean restoreToOriginalReplicaCount, JsonNode horizontalPodAutoscalerConfig) {}
}

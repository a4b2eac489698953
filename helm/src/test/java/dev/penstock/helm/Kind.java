package dev.penstock.helm;

import static com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import org.jspecify.annotations.Nullable;

/** The kinds that the chart may render, and what is known of their fields. */
enum Kind {
  Certificate("cert-manager.io/v1", Custom.Certificate.class),
  ClusterRole("rbac.authorization.k8s.io/v1", ClusterRole.class),
  ClusterRoleBinding("rbac.authorization.k8s.io/v1", ClusterRoleBinding.class),
  ConfigMap("v1", ConfigMap.class),
  DaemonSet("apps/v1", DaemonSet.class),
  Deployment("apps/v1", Deployment.class),
  HorizontalPodAutoscaler("autoscaling/v2", HorizontalPodAutoscaler.class),
  Issuer("cert-manager.io/v1", Custom.Issuer.class),
  IngressClass("networking.k8s.io/v1", IngressClass.class),
  Lease("coordination.k8s.io/v1", Lease.class),
  Namespace("v1", Namespace.class),
  NetworkPolicy("networking.k8s.io/v1", NetworkPolicy.class),
  PodDisruptionBudget("policy/v1", PodDisruptionBudget.class),
  PodMonitor("monitoring.coreos.com/v1", Custom.PodMonitor.class),
  PrometheusRule("monitoring.coreos.com/v1", Custom.PrometheusRule.class),
  Role("rbac.authorization.k8s.io/v1", Role.class),
  RoleBinding("rbac.authorization.k8s.io/v1", RoleBinding.class),
  ScaledObject("keda.sh/v1alpha1", Custom.ScaledObject.class),
  Secret("v1", Secret.class),
  Service("v1", Service.class),
  ServiceAccount("v1", ServiceAccount.class),
  ServiceMonitor("monitoring.coreos.com/v1", Custom.ServiceMonitor.class),
  ValidatingWebhookConfiguration(
      "admissionregistration.k8s.io/v1", ValidatingWebhookConfiguration.class);

  /** Fabric8's models put what they do not know aside; here it is refused. */
  private static final ObjectMapper STRICT =
      new ObjectMapper()
          .enable(FAIL_ON_UNKNOWN_PROPERTIES)
          .setAnnotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated any) {
                  return false;
                }
              });

  private final String apiVersion;
  private final Class<?> model;

  Kind(String apiVersion, Class<?> model) {
    this.apiVersion = apiVersion;
    this.model = model;
  }

  /**
   * What is wrong with it: a field that nobody knows, or one of another type; null when nothing.
   */
  static @Nullable String fault(JsonNode object) {
    String name = object.path("kind").asText() + "/" + object.at("/metadata/name").asText();
    Kind kind;
    try {
      kind = valueOf(object.path("kind").asText());
    } catch (IllegalArgumentException unknown) {
      return name + ": the chart has no such kind";
    }
    if (!object.path("apiVersion").asText().equals(kind.apiVersion)) {
      return name + ": apiVersion is not " + kind.apiVersion;
    }
    try {
      STRICT.treeToValue(object, kind.model);
      return null;
    } catch (JsonProcessingException refused) {
      return name + ": " + refused.getOriginalMessage();
    }
  }
}

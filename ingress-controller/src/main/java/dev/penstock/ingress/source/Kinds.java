package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which kinds are read, which are passed over, and what is said of all others. */
final class Kinds {
  /** The kinds that are read, with the one apiVersion of each. */
  private static final Map<String, String> READ =
      Map.of(
          "Ingress", "networking.k8s.io/v1",
          "IngressClass", "networking.k8s.io/v1",
          "Service", "v1",
          "EndpointSlice", "discovery.k8s.io/v1",
          "Secret", "v1");

  /** The lists of objects, with the one apiVersion of each, and the kind of its items. */
  private static final Map<String, String> LISTS =
      Map.of(
          "List", "v1",
          "IngressList", "networking.k8s.io/v1",
          "IngressClassList", "networking.k8s.io/v1",
          "ServiceList", "v1",
          "EndpointSliceList", "discovery.k8s.io/v1",
          "SecretList", "v1");

  private static final Set<String> NAMES = names();

  /** Groups of Kubernetes itself: what is in them and not read has no meaning for a gateway. */
  private static final Set<String> KUBERNETES_GROUPS =
      Set.of(
          "",
          "apps",
          "batch",
          "autoscaling",
          "policy",
          "extensions",
          "networking.k8s.io",
          "discovery.k8s.io",
          "rbac.authorization.k8s.io",
          "storage.k8s.io",
          "scheduling.k8s.io",
          "coordination.k8s.io",
          "admissionregistration.k8s.io",
          "apiextensions.k8s.io",
          "apiregistration.k8s.io",
          "certificates.k8s.io",
          "events.k8s.io",
          "flowcontrol.apiserver.k8s.io",
          "node.k8s.io",
          "resource.k8s.io");

  private static final Set<String> READ_GROUPS =
      Set.of("", "networking.k8s.io", "discovery.k8s.io");

  private static final Set<String> PASSED_OVER =
      Set.of(
          "Namespace",
          "ConfigMap",
          "ServiceAccount",
          "Pod",
          "Node",
          "Endpoints",
          "Event",
          "LimitRange",
          "ResourceQuota",
          "PersistentVolume",
          "PersistentVolumeClaim",
          "PodTemplate",
          "ReplicationController",
          "Deployment",
          "StatefulSet",
          "DaemonSet",
          "ReplicaSet",
          "ControllerRevision",
          "Job",
          "CronJob",
          "HorizontalPodAutoscaler",
          "PodDisruptionBudget",
          "NetworkPolicy",
          "Role",
          "RoleBinding",
          "ClusterRole",
          "ClusterRoleBinding",
          "StorageClass",
          "PriorityClass",
          "Lease",
          "CustomResourceDefinition",
          "APIService",
          "ValidatingWebhookConfiguration",
          "MutatingWebhookConfiguration",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "CertificateSigningRequest",
          "FlowSchema",
          "PriorityLevelConfiguration",
          "RuntimeClass",
          "CSIDriver",
          "CSINode",
          "VolumeAttachment",
          "IPAddress",
          "ServiceCIDR");

  private Kinds() {}

  private static Set<String> names() {
    Set<String> names = new TreeSet<>(READ.keySet());
    names.addAll(LISTS.keySet());
    return names;
  }

  /** Whether it holds objects of any kind, or of the one that it names. */
  static boolean isList(String apiVersion, String kind) {
    return apiVersion.equals(LISTS.get(kind));
  }

  /** What items of such a list are that do not say it; empty when they have to. */
  static String kindOfItems(String listKind) {
    return listKind.substring(0, listKind.length() - "List".length());
  }

  /** Whether an object is an Ingress, or would be but for a slip of the pen. */
  static boolean isMeantAsIngress(String apiVersion, String kind) {
    if (kind.isEmpty()) return apiVersion.startsWith("networking.k8s.io/");
    return Suggestion.nearest(kind, READ.keySet()).equals("Ingress");
  }

  /** The list that a kind is, or would be but for a slip of the pen; empty when there is none. */
  static String meantList(String kind) {
    return Suggestion.nearest(kind, LISTS.keySet());
  }

  /**
   * Whether an object is none of Penstock's business: of an API group, or one of the kinds of
   * Kubernetes, that it never reads, and not nearly one that it reads.
   */
  static boolean isOfOthers(String apiVersion, String kind) {
    String group = group(apiVersion);
    if (KUBERNETES_GROUPS.contains(group) && isPassedOver(kind)) return true;
    String meant = Suggestion.nearest(kind, NAMES);
    if (meant.isEmpty()) return !READ_GROUPS.contains(group);
    return !mayBeOfKubernetes(group, READ.getOrDefault(meant, LISTS.getOrDefault(meant, "")));
  }

  /** One is read where it says how the gateway works. */
  static boolean isConfigMap(String apiVersion, String kind) {
    return kind.equals("ConfigMap") && apiVersion.equals("v1");
  }

  private static boolean isPassedOver(String kind) {
    return PASSED_OVER.contains(kind)
        || kind.endsWith("List") && PASSED_OVER.contains(kindOfItems(kind));
  }

  private static String group(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** Null when the object is read; else why not. Of others' objects nothing is to be said. */
  static @Nullable Diagnostic objection(Source source, String apiVersion, String kind) {
    String group = group(apiVersion);
    String wanted = READ.getOrDefault(kind, LISTS.get(kind));
    if (wanted != null && wanted.equals(apiVersion)) return null;
    String shown = Quote.of(apiVersion) + " " + Quote.of(kind);
    if (wanted != null && mayBeOfKubernetes(group, wanted)) {
      return Diagnostic.error(
          source,
          "apiVersion",
          "apiVersion "
              + Quote.of(apiVersion)
              + " of "
              + kind
              + " is not supported: rewrite the object for "
              + wanted
              + "; it is set aside, the rest goes on");
    }
    if (!KUBERNETES_GROUPS.contains(group)) {
      return Diagnostic.warning(
          source,
          "kind",
          shown
              + " is not a kind that Penstock reads"
              + Suggestion.near(kind, NAMES)
              + "; it is ignored");
    }
    return Diagnostic.error(
        source,
        "kind",
        "Kubernetes has no kind "
            + Quote.of(kind)
            + " in apiVersion "
            + Quote.of(apiVersion)
            + Suggestion.near(kind, NAMES)
            + "; it is set aside, the rest goes on");
  }

  /** Other tools have kinds of these names in groups of their own. */
  private static boolean mayBeOfKubernetes(String group, String wanted) {
    boolean isMisspelt = !Suggestion.nearest(group + "/v1", Set.of(wanted)).isEmpty();
    return KUBERNETES_GROUPS.contains(group)
        || !group.contains(".")
        || group.endsWith(".k8s.io")
        || isMisspelt;
  }
}

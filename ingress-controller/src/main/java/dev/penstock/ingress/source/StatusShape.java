package dev.penstock.ingress.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the writer of status reads, fields to records. */
final class StatusShape {
  /** As ingress-nginx, whose pods are one gateway before and after a rollout. */
  private static final Set<String> REVISION_LABELS =
      Set.of("pod-template-hash", "controller-revision-hash", "pod-template-generation");

  private StatusShape() {}

  static List<PublishedAddress> ofIngress(Fields root) {
    return List.copyOf(loadBalancer(root));
  }

  /** As ingress-nginx's {@code statusAddressFromService}. */
  static List<PublishedAddress> ofService(Fields root) {
    Fields spec = root.child("spec");
    List<String> external = spec.texts("externalIPs");
    Set<PublishedAddress> found = new LinkedHashSet<>();
    switch (spec.text("type")) {
      case "ExternalName" -> add(found, spec.text("externalName"));
      case "LoadBalancer" -> {
        found.addAll(loadBalancer(root));
        external.forEach(ip -> add(found, ip));
      }
      case "NodePort" -> {
        if (external.isEmpty()) add(found, spec.text("clusterIP"));
        external.forEach(ip -> add(found, ip));
      }
      default -> add(found, spec.text("clusterIP"));
    }
    return List.copyOf(found);
  }

  static LeaseObject lease(Fields root) {
    Fields spec = root.child("spec");
    return new LeaseObject(
        spec.text("holderIdentity"),
        spec.number("leaseDurationSeconds"),
        spec.number("leaseTransitions"));
  }

  static PodObject pod(Fields root) {
    Map<String, String> labels = root.child("metadata").textMap("labels");
    labels.keySet().removeAll(REVISION_LABELS);
    Fields status = root.child("status");
    boolean isReady = false;
    for (Fields condition : status.list("conditions")) {
      if (condition.text("type").equals("Ready")) isReady = condition.text("status").equals("True");
    }
    return new PodObject(
        labels,
        root.child("spec").text("nodeName"),
        isReady && status.text("phase").equals("Running"));
  }

  static NodeAddresses node(Fields root) {
    Map<String, String> first = new HashMap<>();
    for (Fields entry : root.child("status").list("addresses")) {
      if (!entry.text("address").isEmpty())
        first.putIfAbsent(entry.text("type"), entry.text("address"));
    }
    return new NodeAddresses(
        first.getOrDefault("InternalIP", ""), first.getOrDefault("ExternalIP", ""));
  }

  private static List<PublishedAddress> loadBalancer(Fields root) {
    List<PublishedAddress> found = new ArrayList<>();
    for (Fields entry : root.child("status").child("loadBalancer").list("ingress")) {
      String ip = entry.text("ip");
      add(found, ip.isEmpty() ? entry.text("hostname") : ip);
    }
    return found;
  }

  private static void add(java.util.Collection<PublishedAddress> found, String text) {
    if (!text.isEmpty() && !text.equals("None")) found.add(PublishedAddress.of(text));
  }
}

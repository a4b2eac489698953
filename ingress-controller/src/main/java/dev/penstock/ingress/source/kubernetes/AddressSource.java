package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.NodeAddresses;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.PodObject;
import dev.penstock.ingress.source.PublishedAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where clients find the gateway, followed while this replica leads. One thread. */
final class AddressSource {
  private final StatusSettings.Addresses from;
  private final Machinery machinery;
  private final KindLoopOwner owner;
  private final RareWarning failure;

  private final List<KindLoop<?>> loops = new ArrayList<>();
  private @Nullable KindLoop<List<PublishedAddress>> service;
  private @Nullable KindLoop<PodObject> pods;
  private @Nullable KindLoop<NodeAddresses> nodes;

  AddressSource(
      StatusSettings.Addresses from,
      Machinery machinery,
      KindLoopOwner owner,
      RareWarning failure) {
    this.from = from;
    this.machinery = machinery;
    this.owner = owner;
    this.failure = failure;
  }

  void start() {
    switch (from) {
      case StatusSettings.Addresses.Fixed ignored -> {}
      case StatusSettings.Addresses.OfService(ObjectKey key) ->
          service = follow(Target.named(ApiKind.SERVICE_ADDRESSES, key.namespace(), key.name()));
      case StatusSettings.Addresses.OfNodes(ObjectKey pod, boolean ignored) -> {
        pods = follow(new Target<>(ApiKind.POD, pod.namespace(), ""));
        nodes = follow(new Target<>(ApiKind.NODE, "", ""));
      }
    }
  }

  private <T> KindLoop<T> follow(Target<T> target) {
    KindLoop<T> loop = new KindLoop<>(target, machinery, owner, false, false, ReadRoom.ofItsOwn());
    loops.add(loop);
    loop.start();
    return loop;
  }

  void stop() {
    loops.forEach(KindLoop::stop);
    loops.clear();
  }

  /** Never empty; null when it is not known. */
  @Nullable List<PublishedAddress> addresses() {
    if (!loops.stream().allMatch(KindLoop::isSynced)) return null;
    return switch (from) {
      case StatusSettings.Addresses.Fixed fixed -> fixed.addresses();
      case StatusSettings.Addresses.OfService(ObjectKey key) -> ofService(key);
      case StatusSettings.Addresses.OfNodes(ObjectKey pod, boolean internal) ->
          ofNodes(pod, internal);
    };
  }

  private @Nullable List<PublishedAddress> ofService(ObjectKey key) {
    List<PublishedAddress> found = service == null ? null : value(service, key);
    if (found != null && !found.isEmpty()) return found;
    waits(
        found == null
            ? "there is no Service " + key + " (--publish-service)"
            : "Service " + key + " has no address yet (kubectl get service shows <pending>)");
    return null;
  }

  private @Nullable List<PublishedAddress> ofNodes(ObjectKey pod, boolean internal) {
    KindLoop<PodObject> all = pods;
    KindLoop<NodeAddresses> known = nodes;
    if (all == null || known == null) return null;
    PodObject own = value(all, pod);
    if (own == null) {
      waits("there is no Pod " + pod + " (POD_NAMESPACE and POD_NAME)");
      return null;
    }
    SortedSet<String> found = new TreeSet<>();
    for (ApiObject<PodObject> object : all.objects().all()) {
      PodObject each = object.value();
      if (each == null || !each.ready() || !each.labels().equals(own.labels())) continue;
      NodeAddresses node = value(known, new ObjectKey("", each.node()));
      if (node != null) found.add(node.preferring(internal));
    }
    found.remove("");
    if (!found.isEmpty()) return found.stream().map(PublishedAddress::of).toList();
    waits("no pod of the gateway is ready on a node that has an address");
    return null;
  }

  private static <T> @Nullable T value(KindLoop<T> loop, ObjectKey key) {
    ApiObject<T> found = loop.objects().get(key);
    return found == null ? null : found.value();
  }

  private void waits(String why) {
    failure.tell("the status of Ingresses waits: " + why);
  }
}

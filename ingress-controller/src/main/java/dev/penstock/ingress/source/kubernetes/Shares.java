package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each namespace takes of the room, and what of it was given up, at one moment. One thread.
 */
final class Shares {
  private final long room;
  private final Map<String, Long> costs = new HashMap<>();
  private final Set<String> withUnnamed = new HashSet<>();
  private final List<LeftOut<?>> leftOut = new ArrayList<>();

  /**
   * An object that was given up.
   *
   * @param loop whose it is
   */
  record LeftOut<T>(KindLoop<T> loop, ApiObject<T> object) {}

  /**
   * @param room bytes of heap that all namespaces share
   */
  Shares(long room) {
    this.room = room;
  }

  /**
   * @param named the Secrets that Ingresses name
   */
  <T> void add(KindLoop<T> loop, ApiObject<T> object, Set<ObjectKey> named) {
    String namespace = object.key().namespace();
    costs.merge(namespace, (long) object.cost(), Long::sum);
    if (object.isLeftOut()) {
      leftOut.add(new LeftOut<>(loop, object));
    } else if (loop.target().kind() == ApiKind.SECRET && !named.contains(object.key())) {
      withUnnamed.add(namespace);
    }
  }

  /** The oldest first. */
  List<LeftOut<?>> leftOut() {
    leftOut.sort(Comparator.comparing(each -> each.object.created()));
    return leftOut;
  }

  /** Whether a named Secret that is read would be given up again, for want of one that is not. */
  boolean isFull(String namespace) {
    return !withUnnamed.contains(namespace);
  }

  /** Whether all of it is part of the equal share of its namespace; then it counts as taken. */
  boolean take(ApiObject<?> object) {
    String namespace = object.key().namespace();
    long cost = costs.getOrDefault(namespace, 0L) + more(object);
    if (cost > room / Math.max(1, costs.size())) return false;
    costs.put(namespace, cost);
    return true;
  }

  /** What all of it would cost besides. */
  static long more(ApiObject<?> object) {
    return (long) object.wholeCost() - object.cost();
  }
}

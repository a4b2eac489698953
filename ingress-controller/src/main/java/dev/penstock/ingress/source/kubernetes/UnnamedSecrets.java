package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Bounds what is kept of Secrets that no Ingress of ours names. They are kept at all so that a
 * certificate is there at once when an Ingress comes to name it; but anybody with a namespace may
 * make thousands. Above the bound the namespace that holds most gives up its largest one, again and
 * again, so that nobody takes the room of others. One that is left out is read by its name as soon
 * as it is named.
 */
final class UnnamedSecrets {
  /** Bytes of keys and values; some six thousand usual certificates with their keys. */
  static final long BYTES_MAX = 32 << 20;

  private UnnamedSecrets() {}

  /** The unnamed ones of a namespace, the smallest first. */
  private static final class Share<T> {
    private final List<ApiObject<T>> objects = new ArrayList<>();
    private long bytes;
  }

  /**
   * Leaves out of the objects what is above the bound.
   *
   * @param named the Secrets that Ingresses of ours name, which stay
   * @return whether anything was left out
   */
  static <T> boolean bound(
      Map<ObjectKey, ApiObject<T>> objects, Set<ObjectKey> named, long bytesMax) {
    Map<String, Share<T>> shares = new HashMap<>();
    long bytes = 0;
    for (ApiObject<T> object : objects.values()) {
      if (object.isLeftOut() || named.contains(object.key())) continue;
      Share<T> share = shares.computeIfAbsent(object.key().namespace(), name -> new Share<>());
      share.objects.add(object);
      share.bytes += bytes(object);
      bytes += bytes(object);
    }
    if (bytes <= bytesMax) return false;
    Comparator<Share<T>> byBytes = Comparator.comparingLong(share -> share.bytes);
    PriorityQueue<Share<T>> largestFirst = new PriorityQueue<>(byBytes.reversed());
    for (Share<T> share : shares.values()) {
      share.objects.sort(Comparator.comparingInt(UnnamedSecrets::bytes));
      largestFirst.add(share);
    }
    while (bytes > bytesMax) {
      Share<T> largest = largestFirst.remove();
      ApiObject<T> object = largest.objects.removeLast();
      objects.put(object.key(), object.leftOut());
      largest.bytes -= bytes(object);
      bytes -= bytes(object);
      largestFirst.add(largest);
    }
    return true;
  }

  private static int bytes(ApiObject<?> object) {
    return object.value() instanceof SecretObject secret ? secret.bytes() : 0;
  }
}

package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the objects of all namespaces cost together: anybody with a namespace may make
 * thousands, and the heap is everybody's. Every namespace has an equal share for sure. Above the
 * bound, of those that have more than that the newest object goes first, as if it had been refused
 * when it was made, so that what was there before is not given up for what somebody else makes. A
 * namespace gives up
 *
 * <ul>
 *   <li>of the kind of which its objects cost most,
 *   <li>Secrets that no Ingress names before those that are named, and they are read by their names
 *       as soon as they are;
 *   <li>all of an Ingress but, where it limits who may ask, its hosts, which are closed.
 * </ul>
 *
 * <p>One thread.
 */
final class ObjectBudget {
  /** Of the largest heap; the rest is for what is being read, compiled and sent. */
  static final int PART_OF_HEAP = 2;

  private static final int MIB = 1 << 20;

  /** Room for what was given up is looked for where so much of all is free. */
  private static final int FREE_PART = 8;

  /** So much of all is given up besides, so that not every object that comes is weighed anew. */
  private static final int SPARE_PART = 32;

  private final long costMax;
  private final Predicate<ApiObject<?>> isKept;
  private boolean isSomethingLeftOut;

  /**
   * @param costMax bytes of heap
   * @param isKept which objects are never given up
   */
  ObjectBudget(long costMax, Predicate<ApiObject<?>> isKept) {
    this.costMax = costMax;
    this.isKept = isKept;
  }

  /** Half of the heap. */
  static ObjectBudget ofHeap(Predicate<ApiObject<?>> isKept) {
    return new ObjectBudget(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, isKept);
  }

  /**
   * Gives up what is above the bound.
   *
   * @param loops those of the kinds of which anybody may make objects
   * @param named the Secrets that Ingresses name
   * @return whether anything was given up
   */
  boolean bound(Collection<? extends KindLoop<?>> loops, Set<ObjectKey> named) {
    long cost = cost(loops);
    if (cost <= costMax) return false;
    long meant = costMax - costMax / SPARE_PART;
    long above = cost - meant;
    Map<String, Share> shares = new HashMap<>();
    for (KindLoop<?> loop : loops) share(loop, named, shares);
    long equalShare = meant / Math.max(1, shares.size());
    PriorityQueue<Share> next =
        new PriorityQueue<>(
            Comparator.comparing((Share share) -> share.cost > equalShare)
                .thenComparing(share -> share.cost > equalShare ? share.newest() : Instant.EPOCH)
                .thenComparingLong(share -> share.cost)
                .reversed());
    next.addAll(shares.values());
    while (above > 0 && !next.isEmpty()) {
      Share share = next.remove();
      above -= share.giveUp();
      if (share.cost > 0) next.add(share);
    }
    isSomethingLeftOut = true;
    return true;
  }

  /**
   * What each namespace takes; nothing where nothing was given up.
   *
   * @param named the Secrets that Ingresses name
   */
  Shares shares(Collection<? extends KindLoop<?>> loops, Set<ObjectKey> named) {
    Shares shares = new Shares(costMax - costMax / SPARE_PART);
    if (!isSomethingLeftOut) return shares;
    for (KindLoop<?> loop : loops) addTo(shares, loop, named);
    return shares;
  }

  private <T> void addTo(Shares shares, KindLoop<T> loop, Set<ObjectKey> named) {
    for (ApiObject<T> object : loop.objects().all()) {
      if (!isKept.test(object)) shares.add(loop, object, named);
    }
  }

  /**
   * What was given up and has room now, the oldest first: where much of all is free, or in the
   * equal share of its namespace, for which others give up.
   */
  List<Shares.LeftOut<?>> roomFor(Collection<? extends KindLoop<?>> loops, Shares shares) {
    List<Shares.LeftOut<?>> all = shares.leftOut();
    isSomethingLeftOut =
        !all.isEmpty()
            || loops.stream()
                .anyMatch(loop -> loop.objects().isSomeForgotten() || loop.isListing());
    List<Shares.LeftOut<?>> fit = new ArrayList<>();
    boolean isFree = hasRoom(loops);
    long cost = cost(loops);
    for (Shares.LeftOut<?> each : all) {
      long more = Shares.more(each.object());
      boolean fits = shares.take(each.object()) || isFree && cost + more <= costMax;
      if (!fits) continue;
      cost += more;
      fit.add(each);
    }
    return fit;
  }

  boolean isSomethingLeftOut() {
    return isSomethingLeftOut;
  }

  /** Whether something was given up and not all of the room is taken. */
  boolean hasRoom(Collection<? extends KindLoop<?>> loops) {
    return isSomethingLeftOut && cost(loops) <= costMax - costMax / FREE_PART;
  }

  private static long cost(Collection<? extends KindLoop<?>> loops) {
    long cost = 0;
    for (KindLoop<?> loop : loops) cost += loop.held().cost();
    return cost;
  }

  private <T> void share(KindLoop<T> loop, Set<ObjectKey> named, Map<String, Share> shares) {
    KeptObjects<T> held = loop.held();
    ApiKind<T> kind = loop.target().kind();
    for (ApiObject<T> object : held.all()) {
      boolean isNamed = kind == ApiKind.SECRET && named.contains(object.key());
      Candidate<?> candidate = new Candidate<>(kind, held, object, isNamed);
      if (isKept.test(object) || candidate.isLeast()) continue;
      shares.computeIfAbsent(object.key().namespace(), namespace -> new Share()).add(candidate);
    }
  }

  /** What is left out, one for each namespace. */
  List<Diagnostic> told(Collection<? extends KindLoop<?>> loops) {
    if (!isSomethingLeftOut) return List.of();
    SortedMap<String, SortedMap<String, Integer>> counts = new TreeMap<>();
    for (KindLoop<?> loop : loops) {
      for (ApiObject<?> object : loop.objects().all()) {
        if (!object.isLeftOut()) continue;
        counts
            .computeIfAbsent(object.key().namespace(), namespace -> new TreeMap<>())
            .merge(loop.target().kind().plural(), 1, Integer::sum);
      }
    }
    List<Diagnostic> told = new ArrayList<>();
    counts.forEach((namespace, kinds) -> told.add(told(namespace, kinds)));
    return told;
  }

  private Diagnostic told(String namespace, SortedMap<String, Integer> kinds) {
    List<String> numbers = new ArrayList<>();
    kinds.forEach((kind, count) -> numbers.add(count + " " + kind));
    return Diagnostic.error(
            Source.of("Namespace", "", namespace),
            "",
            "has no room for "
                + String.join(", ", numbers)
                + ": the objects of all namespaces may take "
                + costMax / MIB
                + " MiB of memory, half of the heap, and this namespace takes more than its share; remove objects"
                + " there, or give the gateway more memory. Secrets that an Ingress names go last")
        .because(Reason.NO_ROOM);
  }

  /** The objects of a namespace. */
  private static final class Share {
    private final Map<ApiKind<?>, Group> groups = new HashMap<>();
    private long cost;

    void add(Candidate<?> candidate) {
      groups.computeIfAbsent(candidate.kind, kind -> new Group()).add(candidate);
      cost += candidate.object.cost();
    }

    /** How much is free by it. */
    long giveUp() {
      Group costliest = costliest();
      long before = costliest.cost;
      long free = costliest.giveUp();
      cost += costliest.cost - before;
      return free;
    }

    /** When the one was made that would be given up. */
    Instant newest() {
      return costliest().candidates.element().object.created();
    }

    private Group costliest() {
      return Collections.max(groups.values(), Comparator.comparingLong(group -> group.cost));
    }
  }

  /** Those of one kind. */
  private static final class Group {
    private final PriorityQueue<Candidate<?>> candidates = new PriorityQueue<>();
    private long cost;

    void add(Candidate<?> candidate) {
      candidates.add(candidate);
      cost += candidate.object.cost();
    }

    long giveUp() {
      Candidate<?> first = candidates.remove();
      cost -= first.object.cost();
      Candidate<?> less = first.less();
      if (less == null) return first.object.cost();
      if (!less.isLeast()) add(less);
      return (long) first.object.cost() - less.object.cost();
    }
  }

  /** An object that may be given up; those that go before others are the smaller ones. */
  private record Candidate<T>(
      ApiKind<T> kind, KeptObjects<T> held, ApiObject<T> object, boolean isNamed)
      implements Comparable<Candidate<?>> {
    private static final Comparator<Candidate<?>> ORDER =
        Comparator.comparingInt(Candidate<?>::turn)
            .thenComparing(each -> each.isNamed)
            .thenComparing(each -> each.object.created(), Comparator.reverseOrder())
            .thenComparing(
                Comparator.<Candidate<?>>comparingInt(each -> each.object.cost()).reversed())
            .thenComparing(each -> each.object.key());

    /** Whether nothing of it may be given up any more. */
    boolean isLeast() {
      return object.isLeftOut() && object.value() instanceof ServiceObject;
    }

    /** What is whole goes first. */
    private int turn() {
      if (!object.isLeftOut()) return 0;
      return object.value() != null ? 1 : 2;
    }

    /** Null when nothing is left of it. */
    @Nullable Candidate<T> less() {
      ApiObject<T> less = kind.less(object);
      if (less == null) held.forget(object.key());
      else held.put(less);
      return less == null ? null : new Candidate<>(kind, held, less, isNamed);
    }

    @Override
    public int compareTo(Candidate<?> other) {
      return ORDER.compare(this, other);
    }
  }
}

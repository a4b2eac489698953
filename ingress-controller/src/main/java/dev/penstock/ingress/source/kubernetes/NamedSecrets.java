package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.Absence;
import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Secrets that are referenced and that no watch of a scope has: each is followed by its name.
 * Where they are too many, each namespace has the same share, of which those that were found go
 * before others: who names what is not there takes no certificate from anybody.
 *
 * <p>One thread.
 */
final class NamedSecrets {
  /** Of one namespace, after as many at once as may be read at all. */
  private static final Duration BEGUN_EVERY = Duration.ofMillis(100);

  /** A watch that told of a Secret may have more to tell of its namespace for so long. */
  private static final Duration BEHIND = Duration.ofSeconds(1);

  /** The same where it was ended since. */
  private static final Duration BEHIND_WITHOUT_WATCH = Duration.ofSeconds(10);

  /** As {@link #BEGUN_EVERY} while a watch is behind, which may tell most of them itself. */
  private static final Duration BEGUN_BEHIND_EVERY = Duration.ofSeconds(1);

  private static final int BEGUN_BEHIND_AT_ONCE = 10;

  /** Bytes that have arrived in part. */
  private static final int BYTES_MAX = 16 << 20;

  private final KindSet<SecretObject> secrets;
  private final Machinery machinery;
  private final KindLoopOwner owner;
  private final Later lookAgain;
  private final SecretStarts starts;
  private final SecretStarts startsBehind;
  private final Map<String, Long> told = new HashMap<>();
  private final ReadRoom room = new ReadRoom(BYTES_MAX);
  private final Map<ObjectKey, KindLoop<SecretObject>> loops = new HashMap<>();
  private Map<ObjectKey, Absence> notFollowed = new HashMap<>();

  /**
   * @param secrets the loops that are there already have what needs not be read by its name
   * @param owner of the loops
   * @param lookAgain has {@link #follow} called again
   */
  NamedSecrets(
      KindSet<SecretObject> secrets, Machinery machinery, KindLoopOwner owner, Runnable lookAgain) {
    this.secrets = secrets;
    this.machinery = machinery;
    this.owner = owner;
    this.lookAgain = new Later(machinery, lookAgain);
    this.starts =
        new SecretStarts(machinery.nanoTime(), BEGUN_EVERY, ClusterView.NAMED_SECRETS_MAX);
    this.startsBehind =
        new SecretStarts(machinery.nanoTime(), BEGUN_BEHIND_EVERY, BEGUN_BEHIND_AT_ONCE);
  }

  /** A watch of a scope told of a Secret in this namespace, and may have more to tell. */
  void watchTold(String namespace) {
    told.put(namespace, machinery.nanoTime().getAsLong());
  }

  /**
   * Follows these, as many as may be, and no other.
   *
   * @param byType the loops of the scopes
   */
  void follow(Collection<ObjectKey> named, List<KindLoop<SecretObject>> byType, Shares shares) {
    Map<ObjectKey, Absence> absent = new HashMap<>();
    List<ObjectKey> wanted = new ArrayList<>();
    for (ObjectKey key : named) {
      ApiObject<SecretObject> known = known(key, byType);
      if (known != null && !known.isLeftOut()) continue;
      if (known != null) absent.put(key, Absence.NO_ROOM);
      if (known == null || isKept(key) || !shares.isFull(key.namespace())) wanted.add(key);
    }
    wanted.sort(
        Comparator.comparing((ObjectKey key) -> found(key) == null)
            .thenComparing(Comparator.naturalOrder()));
    wanted.forEach(key -> absent.putIfAbsent(key, Absence.UNSOUGHT));
    List<ObjectKey> followed =
        FairShare.of(wanted, ObjectKey::namespace, ClusterView.NAMED_SECRETS_MAX);
    followed.forEach(absent::remove);
    notFollowed = absent;
    Set<ObjectKey> left = new HashSet<>(loops.keySet());
    followed.forEach(left::remove);
    left.forEach(this::forget);
    long now = machinery.nanoTime().getAsLong();
    told.values().removeIf(nanos -> now - nanos > BEHIND_WITHOUT_WATCH.toNanos());
    starts.forgetUnused();
    startsBehind.forgetUnused();
    followed.forEach(key -> begin(key, isBehind(key.namespace(), byType)));
  }

  /** Whether the watch may have more to tell of this namespace. */
  private boolean isBehind(String namespace, List<KindLoop<SecretObject>> byType) {
    Long nanos = told.get(namespace);
    if (nanos == null) return false;
    boolean isWatching =
        byType.stream()
            .filter(loop -> loop.target().holds(namespace))
            .allMatch(KindLoop::isWatching);
    return !isWatching || machinery.nanoTime().getAsLong() - nanos < BEHIND.toNanos();
  }

  private static @Nullable ApiObject<SecretObject> known(
      ObjectKey key, List<KindLoop<SecretObject>> byType) {
    return byType.stream()
        .map(loop -> loop.objects().get(key))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private @Nullable ApiObject<SecretObject> found(ObjectKey key) {
    KindLoop<SecretObject> loop = loops.get(key);
    return loop == null ? null : loop.objects().get(key);
  }

  private boolean isKept(ObjectKey key) {
    ApiObject<SecretObject> found = found(key);
    return found != null && !found.isLeftOut();
  }

  private void begin(ObjectKey key, boolean isBehind) {
    if (loops.containsKey(key)) return;
    String namespace = key.namespace();
    if (isBehind && !startsBehind.mayStart(namespace) || !starts.mayStart(namespace)) {
      notFollowed.put(key, Absence.NOT_YET);
      lookAgain.in(BEGUN_EVERY.toNanos());
      return;
    }
    Target<SecretObject> target = Target.named(ApiKind.SECRET, key.namespace(), key.name());
    KindLoop<SecretObject> loop = new KindLoop<>(target, machinery, owner, true, false, room);
    secrets.add(loop);
    loops.put(key, loop);
    loop.start();
  }

  private void forget(ObjectKey key) {
    KindLoop<SecretObject> loop = loops.remove(key);
    if (loop == null) return;
    loop.stop();
    secrets.remove(loop);
    owner.following(loop); // nothing of it fails any more
  }

  /** Whether every one that was begun has been read. */
  boolean isRead() {
    return loops.values().stream().allMatch(KindLoop::isSynced);
  }

  /** Whether some wait for their turn. */
  boolean isSomeToBegin() {
    return notFollowed.containsValue(Absence.NOT_YET);
  }

  /** Of which nothing is known, and why, as far as it is not that there are none. */
  Map<ObjectKey, Absence> absent() {
    Map<ObjectKey, Absence> absent = new HashMap<>(notFollowed);
    loops.forEach((key, loop) -> {
      ApiObject<SecretObject> found = found(key);
      if (!loop.isSynced()) absent.put(key, Absence.NOT_YET);
      else if (loop.isForbidden()) absent.put(key, Absence.FORBIDDEN);
      else if (found != null && found.isLeftOut()) absent.put(key, Absence.NO_ROOM);
    });
    return absent;
  }
}

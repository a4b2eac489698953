package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.PublishedAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the gateway's addresses into {@code status.loadBalancer} of our Ingresses, while this
 * replica leads.
 *
 * <p>The leader watches the status of all Ingresses by loops of its own, so that what it writes
 * comes back to it and not to the translation, and writes where ours differ: one request at a time,
 * at most one in {@link #WRITES_EVERY_MIN}, one Ingress at most once in {@link #REWRITE_EVERY_MIN}
 * however often somebody else writes something different. What the API server refuses is left until
 * the Ingress changes.
 *
 * <p>Everything happens on the thread of the {@link Machinery}.
 */
final class StatusWriter {
  /** In {@code metadata.managedFields}. */
  static final String FIELD_MANAGER = "penstock-ingress-status";

  /** Changes that come together are looked at together. */
  private static final Duration LOOK_AFTER = Duration.ofMillis(100);

  /** 50 a second: 5,000 Ingresses get their first address within 100 s. */
  private static final Duration WRITES_EVERY_MIN = Duration.ofMillis(20);

  /** Two controllers that write the same status would go on for ever. */
  static final Duration REWRITE_EVERY_MIN = Duration.ofSeconds(10);

  /** Of a Service with more the first ones are written. */
  static final int ADDRESSES_MAX = 100;

  /** However long the server asks to be left alone. */
  private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(10);

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

  /**
   * What was written last to an Ingress, or is on its way.
   *
   * @param version of the Ingress before it
   */
  private record Written(String version, List<PublishedAddress> addresses, long atNanos) {}

  private final StatusSettings settings;
  private final KubernetesScope scope;
  private final Machinery machinery;
  private final Function<ClusterView, Set<ObjectKey>> ownIngresses;
  private final Leadership leadership;
  private final Backoff backoff;
  private final RareWarning failure;

  private final KindSet<List<PublishedAddress>> statuses = new KindSet<>();
  private final AddressSource source;
  private @Nullable ClusterView view;
  private @Nullable ClusterView ownRead;
  private Set<ObjectKey> own = Set.of();

  /** The last addresses that were known; empty = none were yet. */
  private List<PublishedAddress> lastKnown = List.of();

  private final Map<ObjectKey, Written> written = new HashMap<>();
  private final Deque<ObjectKey> pending = new ArrayDeque<>();
  private @Nullable ApiRequest request;
  private boolean isLookDue;
  private boolean isSecondLookDue;
  private boolean isWriteDue;
  private @Nullable Runnable afterEnd;
  private boolean isEnding;
  private int forbiddenInARow;

  /**
   * @param scope whose Ingresses are written
   * @param ownIngresses those of a view that are ours; pure
   */
  StatusWriter(
      StatusSettings settings,
      KubernetesScope scope,
      Machinery machinery,
      Function<ClusterView, Set<ObjectKey>> ownIngresses,
      Leadership leadership) {
    this.settings = settings;
    this.scope = scope;
    this.machinery = machinery;
    this.ownIngresses = ownIngresses;
    this.leadership = leadership;
    this.backoff = new Backoff(machinery.random());
    this.failure = new RareWarning(LOG, machinery.nanoTime());
    this.source = new AddressSource(settings.addresses(), machinery, new Changes(), failure);
  }

  /** There are other objects. */
  void onView(ClusterView next) {
    view = next;
    lookIsDue(LOOK_AFTER.toNanos());
  }

  private long now() {
    return machinery.nanoTime().getAsLong();
  }

  // ---- what is read

  /** From now on this replica leads. */
  void leading() {
    Collection<String> namespaces = scope.isWholeCluster() ? Set.of("") : scope.namespaces();
    for (String namespace : namespaces) {
      statuses.add(loop(new Target<>(ApiKind.INGRESS_STATUS, namespace, "")));
    }
    source.start();
    statuses.loops().forEach(KindLoop::start);
  }

  private KindLoop<List<PublishedAddress>> loop(Target<List<PublishedAddress>> target) {
    return new KindLoop<>(target, machinery, new Changes(), false, false, ReadRoom.ofItsOwn());
  }

  /** From now on it does not. */
  void following() {
    List.copyOf(statuses.loops())
        .forEach(loop -> {
          loop.stop();
          statuses.remove(loop);
        });
    source.stop();
    pending.clear();
    written.clear();
  }

  private final class Changes implements KindLoopOwner {
    @Override
    public void changed(KindLoop<?> loop) {
      statuses.changed();
      lookIsDue(LOOK_AFTER.toNanos());
    }

    @Override
    public void failing(KindLoop<?> loop, String why) {
      failure.tell("the status of Ingresses waits: " + loop.target() + " cannot be read: " + why);
    }

    @Override
    public void following(KindLoop<?> loop) {}
  }

  /** Null when it is not known. */
  private @Nullable List<PublishedAddress> addresses() {
    List<PublishedAddress> all = source.addresses();
    if (all == null) return null;
    lastKnown = all.subList(0, Math.min(all.size(), ADDRESSES_MAX));
    return lastKnown;
  }

  /** Made anew only where it can have changed: endpoints change far more often. */
  @SuppressWarnings("ReferenceEquality")
  private Set<ObjectKey> own() {
    ClusterView now = view;
    if (now == null) return Set.of();
    ClusterView read = ownRead;
    boolean isRead =
        read != null && read.ingresses() == now.ingresses() && read.classes().equals(now.classes());
    if (!isRead) own = ownIngresses.apply(now);
    ownRead = now;
    return own;
  }

  // ---- what is to be written

  private void lookIsDue(long waitNanos) {
    if (isLookDue || isEnding || !leadership.isLeading()) return;
    isLookDue = true;
    schedule(
        () -> {
          isLookDue = false;
          look();
        },
        waitNanos);
  }

  private void look() {
    if (isEnding || !leadership.isLeading()) return;
    if (!statuses.loops().stream().allMatch(KindLoop::isSynced)) return;
    List<PublishedAddress> wanted = addresses();
    if (wanted == null) return;
    Set<ObjectKey> ours = own();
    Map<ObjectKey, ApiObject<List<PublishedAddress>>> found = differing(ours, wanted);
    written.keySet().retainAll(ours);
    pending.clear();
    found.keySet().stream().sorted().filter(key -> isDue(found, key, wanted)).forEach(pending::add);
    writeNext();
  }

  private Map<ObjectKey, ApiObject<List<PublishedAddress>>> differing(
      Set<ObjectKey> ours, List<PublishedAddress> wanted) {
    return statuses.loops().stream()
        .flatMap(loop -> loop.objects().all().stream())
        .filter(object -> ours.contains(object.key()) && !wanted.equals(object.value()))
        .collect(Collectors.toMap(ApiObject::key, object -> object));
  }

  /** Not twice for the same reason, and not too often for any. */
  private boolean isDue(
      Map<ObjectKey, ApiObject<List<PublishedAddress>>> found,
      ObjectKey key,
      List<PublishedAddress> wanted) {
    Written last = written.get(key);
    ApiObject<List<PublishedAddress>> object = found.get(key);
    if (last == null || object == null || !last.addresses.equals(wanted)) return true;
    if (last.version.equals(object.version())) return false;
    long rest = last.atNanos + REWRITE_EVERY_MIN.toNanos() - now();
    if (rest > 0) lookAgainAfter(rest);
    return rest <= 0;
  }

  private void lookAgainAfter(long waitNanos) {
    if (isSecondLookDue) return;
    isSecondLookDue = true;
    schedule(
        () -> {
          isSecondLookDue = false;
          look();
        },
        waitNanos);
  }

  // ---- writing

  private void writeNext() {
    if (request != null || isWriteDue) return;
    List<PublishedAddress> wanted = isEnding ? List.of() : addresses();
    if (wanted == null || !leadership.isLeading()) pending.clear();
    while (request == null && wanted != null && !pending.isEmpty()) {
      write(pending.remove(), wanted);
    }
    Runnable then = afterEnd;
    if (request != null || then == null) return;
    afterEnd = null;
    then.run();
  }

  private void write(ObjectKey key, List<PublishedAddress> wanted) {
    ApiObject<List<PublishedAddress>> object = status(key);
    if (object == null || !own().contains(key)) return; // it has gone, or is not ours any more
    String path = ApiKind.INGRESS_STATUS.path(key.namespace()) + "/" + key.name() + "/status";
    ApiWrite write = ApiWrite.apply(path, FIELD_MANAGER, body(object, wanted));
    written.put(key, new Written(object.version(), wanted, now()));
    request = ApiRequest.send(machinery, write, answer -> onWritten(key, answer));
  }

  private @Nullable ApiObject<List<PublishedAddress>> status(ObjectKey key) {
    for (KindLoop<List<PublishedAddress>> loop : statuses.loops()) {
      ApiObject<List<PublishedAddress>> found = loop.objects().get(key);
      if (found != null) return found;
    }
    return null;
  }

  /** With its uid, so that another Ingress of the same name is not meant. */
  private static String body(
      ApiObject<List<PublishedAddress>> object, List<PublishedAddress> addresses) {
    String entries =
        addresses.stream()
            .map(address ->
                address.ip().isEmpty()
                    ? "{\"hostname\":" + ApiWrite.quoted(address.hostname()) + "}"
                    : "{\"ip\":" + ApiWrite.quoted(address.ip()) + "}")
            .collect(Collectors.joining(","));
    return "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"Ingress\",\"metadata\":{\"name\":"
        + ApiWrite.quoted(object.key().name())
        + ",\"namespace\":"
        + ApiWrite.quoted(object.key().namespace())
        + ",\"uid\":"
        + ApiWrite.quoted(object.uid())
        + "},\"status\":{\"loadBalancer\":{\"ingress\":["
        + entries
        + "]}}}";
  }

  private void onWritten(ObjectKey key, ApiRequest.Answer answer) {
    request = null;
    int status = answer.status();
    boolean isLasting = answer.fault().isEmpty() && status >= 400 && status < 500;
    boolean isOurs = status == FORBIDDEN || status == TOO_MANY || status == 401;
    if (answer.isGood() || isLasting && !isOurs) {
      backoff.reset();
      forbiddenInARow = 0;
      boolean isGone = status == NOT_FOUND || status == CONFLICT;
      if (answer.isGood()) failure.works();
      else if (!isGone) failure.tell(refused(key, answer) + "; it is left as it is");
      writeAfter(isEnding ? 0 : WRITES_EVERY_MIN.toNanos());
      return;
    }
    if (isEnding) {
      LOG.warn("{}; what is left keeps its addresses", refused(key, answer));
      pending.clear();
      writeNext();
      return;
    }
    written.remove(key);
    pending.addLast(key);
    failure.tell(
        refused(key, answer)
            + "; it is tried again"
            + (status == FORBIDDEN ? " (grant patch on ingresses/status)" : ""));
    writeAfter(
        status == FORBIDDEN ? forbiddenNanos() : Math.max(backoff.nextNanos(), asked(answer)));
  }

  private static long asked(ApiRequest.Answer answer) {
    return Math.min(
        TimeUnit.SECONDS.toNanos(answer.retryAfterSeconds()), RETRY_AFTER_MAX.toNanos());
  }

  /** The right may be missing in one namespace: the others go on until all were refused. */
  private long forbiddenNanos() {
    if (++forbiddenInARow < pending.size()) return WRITES_EVERY_MIN.toNanos();
    forbiddenInARow = 0;
    return RETRY_AFTER_MAX.toNanos();
  }

  private static String refused(ObjectKey key, ApiRequest.Answer answer) {
    return "the status of Ingress " + key + " could not be written: " + answer.reason();
  }

  private void writeAfter(long waitNanos) {
    isWriteDue = true;
    schedule(
        () -> {
          isWriteDue = false;
          writeNext();
        },
        waitNanos);
  }

  private void schedule(Runnable task, long waitNanos) {
    machinery.thread().schedule(task, Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
  }

  // ---- the end

  /**
   * Takes the addresses away if told to; once.
   *
   * @param then runs when that is done, or has failed
   */
  void end(Runnable then) {
    addresses(); // the Service may have gone already, with the gateway
    List<PublishedAddress> ours = leadership.isLeading() ? lastKnown : List.of();
    Set<ObjectKey> keys = own();
    isEnding = true;
    afterEnd = then;
    isWriteDue = false;
    pending.clear();
    if (settings.clearsAtEnd() && !ours.isEmpty()) {
      statuses.loops().stream()
          .flatMap(loop -> loop.objects().all().stream())
          .filter(object -> keys.contains(object.key()) && holds(object, ours))
          .map(ApiObject::key)
          .sorted()
          .forEach(pending::add);
    }
    writeNext();
  }

  /** Or will, when the watch has told what was written. */
  private boolean holds(ApiObject<List<PublishedAddress>> object, List<PublishedAddress> ours) {
    Written last = written.get(object.key());
    boolean isOnItsWay =
        last != null && last.version.equals(object.version()) && last.addresses.equals(ours);
    return isOnItsWay || ours.equals(object.value());
  }
}

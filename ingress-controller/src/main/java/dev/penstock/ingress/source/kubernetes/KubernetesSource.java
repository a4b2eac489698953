package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapObject;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kubernetes API as a source: one loop of list and watch for each kind and scope, and one view
 * of all of them.
 *
 * <p>The first view is told when every loop has been listed once. Later ones follow each change, at
 * most one in {@link #VIEWS_EVERY_MIN}: changes that come together are told together. What cannot
 * be followed at the moment keeps its last good state.
 *
 * <p>Everything happens on the thread of the {@link Machinery}.
 */
public final class KubernetesSource implements AutoCloseable {
  /** How the message of an outage ends before the first view. */
  public static final String NOTHING_YET = "; nothing is served until it does";

  private static final String SERVED_ON = "; what was served before is served on";

  private static final String TLS_SECRETS = "fieldSelector=type=kubernetes.io/tls";
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);

  /**
   * A change by itself is told at once. Between two views is at least as much time as the first one
   * took: who changes much must not keep this thread from reading what others change.
   */
  private static final Duration VIEWS_EVERY_MIN = Duration.ofMillis(10);

  /** However long the first one took: it may have been the machine that stood still. */
  private static final Duration VIEWS_PAUSE_MAX = Duration.ofMillis(500);

  /** A loop that fails for less is not worth a word: API servers restart. */
  private static final Duration OUTAGE_TOLD_AFTER = Duration.ofSeconds(5);

  /** However often the reason changes. */
  private static final Duration OUTAGE_TOLD_EVERY_MIN = Duration.ofSeconds(30);

  /** How long a change waits for Secrets that have to be read by name for it. */
  private static final Duration NAMED_SECRETS_WAIT_MAX = Duration.ofSeconds(1);

  /** The same before the first view; until then the last good state is served, or nothing is. */
  private static final Duration NAMED_SECRETS_FIRST_WAIT_MAX = Duration.ofSeconds(10);

  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(5);

  /** A loop that does not follow. */
  private record Failing(long sinceNanos, String why) {}

  private final KubernetesScope scope;
  private final Machinery machinery;
  private final Function<ClusterView, Set<ObjectKey>> secretReferences;
  private final ObjectBudget budget;
  private final TakingBack takingBack;

  private final KindSet<IngressObject> ingresses = new KindSet<>();
  private final KindSet<IngressClassObject> classes = new KindSet<>();
  private final KindSet<ServiceObject> services = new KindSet<>();
  private final KindSet<EndpointSliceObject> slices = new KindSet<>();
  private final KindSet<SecretObject> secrets = new KindSet<>();
  private final KindSet<ConfigMapObject> configMaps = new KindSet<>();
  private final KindSet<ObjectKey> namespaces = new KindSet<>();
  private final EmptyNamespaces emptyNamespaces;
  private final List<KindLoop<?>> scopeLoops = new ArrayList<>();
  private final List<KindLoop<SecretObject>> secretsByType = new ArrayList<>();
  private final NamedSecrets secretsByName;

  private final Map<KindLoop<?>, Failing> failing = new LinkedHashMap<>();

  private final Later outageLook;

  private boolean somethingIsServed;
  private @Nullable SourceListener listener;
  private boolean isViewDue;
  private boolean isViewTold;
  private boolean areSecretsBegun;
  private long viewEndedNanos;
  private long viewTookNanos;
  private boolean isWaitingForSecrets;
  private long waitingSinceNanos;
  private @Nullable ClusterView referencesRead;
  private Set<ObjectKey> references = Set.of();
  private String outageTold = "";
  private long outageToldNanos;
  private boolean isClosed;

  /**
   * @param secretReferences the Secrets that the objects of a view name and that count; pure
   */
  public KubernetesSource(
      KubernetesScope scope,
      Machinery machinery,
      Function<ClusterView, Set<ObjectKey>> secretReferences) {
    this(scope, machinery, secretReferences, ObjectBudget.ofHeap(scope::isNeverGivenUp));
  }

  KubernetesSource(
      KubernetesScope scope,
      Machinery machinery,
      Function<ClusterView, Set<ObjectKey>> secretReferences,
      ObjectBudget budget) {
    this.scope = scope;
    this.machinery = machinery;
    this.secretReferences = secretReferences;
    this.emptyNamespaces = new EmptyNamespaces(machinery, this::viewIsDue);
    this.budget = budget;
    this.takingBack = new TakingBack(machinery, budget, this::viewIsDue);
    this.secretsByName =
        new NamedSecrets(secrets, machinery, new LoopOwner(secrets), this::viewIsDue);
    this.outageLook = new Later(machinery, this::tellOutage);
  }

  /**
   * Tells, before {@link #start}, that something is served already, from the last good state: then
   * a cluster without an Ingress, a class, a Service or an EndpointSlice is doubted at first.
   */
  public void servedAlready() {
    somethingIsServed = true;
  }

  /** Begins to follow. The listener is called on the thread of the machinery. */
  public void start(SourceListener changes) {
    machinery.thread().execute(() -> begin(changes));
  }

  /** Ends following; after it returns the listener is not called any more. */
  @Override
  public void close() {
    try {
      machinery.thread().submit(this::end).get(CLOSE_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException ended) {
      // nothing runs any more
    } catch (ExecutionException | TimeoutException bug) {
      LOG.warn("the watches of the API server were not ended in order: {}", bug.toString());
    }
  }

  private void begin(SourceListener changes) {
    listener = changes;
    // With Roles alone nobody may list what has no namespace; classes are then known by name only.
    boolean areClassesOptional = !scope.isWholeCluster();
    add(
        classes,
        new Target<>(ApiKind.INGRESS_CLASS, "", ""),
        areClassesOptional,
        somethingIsServed);
    if (!scope.namespaceSelector().isEmpty()) {
      String selector = "labelSelector=" + scope.namespaceSelector();
      add(namespaces, new Target<>(ApiKind.NAMESPACE, "", selector), false, somethingIsServed);
    }
    Set<String> each = scope.isWholeCluster() ? Set.of("") : scope.namespaces();
    for (String namespace : each) {
      // One that may not be read holds up no other.
      boolean isOptional = isOneOfMany(namespace);
      add(ingresses, new Target<>(ApiKind.INGRESS, namespace, ""), isOptional, somethingIsServed);
      add(services, new Target<>(ApiKind.SERVICE, namespace, ""), isOptional, somethingIsServed);
      if (scope.judgesOnly()) continue;
      add(
          slices,
          new Target<>(ApiKind.ENDPOINT_SLICE, namespace, ""),
          isOptional,
          somethingIsServed);
      if (scope.secrets() == KubernetesScope.SecretsMode.TLS) {
        secretsByType.add(
            add(secrets, new Target<>(ApiKind.SECRET, namespace, TLS_SECRETS), isOptional, false));
      }
    }
    ObjectKey ofApiServers = EndpointSliceObject.OF_API_SERVERS;
    boolean isRead =
        scope.isWholeCluster() || scope.namespaces().contains(ofApiServers.namespace());
    if (!isRead && !scope.judgesOnly()) {
      add(slices, named(ApiKind.ENDPOINT_SLICE, ofApiServers), true, false);
    }
    if (scope.isGatewayElsewhere()) {
      add(slices, Target.slicesOf(scope.gateway().orElseThrow()), true, false);
    }
    for (ObjectKey name : scope.configMaps()) {
      // A forbidden one is told. What was in force stays, but without it nothing may be served:
      // what the ConfigMap protects would be open.
      boolean isOptional = somethingIsServed || scope.judgesOnly();
      add(configMaps, named(ApiKind.CONFIG_MAP, name), isOptional, false);
    }
    allLoops().forEach(scopeLoops::add);
    scopeLoops.stream().filter(loop -> !isByType(loop)).forEach(KindLoop::start);
  }

  private boolean isOneOfMany(String namespace) {
    return scope.namespaces().size() > 1 && scope.namespaces().contains(namespace);
  }

  private boolean isByType(KindLoop<?> loop) {
    return secretsByType.contains(loop);
  }

  private static <T> Target<T> named(ApiKind<T> kind, ObjectKey key) {
    return Target.named(kind, key.namespace(), key.name());
  }

  private <T> KindLoop<T> add(
      KindSet<T> set, Target<T> target, boolean forbiddenIsEmpty, boolean emptyFirstIsDoubted) {
    KindLoop<T> loop =
        new KindLoop<>(
            target,
            machinery,
            new LoopOwner(set),
            forbiddenIsEmpty,
            emptyFirstIsDoubted,
            ReadRoom.ofItsOwn());
    set.add(loop);
    return loop;
  }

  private void end() {
    isClosed = true;
    takingBack.stop();
    allLoops().forEach(KindLoop::stop);
  }

  /**
   * The object that a diagnostic is about; empty when it is none that is followed. On the thread of
   * the machinery.
   */
  Optional<ApiReference> reference(Source about) {
    ObjectKey key = new ObjectKey(about.namespace(), about.name());
    return allLoops()
        .filter(loop -> loop.target().kind().name().equals(about.kind()))
        .flatMap(loop -> reference(loop, key).stream())
        .findFirst();
  }

  private static Optional<ApiReference> reference(KindLoop<?> loop, ObjectKey key) {
    ApiKind<?> kind = loop.target().kind();
    return Optional.ofNullable(loop.objects().get(key))
        .map(object ->
            new ApiReference(
                kind.version(), kind.name(), key.namespace(), key.name(), object.uid()));
  }

  private Stream<KindLoop<?>> allLoops() {
    return Stream.of(ingresses, classes, services, slices, secrets, configMaps, namespaces)
        .flatMap(set -> set.loops().stream());
  }

  private final class LoopOwner implements KindLoopOwner {
    private final KindSet<?> set;

    LoopOwner(KindSet<?> set) {
      this.set = set;
    }

    /**
     * An API server that starts forbids everything until it has read the roles: of one namespace of
     * many it is meant when another one may be read.
     */
    @Override
    public boolean isForbiddingMeant(KindLoop<?> loop) {
      if (isOneOfMany(loop.target().namespace())) {
        return set.loops().stream().anyMatch(other -> other.isSynced() && !other.isForbidden());
      }
      return scopeLoops.stream()
          .allMatch(other ->
              other.isSynced()
                  || other.isOptional() && !isOneOfMany(other.target().namespace())
                  || isByType(other));
    }

    @Override
    public void gathered() {
      if (isBounded()) viewIsDue();
    }

    @Override
    public void told(KindLoop<?> loop, ObjectKey key) {
      if (isByType(loop)) secretsByName.watchTold(key.namespace());
    }

    @Override
    public void changed(KindLoop<?> loop) {
      set.changed();
      if (set == namespaces) {
        Stream.of(ingresses, services, slices, secrets).forEach(KindSet::changed);
      }
      viewIsDue();
    }

    @Override
    public void failing(KindLoop<?> loop, String why) {
      long now = machinery.nanoTime().getAsLong();
      Failing before = failing.get(loop);
      failing.put(loop, new Failing(before == null ? now : before.sinceNanos, why));
      if (before == null) LOG.debug("{} cannot be followed: {}", loop.target(), why);
      tellOutage();
    }

    @Override
    public void following(KindLoop<?> loop) {
      if (failing.remove(loop) == null || outageTold.isEmpty()) return;
      if (outage() == null) {
        outageTold = "";
        viewIsDue(); // which ends the outage
      } else {
        tellOutage();
      }
    }
  }

  // ---- views

  private void viewIsDue() {
    if (isViewDue || isClosed) return;
    isViewDue = true;
    long pause = Math.clamp(viewTookNanos, VIEWS_EVERY_MIN.toNanos(), VIEWS_PAUSE_MAX.toNanos());
    long rest = isViewTold ? viewEndedNanos + pause - machinery.nanoTime().getAsLong() : 0;
    machinery.thread().schedule(this::view, Math.max(0, rest), TimeUnit.NANOSECONDS);
  }

  private void view() {
    isViewDue = false;
    if (isClosed) return;
    long begun = machinery.nanoTime().getAsLong();
    assembleView();
    viewEndedNanos = machinery.nanoTime().getAsLong();
    viewTookNanos = viewEndedNanos - begun;
  }

  private void assembleView() {
    SourceListener told = listener;
    if (told == null) return;
    if (!scopeLoops.stream().allMatch(loop -> loop.isSynced() || isByType(loop))) return;
    try {
      ClusterView view = assembled();
      readReferences(view);
      // Not before it is known which of them are named, and so have to be kept.
      if (!areSecretsBegun) secretsByType.forEach(KindLoop::start);
      areSecretsBegun = true;
      if (!secretsByType.stream().allMatch(KindLoop::isSynced)) return;
      if (isBounded()) readReferences(assembled());
      List<ObjectKey> named = references.stream().filter(scope::isReadByName).toList();
      Shares shares = budget.shares(bounded().toList(), references);
      secretsByName.follow(named, secretsByType, shares);
      if (isHeldBySecrets()) return;
      if (!emptyNamespaces.lookAt(namespacesWithoutAnything()) && !isViewTold) return;
      tell(told, assembled());
      takingBack.look(bounded().toList(), shares);
    } catch (RuntimeException bug) {
      LOG.error("what the API server tells could not be handled; the last good state stands", bug);
    }
  }

  private ClusterView assembled() {
    Predicate<ObjectKey> isAdmitted = isAdmitted();
    Map<String, IngressClassObject> byName = new HashMap<>();
    classes.values(key -> true).forEach((key, value) -> byName.put(key.name(), value));
    return new ClusterView(
        ingresses.values(isAdmitted),
        byName,
        services.values(isAdmitted),
        slices.values(key -> scope.isAlwaysRead(key) || isAdmitted.test(key)),
        secrets.values(isAdmitted),
        configMaps.values(key -> true),
        Set.of(),
        secretsByName.absent());
  }

  private Predicate<ObjectKey> isAdmitted() {
    if (scope.namespaceSelector().isEmpty()) return key -> true;
    Map<ObjectKey, ObjectKey> admitted = namespaces.values(key -> true);
    return key -> admitted.containsKey(new ObjectKey("", key.namespace()));
  }

  private void tell(SourceListener told, ClusterView view) {
    isViewTold = true;
    List<Diagnostic> diagnostics = new ArrayList<>();
    Stream.of(ingresses, classes, services, slices, secrets, configMaps)
        .forEach(set -> diagnostics.addAll(set.diagnostics()));
    allLoops().filter(KindLoop::isForbidden).forEach(loop -> diagnostics.add(forbidden(loop)));
    diagnostics.addAll(emptyNamespaces.diagnostics());
    diagnostics.addAll(budget.told(bounded().toList()));
    Diagnostic outage = outageTold.isEmpty() ? null : outage();
    if (outage != null) diagnostics.add(outage);
    told.onView(new Translation<>(view, diagnostics));
    if (outage != null) told.onOutage(outage); // a view would end it
  }

  // ---- memory

  /** Those of the kinds of which anybody with a namespace may make objects. */
  private Stream<KindLoop<?>> bounded() {
    return Stream.of(ingresses, services, slices, secrets).flatMap(set -> set.loops().stream());
  }

  /** Whether anything had to be given up. */
  private boolean isBounded() {
    if (!budget.bound(bounded().toList(), references)) return false;
    Stream.of(ingresses, services, slices, secrets).forEach(KindSet::changed);
    return true;
  }

  // ---- Secrets

  /** Made anew only where something can have changed: endpoints change far more often. */
  @SuppressWarnings("ReferenceEquality")
  private void readReferences(ClusterView view) {
    ClusterView read = referencesRead;
    boolean isRead =
        read != null
            && read.ingresses() == view.ingresses()
            && read.classes().equals(view.classes());
    if (!isRead) references = secretReferences.apply(view);
    referencesRead = view;
  }

  /** Whether the view should wait for Secrets that it names; they come within milliseconds. */
  private boolean isHeldBySecrets() {
    long now = machinery.nanoTime().getAsLong();
    if (secretsByName.isRead() && (isViewTold || !secretsByName.isSomeToBegin())) {
      isWaitingForSecrets = false;
      return false;
    }
    long most = (isViewTold ? NAMED_SECRETS_WAIT_MAX : NAMED_SECRETS_FIRST_WAIT_MAX).toNanos();
    if (!isWaitingForSecrets) {
      isWaitingForSecrets = true;
      waitingSinceNanos = now;
      machinery.thread().schedule(this::viewIsDue, most, TimeUnit.NANOSECONDS);
    }
    return now - waitingSinceNanos < most;
  }

  private Diagnostic forbidden(KindLoop<?> loop) {
    return Diagnostic.warning(
        Source.of(loop.target().kind().name(), loop.target().namespace(), ""),
        "",
        "the API server forbids to read "
            + loop.target()
            + ", so that "
            + consequence(loop.target())
            + " ("
            + loop.forbidden()
            + "); grant list and watch to the service account");
  }

  private String consequence(Target<?> forbidden) {
    if (forbidden.equals(named(ApiKind.ENDPOINT_SLICE, EndpointSliceObject.OF_API_SERVERS))) {
      return "of the API servers only that address is kept from other EndpointSlices under which"
          + " this process asks";
    }
    boolean isOfGateway =
        scope.gateway().map(Target::slicesOf).filter(forbidden::equals).isPresent();
    return isOfGateway
        ? "of the gateway's pods only this one is kept from other EndpointSlices"
        : "there is none here";
  }

  private Set<String> namespacesWithoutAnything() {
    Set<String> left = new HashSet<>(scope.namespaces());
    Stream.of(ingresses, services, slices)
        .flatMap(set -> set.loops().stream())
        .filter(loop -> !loop.objects().isEmpty())
        .forEach(loop -> left.remove(loop.target().namespace()));
    return left;
  }

  // ---- outages

  private void tellOutage() {
    SourceListener told = listener;
    if (told == null || isClosed || failing.isEmpty()) return;
    Diagnostic outage = outage();
    if (outage == null) {
      outageLook.in(OUTAGE_TOLD_AFTER.toNanos());
      return;
    }
    long now = machinery.nanoTime().getAsLong();
    boolean isTold =
        outage.message().equals(outageTold)
            || !outageTold.isEmpty() && now - outageToldNanos < OUTAGE_TOLD_EVERY_MIN.toNanos();
    if (isTold) return;
    outageTold = outage.message();
    outageToldNanos = now;
    told.onOutage(outage);
  }

  /** What has not been followed for a while; null when there is nothing. */
  private @Nullable Diagnostic outage() {
    long now = machinery.nanoTime().getAsLong();
    List<String> found =
        failing.entrySet().stream()
            .filter(e -> now - e.getValue().sinceNanos >= OUTAGE_TOLD_AFTER.toNanos())
            .map(e -> e.getKey().target() + ": " + e.getValue().why)
            .sorted()
            .toList();
    if (found.isEmpty()) return null;
    String more = found.size() == 1 ? "" : " (and " + (found.size() - 1) + " more)";
    return Diagnostic.error(
        Source.of("", "", machinery.api().address()),
        "",
        "the API server does not tell "
            + found.getFirst()
            + more
            + (isViewTold || somethingIsServed ? SERVED_ON : NOTHING_YET));
  }
}

package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries every change of the source to the data plane: translates the newest view and publishes
 * what differs.
 *
 * <p>The first change is applied at once. Views that arrive while one is being applied replace each
 * other, so that the next application takes the newest and none is queued: the delay is bounded by
 * two applications however fast changes come. When only endpoints differ, they take the fast road
 * ({@link Sink#endpoints}). What cannot be translated or published is reported, and what was
 * published before serves on.
 */
public final class ChangeLoop implements SourceListener {
  /** How often {@link #judgeAgain} is due: a certificate that has expired is told so soon. */
  public static final Duration JUDGED_EVERY = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(ChangeLoop.class);

  private final Translator translator;
  private final Sink sink;
  private final Consumer<Publication> applied;
  private final Executor thread;
  private final InstantSource clock;
  private final DiagnosticLog diagnosticLog = new DiagnosticLog(LOG);
  private final AtomicReference<@Nullable Change> pending = new AtomicReference<>();

  private volatile SyncStatus status = SyncStatus.INITIAL;
  private volatile List<Diagnostic> diagnostics = List.of();

  /** Owned by the loop's thread, as all that follows: the view that was to be served last. */
  private @Nullable Translation<ClusterView> newest;

  private List<Diagnostic> ofView = List.of();

  /** Why nothing newer can be had; null when it can. */
  private @Nullable Diagnostic outage;

  /** The last view that was served, whole or by its endpoints. */
  private @Nullable Served last;

  /** Null until something was published. */
  private @Nullable Publication served;

  /**
   * @param found what is wrong with it
   */
  private record Served(ClusterView view, List<Diagnostic> found) {}

  /** What has arrived since the last application. */
  private record Change(@Nullable Translation<ClusterView> view, @Nullable Diagnostic outage) {}

  /**
   * @param served what the sink serves already (the last good state from disk); null when nothing
   * @param applied hears of every publication that the sink has taken, on the loop's thread; for
   *     the state on disk
   * @param thread runs one task at a time, in order: a single-thread executor, which the caller
   *     owns and ends
   */
  public ChangeLoop(
      Translator translator,
      Sink sink,
      @Nullable Publication served,
      Consumer<Publication> applied,
      Executor thread,
      InstantSource clock) {
    this.translator = translator;
    this.sink = sink;
    this.served = served;
    this.applied = applied;
    this.thread = thread;
    this.clock = clock;
  }

  /** From any thread. */
  @Override
  public void onView(Translation<ClusterView> view) {
    arrive(new Change(view, null));
  }

  /** From any thread. */
  @Override
  public void onOutage(Diagnostic why) {
    arrive(new Change(null, why));
  }

  /**
   * Translates the newest view once more, as what is right may be wrong later: certificates begin
   * and end. From any thread.
   */
  public void judgeAgain() {
    thread.execute(() -> {
      last = null;
      if (newest != null && pending.get() == null) apply(newest);
    });
  }

  /** From any thread. */
  public SyncStatus status() {
    return status;
  }

  /** What is wrong with the newest view, of source and translator. From any thread. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  private void arrive(Change change) {
    Change before =
        pending.getAndUpdate(waiting ->
            waiting == null || change.view != null
                ? change
                : new Change(waiting.view, change.outage));
    if (before == null) thread.execute(this::applyPending);
  }

  private void applyPending() {
    Change change = pending.getAndSet(null);
    if (change == null) return;
    if (change.view != null) {
      outage = null;
      apply(change.view);
    }
    if (change.outage != null) {
      outage = change.outage;
      tell();
      failed(outage.toString(), false);
    }
  }

  private void apply(Translation<ClusterView> view) {
    newest = view;
    Set<String> unread = view.value().unread();
    Publication before = served == null ? Publication.EMPTY : served;
    Translation<Publication> next;
    try {
      next = next(view.value());
    } catch (RuntimeException bug) {
      last = null;
      LOG.error("translation failed; what was served before is served on", bug);
      failed("translation failed: " + ManifestText.oneLine(bug.getMessage()), true);
      return;
    }
    List<Diagnostic> found =
        new ArrayList<>(CarriedRoutes.told(view.diagnostics(), unread, before));
    found.addAll(next.diagnostics());
    ofView = List.copyOf(found);
    tell();
    try {
      boolean changed = serve(next.value());
      succeeded(changed);
    } catch (RuntimeException refused) {
      last = null;
      LOG.error("a change was not applied; what was served before is served on", refused);
      failed("not applied: " + ManifestText.oneLine(refused.getMessage()), true);
    }
  }

  private Translation<Publication> next(ClusterView view) {
    Publication before = served;
    Served known = last;
    if (before != null && known != null && differsInSlicesOnly(view, known.view)) {
      Optional<Translation<Publication>> next = endpointsAlone(before, known, view);
      if (next.isPresent()) return next.get();
    }
    last = null;
    Publication previous = before == null ? Publication.EMPTY : before;
    Translation<Publication> next =
        CarriedRoutes.carry(view.unread(), previous, translator.translate(view, previous));
    last = new Served(view, next.diagnostics());
    return next;
  }

  /** The fast road: what is wrong with endpoints is told anew, everything else as it was. */
  private Optional<Translation<Publication>> endpointsAlone(
      Publication before, Served known, ClusterView view) {
    List<Upstream> upstreams = before.config().upstreams();
    Optional<Translation<List<EndpointSet>>> old = translator.endpoints(known.view, upstreams);
    Optional<Translation<List<EndpointSet>>> now = translator.endpoints(view, upstreams);
    if (old.isEmpty() || now.isEmpty()) return Optional.empty();
    Set<Diagnostic> outdated = new HashSet<>(old.get().diagnostics());
    Set<Diagnostic> found = new LinkedHashSet<>(known.found);
    found.removeAll(outdated);
    found.addAll(now.get().diagnostics());
    List<Diagnostic> diagnostics = List.copyOf(found);
    last = new Served(view, diagnostics);
    return Optional.of(
        new Translation<>(
            new Publication(before.config(), now.get().value(), before.keys()), diagnostics));
  }

  /** By identity where the source keeps what has not changed; a false no costs time only. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean differsInSlicesOnly(ClusterView view, ClusterView before) {
    return view.ingresses() == before.ingresses()
        && view.services() == before.services()
        && view.secrets() == before.secrets()
        && view.configMaps() == before.configMaps()
        && view.classes().equals(before.classes())
        && view.unread().equals(before.unread())
        && view.absent().equals(before.absent());
  }

  /** Whether anything was to be changed. */
  private boolean serve(Publication next) {
    Publication before = served;
    if (next.equals(before)) return false;
    if (before != null
        && next.config().equals(before.config())
        && next.keys().equals(before.keys())) {
      List<EndpointSet> changed = changedEndpoints(before, next);
      changed.forEach(sink::endpoints);
    } else {
      sink.publish(next);
    }
    served = next;
    try {
      applied.accept(next);
    } catch (RuntimeException bug) {
      LOG.error("a change is served, but who waits for changes failed", bug);
    }
    return true;
  }

  private static List<EndpointSet> changedEndpoints(Publication before, Publication next) {
    Map<Upstream.Id, EndpointSet> old = byUpstream(before);
    List<EndpointSet> changed = new ArrayList<>();
    for (EndpointSet set : next.endpoints()) {
      if (!set.equals(old.remove(set.upstream()))) changed.add(set);
    }
    old.values().stream()
        .filter(gone -> !gone.endpoints().isEmpty())
        .forEach(gone -> changed.add(new EndpointSet(gone.upstream(), List.of())));
    return changed;
  }

  private static Map<Upstream.Id, EndpointSet> byUpstream(Publication publication) {
    Map<Upstream.Id, EndpointSet> sets = new HashMap<>();
    publication.endpoints().forEach(set -> sets.put(set.upstream(), set));
    return sets;
  }

  private void tell() {
    List<Diagnostic> found = new ArrayList<>(ofView);
    if (outage != null) found.add(outage);
    diagnostics = List.copyOf(found);
    diagnosticLog.update(found);
  }

  private void succeeded(boolean changed) {
    long version = status.version() + (changed ? 1 : 0);
    tell(
        new SyncStatus(
            version,
            outage == null ? clock.instant() : status.lastSuccess(),
            outage == null ? "" : outage.toString(),
            outage == null,
            count(Diagnostic.Level.ERROR),
            count(Diagnostic.Level.WARNING)));
    if (changed) LOG.info("version {} is served", version);
  }

  private void failed(String why, boolean sourceReadable) {
    tell(
        new SyncStatus(
            status.version(),
            status.lastSuccess(),
            why,
            sourceReadable,
            count(Diagnostic.Level.ERROR),
            count(Diagnostic.Level.WARNING)));
  }

  private void tell(SyncStatus now) {
    status = now;
    sink.status(now);
  }

  private int count(Diagnostic.Level level) {
    return (int) diagnostics.stream().filter(d -> d.level() == level).count();
  }
}

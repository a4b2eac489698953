package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What this replica writes to the Kubernetes API while it leads: the status of Ingresses, and
 * Events. A follower reads the Lease and nothing else.
 *
 * <p>Everything happens on the thread of the {@link Machinery}.
 */
public final class Writers {
  private final Machinery machinery;
  private final Leadership leadership;
  private final Consumer<Boolean> leads;
  private final Optional<StatusWriter> status;
  private final Optional<EventWriter> events;
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private boolean isEnding;

  /**
   * What is written about.
   *
   * @param source where the objects come from; of the same machinery
   * @param ownIngresses those of a view that are ours; pure
   * @param standing what is wrong now, of all objects; called on the thread of the machinery
   */
  public record Subjects(
      KubernetesSource source,
      Function<ClusterView, Set<ObjectKey>> ownIngresses,
      Supplier<List<Diagnostic>> standing) {}

  /**
   * @param scope whose Ingresses are written
   * @param wallClock for times in what is written, which decide nothing
   * @param leads hears whether this replica leads, on the thread of the machinery
   */
  public Writers(
      WriterSettings settings,
      KubernetesScope scope,
      Machinery machinery,
      Subjects subjects,
      InstantSource wallClock,
      Consumer<Boolean> leads) {
    this.machinery = machinery;
    this.leads = leads;
    Leadership.Owner owner = new Leading();
    this.leadership =
        settings
            .election()
            .<Leadership>map(election ->
                new LeaderLease(election, settings.identity(), machinery, wallClock, owner))
            .orElseGet(() -> Leadership.alone(owner));
    this.status =
        settings
            .status()
            .map(each ->
                new StatusWriter(each, scope, machinery, subjects.ownIngresses, leadership));
    this.events =
        settings.events()
            ? Optional.of(
                new EventWriter(settings.identity(), machinery, subjects, leadership, wallClock))
            : Optional.empty();
  }

  /** Begins to stand for election. From any thread. */
  public void start() {
    machinery.thread().execute(leadership::start);
  }

  /** There are other objects. On the thread of the machinery. */
  public void onView(ClusterView next) {
    status.ifPresent(writer -> writer.onView(next));
  }

  /** Something else may be wrong now. From any thread. */
  public void onDiagnosed() {
    if (events.isEmpty()) return;
    try {
      machinery.thread().execute(events.get()::lookIsDue);
    } catch (RejectedExecutionException ended) {
      // nothing is written any more
    }
  }

  /**
   * Ends: takes the addresses away if told to, and gives the Lease back. From any thread; done when
   * the future is, which an API server that does not answer may delay for as long as it likes.
   */
  public CompletableFuture<Boolean> end() {
    machinery.thread().execute(this::beginEnd);
    return ended;
  }

  private void beginEnd() {
    if (isEnding) return;
    isEnding = true;
    events.ifPresent(EventWriter::following);
    if (status.isPresent()) status.get().end(this::release);
    else release();
  }

  private void release() {
    leads.accept(false);
    leadership.release(() -> ended.complete(true));
  }

  private final class Leading implements Leadership.Owner {
    @Override
    public void leading() {
      leads.accept(true);
      status.ifPresent(StatusWriter::leading);
      events.ifPresent(EventWriter::leading);
    }

    @Override
    public void following() {
      leads.accept(false);
      status.ifPresent(StatusWriter::following);
      events.ifPresent(EventWriter::following);
    }
  }
}

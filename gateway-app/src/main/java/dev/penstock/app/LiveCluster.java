package dev.penstock.app;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.ingress.source.kubernetes.ApiServer;
import dev.penstock.ingress.source.kubernetes.KubernetesSource;
import dev.penstock.ingress.source.kubernetes.Machinery;
import dev.penstock.ingress.translate.SecretReferences;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** A cluster, read once as a gateway of it would read it; nothing is written to it. */
final class LiveCluster {
  /** Until everything was told: a large cluster is told in a few seconds. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private LiveCluster() {}

  /**
   * Reads and translates once; the diagnostics of both.
   *
   * @throws CliFailure {@link ExitCode#UNREACHABLE} when not everything could be read
   */
  static Translation<Publication> translateOnce(ClusterOptions cluster)
      throws CliFailure, InterruptedException {
    ScheduledExecutorService thread = ClusterAccess.thread();
    try (ApiServer api = ClusterAccess.connect(cluster)) {
      Machinery machinery =
          new Machinery(api, thread, System::nanoTime, RandomGenerator.getDefault());
      Translation<ClusterView> view = read(cluster, machinery);
      ClusterTranslator translator =
          new ClusterTranslator(
              cluster.classes(),
              cluster.configMaps(),
              new DeniedEndpoints(
                  Map.of(), api.address(), Set.of(), Optional.empty(), cluster.denied()),
              InstantSource.system());
      Translation<Publication> translated = translator.translate(view.value(), Publication.EMPTY);
      List<Diagnostic> diagnostics = new ArrayList<>(view.diagnostics());
      diagnostics.addAll(translated.diagnostics());
      return new Translation<>(translated.value(), diagnostics);
    } finally {
      thread.shutdownNow();
    }
  }

  private static Translation<ClusterView> read(ClusterOptions cluster, Machinery machinery)
      throws CliFailure, InterruptedException {
    long beganNanos = machinery.nanoTime().getAsLong();
    CompletableFuture<Translation<ClusterView>> first = new CompletableFuture<>();
    try (KubernetesSource source =
        new KubernetesSource(
            cluster.scope(), machinery, view -> SecretReferences.of(view, cluster.classes()))) {
      source.start(
          new SourceListener() {
            @Override
            public void onView(Translation<ClusterView> view) {
              first.complete(view);
            }

            @Override
            public void onOutage(Diagnostic why) {
              first.completeExceptionally(
                  new IllegalStateException(
                      why.message().replace(KubernetesSource.NOTHING_YET, "")));
            }
          });
      return first.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      Throwable why = failed.getCause() == null ? failed : failed.getCause();
      throw unreachable(machinery, String.valueOf(why.getMessage()), beganNanos);
    } catch (TimeoutException late) {
      throw unreachable(machinery, "not everything was told", beganNanos);
    }
  }

  private static CliFailure unreachable(Machinery machinery, String why, long beganNanos) {
    long waitedNanos = machinery.nanoTime().getAsLong() - beganNanos;
    return new CliFailure(
        ExitCode.UNREACHABLE,
        "the cluster at "
            + machinery.api().address()
            + " cannot be read: "
            + why
            + "; it was asked for "
            + TimeUnit.NANOSECONDS.toSeconds(waitedNanos)
            + " s; is it up, is it the right one (--kubeconfig, --context), and may you list these?");
  }
}

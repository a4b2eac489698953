package dev.penstock.app;

import dev.penstock.core.observe.ControllerLabels;
import dev.penstock.ingress.source.ChangeLoop;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.ingress.source.kubernetes.ApiServer;
import dev.penstock.ingress.source.kubernetes.KubernetesSource;
import dev.penstock.ingress.source.kubernetes.Machinery;
import dev.penstock.ingress.source.kubernetes.WriterSettings;
import dev.penstock.ingress.source.kubernetes.Writers;
import dev.penstock.ingress.translate.OwnIngresses;
import dev.penstock.ingress.translate.SecretReferences;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway of a cluster: follows the Kubernetes API. With a last good state it serves at once,
 * whether the API server answers or not; without one it listens when the first view is served.
 *
 * <p>One thread starts, drains and closes it.
 */
final class ClusterGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterGateway.class);

  /** After it, addresses that are still there stay. */
  private static final Duration WRITERS_END_MAX = Duration.ofSeconds(5);

  private final ServeOptions serve;
  private final ClusterOptions cluster;
  private final ApiServer api;
  private final GatewayProcess process;
  private final KubernetesSource source;
  private final Machinery machinery;
  private final ScheduledExecutorService thread = ClusterAccess.thread();

  private final CountDownLatch firstView = new CountDownLatch(1);
  private Optional<Writers> writers = Optional.empty();
  private boolean servesLastGood;
  private List<Diagnostic> firstDiagnostics = List.of();

  private ClusterGateway(
      ServeOptions serve,
      ClusterOptions cluster,
      ApiServer api,
      Map<String, String> environment,
      ServingSignals signals)
      throws CliFailure {
    this.serve = serve;
    this.cluster = cluster;
    this.api = api;
    this.process =
        new GatewayProcess(
            serve,
            new ControllerLabels(
                environment.getOrDefault("POD_NAMESPACE", ""),
                cluster.classes().controllerClass(),
                environment.getOrDefault("POD_NAME", "")),
            signals);
    this.machinery = new Machinery(api, thread, System::nanoTime, RandomGenerator.getDefault());
    this.source =
        new KubernetesSource(
            cluster.scope(), machinery, view -> SecretReferences.of(view, cluster.classes()));
  }

  /**
   * Starts everything; returns when traffic is served.
   *
   * @param writers what is written to the API; empty = nothing
   * @param environment of the process
   * @throws CliFailure when a port or the transport cannot be had; then nothing is left running
   */
  static ClusterGateway start(
      ServeOptions serve,
      ClusterOptions cluster,
      Optional<WriterSettings> writers,
      Map<String, String> environment,
      ServingSignals signals)
      throws CliFailure, InterruptedException {
    ApiServer api = ClusterAccess.connect(cluster);
    ClusterGateway gateway;
    try {
      gateway = new ClusterGateway(serve, cluster, api, environment, signals);
    } catch (CliFailure | RuntimeException failed) {
      api.close();
      throw failed;
    }
    try {
      gateway.open(writers, environment);
      return gateway;
    } catch (CliFailure | RuntimeException | InterruptedException failed) {
      gateway.close();
      throw failed;
    }
  }

  private void open(Optional<WriterSettings> written, Map<String, String> environment)
      throws CliFailure, InterruptedException {
    process.openAdmin();
    Optional<Publication> lastGood = process.publishLastGood();
    servesLastGood = lastGood.isPresent() && !lastGood.get().config().hosts().isEmpty();
    if (servesLastGood) source.servedAlready();
    ChangeLoop changes =
        process.changes(
            new ClusterTranslator(
                cluster.classes(),
                cluster.configMaps(),
                denied(environment),
                InstantSource.system()));
    writers = written.map(settings -> writers(settings, changes));
    writers.ifPresent(all -> process.onDiagnosed(all::onDiagnosed));
    source.start(new FirstViewSeen(process.following(changes)));
    if (!servesLastGood) {
      firstView.await();
      process.awaitChanges();
      firstDiagnostics = changes.diagnostics();
      if (!process.isPublished()) {
        throw new CliFailure(
            ExitCode.INTERNAL, "nothing is served: " + changes.status().lastError());
      }
    }
    process.listen();
    writers.ifPresent(Writers::start);
  }

  private Writers writers(WriterSettings settings, ChangeLoop changes) {
    Writers.Subjects subjects =
        new Writers.Subjects(
            source, view -> OwnIngresses.of(view, cluster.classes()), changes::diagnostics);
    String election = settings.election().map(each -> each.lease().name()).orElse("");
    return new Writers(
        settings,
        cluster.scope(),
        machinery,
        subjects,
        InstantSource.system(),
        leads -> process.leads(election, leads));
  }

  private DeniedEndpoints denied(Map<String, String> environment) {
    Set<Integer> ports =
        Stream.of(serve.httpPort(), serve.httpsPort(), process.adminPort())
            .collect(Collectors.toSet());
    return new DeniedEndpoints(
        environment, api.address(), ports, cluster.scope().gateway(), cluster.denied());
  }

  GatewayProcess process() {
    return process;
  }

  /** Where what is served comes from, for the operator. */
  String from() {
    return servesLastGood
        ? "the last good state, until " + api.address() + " has told everything"
        : api.address() + " (" + Manifests.summary(firstDiagnostics) + ")";
  }

  /** Ends everything at once; requests that go on are cut. */
  @Override
  public void close() {
    writers.ifPresent(ClusterGateway::end);
    source.close();
    thread.shutdownNow();
    api.close();
    process.close();
  }

  private static void end(Writers writers) {
    try {
      writers.end().get(WRITERS_END_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      LOG.warn(
          "within {} s not all addresses were taken away and the lease was not given back; it ends"
              + " by itself",
          WRITERS_END_MAX.toSeconds());
    }
  }

  private final class FirstViewSeen implements SourceListener {
    private final SourceListener next;

    FirstViewSeen(SourceListener next) {
      this.next = next;
    }

    @Override
    public void onView(Translation<ClusterView> view) {
      next.onView(view);
      writers.ifPresent(all -> all.onView(view.value()));
      firstView.countDown();
    }

    @Override
    public void onOutage(Diagnostic why) {
      next.onOutage(why);
    }
  }
}

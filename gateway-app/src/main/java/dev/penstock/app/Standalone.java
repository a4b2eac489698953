package dev.penstock.app;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.penstock.core.Gateway;
import dev.penstock.core.GatewayOptions;
import dev.penstock.core.host.AdminServer;
import dev.penstock.core.host.Descriptors;
import dev.penstock.core.observe.AccessLog;
import dev.penstock.core.observe.AdminPages;
import dev.penstock.core.observe.ControllerLabels;
import dev.penstock.core.observe.Exposition;
import dev.penstock.core.observe.LogFormat;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.core.observe.ServingState;
import dev.penstock.ingress.source.ChangeLoop;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.DirectorySource;
import dev.penstock.ingress.source.Sink;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.ingress.source.StateFile;
import dev.penstock.ingress.source.SyncStatus;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Listener;
import dev.penstock.model.Publication;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway on a directory of manifests: both halves, wired. It listens only once something is
 * served, and is ready only once it listens; but whether it could listen is asked first, so that a
 * port in use is the only thing that is said.
 *
 * <p>One thread starts, drains and closes it; changes come on a thread of their own.
 */
final class Standalone implements DrainSequence.Drainable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Standalone.class);

  private final RunOptions options;
  private final Optional<StateFile> stateFile;
  private final ServingState state = new ServingState();
  private final AccessLog accessLog;
  private final Gateway gateway;
  private final Exposition exposition;
  private final AdminServer admin;
  private final DirectorySource source;
  private final ExecutorService control =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("penstock-control").factory());

  private volatile boolean listening;
  private volatile Publication served = Publication.EMPTY;
  private List<Diagnostic> firstDiagnostics = List.of();
  private boolean servesLastGood;
  private int adminPort;

  /** Event loops run; nothing is read, nothing listens. */
  private Standalone(RunOptions options, int eventLoops) throws CliFailure {
    this.options = options;
    this.stateFile = options.stateDir().map(StateFile::new);
    this.accessLog = accessLog(options, eventLoops);
    RouteMeterTable meters = new RouteMeterTable(eventLoops, options.metrics());
    this.gateway =
        startGateway(
            new GatewayOptions(
                eventLoops,
                options.transport(),
                options.connectionsMax(),
                accessLog,
                meters,
                System::nanoTime));
    this.exposition =
        new Exposition(
            new Exposition.Sources(
                meters,
                accessLog,
                state,
                gateway.figures(),
                ControllerLabels.none(),
                new Exposition.Build(VersionCommand.version(), "")));
    this.admin =
        new AdminServer(
            gateway.host(),
            options.adminBind(),
            options.adminPort(),
            new AdminPages(state, exposition, gateway.served()));
    this.source = new DirectorySource(options.config(), InstantSource.system());
  }

  /**
   * Starts everything.
   *
   * @throws CliFailure when the directory cannot be read and there is no last good state, when a
   *     port cannot be had, or when the transport cannot be used; then nothing is left running
   */
  static Standalone start(RunOptions options) throws CliFailure {
    int eventLoops =
        options.eventLoops() == 0
            ? Runtime.getRuntime().availableProcessors()
            : options.eventLoops();
    requireDescriptors(eventLoops);
    Standalone standalone = new Standalone(options, eventLoops);
    try {
      standalone.open();
      return standalone;
    } catch (CliFailure | RuntimeException failed) {
      standalone.close();
      throw failed;
    }
  }

  private static void requireDescriptors(int eventLoops) throws CliFailure {
    Descriptors now = Descriptors.now();
    int needed = Descriptors.neededToStart(eventLoops);
    if (now.free() >= needed) return;
    throw CliFailure.usage(
        "%d descriptors are left of the limit of open files (%d), and %d event loops need %d to start: raise it (ulimit -n)"
            .formatted(now.free(), now.limit(), eventLoops, needed));
  }

  private static Gateway startGateway(GatewayOptions options) throws CliFailure {
    try {
      return Gateway.start(options);
    } catch (IOException unavailable) {
      options.accessLog().close();
      throw CliFailure.usage(unavailable.getMessage() + " (--transport)");
    }
  }

  private void open() throws CliFailure {
    adminPort = listenForAdmin();
    onListeners(gateway::requireFree);
    Optional<Publication> lastGood = lastGood();
    lastGood.ifPresent(this::publish);
    boolean hasLastGood = lastGood.isPresent() && !lastGood.get().config().hosts().isEmpty();
    if (hasLastGood) source.servedAlready();
    ChangeLoop changes =
        new ChangeLoop(
            Manifests.translator(options.ingressClass(), InstantSource.system()),
            new GatewaySink(),
            lastGood.orElse(null),
            publication -> stateFile.ifPresent(file -> file.save(publication)),
            control,
            InstantSource.system());
    Optional<Diagnostic> outage = readFirst(changes, lastGood.isPresent());
    CompletableFuture.runAsync(() -> {}, control).join();
    firstDiagnostics = changes.diagnostics();
    if (gateway.version() == 0) {
      throw new CliFailure(ExitCode.INTERNAL, "nothing is served: " + changes.status().lastError());
    }
    servesLastGood = outage.isPresent();
    onListeners(gateway::listen);
    listening = true;
    gateway.reportStart();
    state.serving(gateway.version());
    outage.ifPresent(why -> state.refused(why.message()));
    source.start(new Follower(changes));
  }

  /** Why the directory says nothing, when the last good state is served instead. */
  private Optional<Diagnostic> readFirst(ChangeLoop changes, boolean hasLastGood)
      throws CliFailure {
    try {
      changes.onView(source.readFirst());
      return Optional.empty();
    } catch (IOException unreadable) {
      if (!hasLastGood) throw Manifests.unreadable(options.config(), unreadable);
      Diagnostic why =
          Diagnostic.error(
              Source.ofFile(options.config().toString(), 0, 0),
              "",
              "the last good state of "
                  + options.stateDir().orElseThrow()
                  + " is served: "
                  + unreadable.getMessage());
      changes.onOutage(why);
      return Optional.of(why);
    }
  }

  private int listenForAdmin() throws CliFailure {
    try {
      return admin.start();
    } catch (IOException refused) {
      throw CliFailure.usage(
          refused.getMessage() + "; stop it, or choose another with --admin-port");
    }
  }

  /** What is done with the traffic listeners, and fails when one cannot be had. */
  private interface ListenerTask {
    void run(List<Listener> listeners) throws IOException;
  }

  private void onListeners(ListenerTask task) throws CliFailure {
    try {
      task.run(options.listeners());
    } catch (IOException refused) {
      throw CliFailure.usage(refused.getMessage() + " (--http-port, --https-port, --bind)");
    }
  }

  private Optional<Publication> lastGood() {
    if (stateFile.isEmpty()) return Optional.empty();
    Translation<Optional<Publication>> loaded = stateFile.get().load();
    loaded.diagnostics().forEach(why -> LOG.warn("{}", why));
    return loaded.value();
  }

  private void publish(Publication publication) {
    long version = gateway.publish(publication);
    served = publication;
    if (listening) state.serving(version);
  }

  /** What is served now. */
  Publication served() {
    return served;
  }

  /** Whether it was started from the last good state, because the directory says nothing. */
  boolean servesLastGood() {
    return servesLastGood;
  }

  /** What was wrong at the start. */
  List<Diagnostic> firstDiagnostics() {
    return firstDiagnostics;
  }

  /** The port of listener {@code http} or {@code https}. */
  int port(String listener) {
    return gateway.port(listener);
  }

  int adminPort() {
    return adminPort;
  }

  @Override
  public void announce() {
    state.drain();
    gateway.drain();
  }

  @Override
  public void stopAccepting() {
    gateway.stopAccepting();
  }

  @Override
  public long activeRequests() {
    return gateway.activeRequests();
  }

  /** Ends everything at once; requests that go on are cut. */
  @Override
  public void close() {
    source.close();
    control.close();
    admin.close();
    gateway.close();
    exposition.close();
    accessLog.close();
  }

  private static AccessLog accessLog(RunOptions options, int eventLoops) throws CliFailure {
    if (!options.accessLog()) return AccessLog.off(eventLoops);
    LogFormat format = options.accessLogFormat();
    if (options.accessLogFile().isEmpty()) {
      return AccessLog.open(
          format, new FileOutputStream(FileDescriptor.out).getChannel(), eventLoops);
    }
    Path file = options.accessLogFile().get();
    try {
      return AccessLog.open(
          format, () -> FileChannel.open(file, CREATE, WRITE, APPEND), eventLoops);
    } catch (IOException refused) {
      throw CliFailure.usage(
          "the access log '%s' cannot be opened: %s; choose another with --access-log-file"
              .formatted(file, reason(refused)));
    }
  }

  /** Java's messages for files are often no more than the name. */
  private static String reason(IOException refused) {
    return switch (refused) {
      case NoSuchFileException missing -> "its directory does not exist";
      case AccessDeniedException denied -> "access is denied";
      default -> refused.toString();
    };
  }

  /** Opens the access log's file anew; without a file it does nothing. Any thread. */
  void reopenAccessLog() {
    accessLog.reopen();
  }

  /** What the change loop writes to: the data plane, and what is known of it. */
  private final class GatewaySink implements Sink {
    @Override
    public void publish(Publication publication) {
      try {
        Standalone.this.publish(publication);
      } catch (RuntimeException refused) {
        state.refused(refused.toString());
        throw refused;
      }
    }

    @Override
    public void endpoints(EndpointSet set) {
      gateway.publishEndpoints(set);
    }

    @Override
    public void status(SyncStatus status) {
      state.diagnosed(status.errors(), status.warnings());
    }
  }

  /** Passes on what the directory says, and tells the metrics of an outage. */
  private final class Follower implements SourceListener {
    private final ChangeLoop changes;

    Follower(ChangeLoop changes) {
      this.changes = changes;
    }

    @Override
    public void onView(Translation<ClusterView> view) {
      state.recovered();
      changes.onView(view);
    }

    @Override
    public void onOutage(Diagnostic why) {
      state.refused(why.toString());
      changes.onOutage(why);
    }
  }
}

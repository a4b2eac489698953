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
import dev.penstock.ingress.source.Sink;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.ingress.source.StateFile;
import dev.penstock.ingress.source.StateSaver;
import dev.penstock.ingress.source.SyncStatus;
import dev.penstock.ingress.source.Translator;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Listener;
import dev.penstock.model.Publication;
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
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane with what belongs to any process of it: its admin port, its logs and metrics, the
 * loop that carries changes to it, and its last good state on disk. Where the changes come from is
 * the business of who owns it.
 *
 * <p>One thread starts, drains and closes it; changes come on a thread of their own.
 */
final class GatewayProcess implements DrainSequence.Drainable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayProcess.class);

  private final ServeOptions options;
  private final ServingSignals signals;
  private final Optional<StateFile> stateFile;
  private final Optional<StateSaver> stateSaver;
  private final ServingState state = new ServingState();
  private final AccessLog accessLog;
  private final Gateway gateway;
  private final Exposition exposition;
  private final AdminServer admin;
  private final ExecutorService control =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("penstock-control").factory());
  private final ScheduledThreadPoolExecutor background =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("penstock-background").factory());

  private volatile boolean listening;
  private volatile Runnable diagnosed = () -> {};
  private volatile Publication served = Publication.EMPTY;
  private @Nullable Publication lastGood;
  private int adminPort;

  /**
   * Event loops run; nothing is read, nothing listens.
   *
   * @param labels what the controller is called in metrics
   * @param signals whose stop signals are held from {@link #listen} on
   * @throws CliFailure when the transport or the access log cannot be used; then nothing is left
   *     running
   */
  GatewayProcess(ServeOptions options, ControllerLabels labels, ServingSignals signals)
      throws CliFailure {
    this.options = options;
    this.signals = signals;
    int eventLoops =
        options.eventLoops() == 0
            ? Runtime.getRuntime().availableProcessors()
            : options.eventLoops();
    requireDescriptors(eventLoops);
    this.stateFile = options.stateDir().map(StateFile::new);
    stateFile.ifPresent(file -> state.saved(file::isFailing));
    this.stateSaver = stateFile.map(file -> new StateSaver(file, background, System::nanoTime));
    background.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.accessLog = accessLog(options, eventLoops);
    signals.onLog(this::onLogSignal);
    RouteMeterTable meters = new RouteMeterTable(eventLoops, options.metrics());
    this.gateway =
        startGateway(
            new GatewayOptions(
                eventLoops,
                options.transport(),
                options.connectionsMax(),
                accessLog,
                meters,
                options.serverHeader(),
                System::nanoTime));
    this.exposition =
        new Exposition(
            new Exposition.Sources(
                meters,
                accessLog,
                state,
                gateway.figures(),
                labels,
                new Exposition.Build(VersionCommand.version(), "")));
    this.admin =
        new AdminServer(
            gateway.host(),
            options.adminBind(),
            options.adminPort(),
            new AdminPages(state, exposition, gateway.served()));
  }

  private static void requireDescriptors(int eventLoops) throws CliFailure {
    Descriptors now = Descriptors.now();
    int needed = Descriptors.neededToStart(eventLoops);
    if (now.free() >= needed) return;
    throw CliFailure.usage(
        "%d descriptors are left of the limit of open files (%d), and %d event loops need %d to start: raise it to %d or more (ulimit -n)"
            .formatted(now.free(), now.limit(), eventLoops, needed, now.used() + needed));
  }

  private static Gateway startGateway(GatewayOptions options) throws CliFailure {
    try {
      return Gateway.start(options);
    } catch (IOException unavailable) {
      options.accessLog().close();
      throw CliFailure.usage(unavailable.getMessage() + " (--transport)");
    }
  }

  /**
   * Opens the admin port: alive from now on, ready later. Whether the traffic ports can be had is
   * asked now, so that a port in use is the only thing that is said.
   */
  void openAdmin() throws CliFailure {
    adminPort = listenForAdmin();
    onListeners(gateway::requireFree);
  }

  /** Publishes the last good state of the disk; empty when there is none. */
  Optional<Publication> publishLastGood() {
    if (stateFile.isEmpty()) return Optional.empty();
    Translation<Optional<Publication>> loaded = stateFile.get().load();
    loaded.diagnostics().forEach(why -> LOG.warn("{}", why));
    loaded.value().ifPresent(this::publish);
    lastGood = loaded.value().orElse(null);
    return loaded.value();
  }

  /** The loop that carries the views of a source to the data plane. */
  ChangeLoop changes(Translator translator) {
    ChangeLoop loop =
        new ChangeLoop(
            translator,
            new GatewaySink(),
            lastGood,
            publication -> stateSaver.ifPresent(saver -> saver.accept(publication)),
            control,
            InstantSource.system());
    long every = ChangeLoop.JUDGED_EVERY.toSeconds();
    background.scheduleWithFixedDelay(loop::judgeAgain, every, every, TimeUnit.SECONDS);
    return loop;
  }

  /** Tells readers of the state whether this replica leads. Any thread. */
  void leads(String election, boolean leads) {
    state.leads(election, leads);
  }

  /**
   * @param told runs whenever something else may be wrong, on the thread of the changes
   */
  void onDiagnosed(Runnable told) {
    diagnosed = told;
  }

  /** Returns when everything that was handed to {@link #changes} before has been applied. */
  void awaitChanges() {
    CompletableFuture.runAsync(() -> {}, control).join();
  }

  /** Whether anything was ever published. */
  boolean isPublished() {
    return gateway.version() != 0;
  }

  /** Opens the traffic ports; from now on it is ready. */
  void listen() throws CliFailure {
    signals.hold();
    onListeners(gateway::listen);
    listening = true;
    gateway.reportStart();
    state.serving(gateway.version());
  }

  /** Tells readers of the state why the source is not followed. */
  void refused(String why) {
    state.refused(why);
  }

  /** Tells readers of the state what a source tells, and passes it on. */
  SourceListener following(ChangeLoop changes) {
    return new Follower(changes);
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

  private void publish(Publication publication) {
    long version = gateway.publish(publication);
    served = publication;
    if (listening) state.serving(version);
  }

  /** Those that came since {@link #listen}. */
  StopSignals stopSignals() {
    return signals.stops();
  }

  /** What is served now. */
  Publication served() {
    return served;
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
  public long unansweredRequests() {
    return gateway.unansweredRequests();
  }

  /** Ends everything at once, after the source has ended; requests that go on are cut. */
  @Override
  public void close() {
    control.close();
    background.close();
    stateSaver.ifPresent(StateSaver::finish);
    admin.close();
    gateway.close();
    exposition.close();
    accessLog.close();
  }

  private static AccessLog accessLog(ServeOptions options, int eventLoops) throws CliFailure {
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

  private void onLogSignal(int number) {
    if (options.accessLogFile().isPresent()) {
      accessLog.reopen();
    } else { // an operator means "reload"
      LOG.info(
          "signal {}: there is no --access-log-file to open anew; nothing is done, and changes of the"
              + " configuration are followed without a signal",
          number);
    }
  }

  /** What the change loop writes to: the data plane, and what is known of it. */
  private final class GatewaySink implements Sink {
    @Override
    public void publish(Publication publication) {
      try {
        GatewayProcess.this.publish(publication);
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
      diagnosed.run();
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

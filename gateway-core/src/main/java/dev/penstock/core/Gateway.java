package dev.penstock.core;

import dev.penstock.core.exchange.Scope;
import dev.penstock.core.host.Host;
import dev.penstock.core.http1.ForwardedRules;
import dev.penstock.core.http1.HeadBudget;
import dev.penstock.core.listener.Listeners;
import dev.penstock.core.listener.LoopConnections;
import dev.penstock.core.loop.Loop;
import dev.penstock.core.observe.DataPlane;
import dev.penstock.core.observe.ServedConfig;
import dev.penstock.core.router.Router;
import dev.penstock.core.snapshot.CompiledRoute;
import dev.penstock.core.snapshot.Published;
import dev.penstock.core.snapshot.Snapshot;
import dev.penstock.core.snapshot.SnapshotCompiler;
import dev.penstock.core.tls.CertificateTable;
import dev.penstock.core.tls.Handshakes;
import dev.penstock.core.tls.SniChoice;
import dev.penstock.core.tls.TlsContexts;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Listener;
import dev.penstock.model.Publication;
import dev.penstock.model.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data plane. Started once; given a {@link Publication} as often as the world changes; drained
 * and closed at the end.
 *
 * <p>Every method may be called from any thread but an event loop; calls that change what is served
 * wait for each other. Nothing here interrupts traffic: a request goes on with the snapshot that it
 * began with.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** What clients are offered (RFC 7301). */
  private static final List<String> ALPN = List.of("http/1.1");

  /** Lines of the access log are at most this much behind. */
  private static final long LOG_MILLIS = 200;

  /** How often it is looked what clients took of what is unsent. */
  private static final long UNSENT_MILLIS = 1_000;

  /** How often it is looked whether memory is short. */
  private static final long MEMORY_MILLIS = 100;

  private final Host host;
  private final GatewayOptions options;
  private final Published published;
  private final SnapshotCompiler compiler;
  private final TlsContexts tls;
  private final List<Handshakes> handshakes = new ArrayList<>();
  private final List<LoopConnections> connections = new ArrayList<>();
  private final Listeners listeners;
  private final GatewayFigures figures;
  private boolean closed;

  private Gateway(Host host, GatewayOptions options) {
    this.host = host;
    this.options = options;
    this.tls = new TlsContexts(ALPN, host.workers());
    this.published =
        new Published(
            new Snapshot(
                0,
                Settings.DEFAULT,
                Router.empty(),
                CertificateTable.empty(tls),
                Map.of(),
                null,
                server(options.server(), Settings.DEFAULT),
                hsts(Settings.DEFAULT)));
    this.compiler =
        new SnapshotCompiler(
            options.eventLoops(), options.meters(), () -> published.current().settings());
    SecureRandom seeds = new SecureRandom();
    for (Loop loop : host.loops()) {
      connections.add(
          new LoopConnections(
              new Scope(
                  loop,
                  published,
                  host.connector(loop),
                  options.meters().unmatched(),
                  options.accessLog().forLoop(loop.index()),
                  new SplittableRandom(seeds.nextLong())),
              HeadBudget.ofLoop(options.eventLoops())));
    }
    for (int i = 0; i < options.eventLoops(); i++) {
      handshakes.add(new Handshakes(Settings.Limits.DEFAULT.handshakesPerLoopMax()));
    }
    this.listeners =
        new Listeners(host, options.connectionsMax(), connections::get, this::tlsEntry);
    this.figures = new GatewayFigures(host.loops(), published, listeners, connections, handshakes);
  }

  private Listeners.TlsEntry tlsEntry(int loop) {
    return ready -> {
      Settings settings = published.current().settings();
      return new SniChoice(
          () -> published.current().certificates(),
          handshakes.get(loop),
          settings.deadlines().tlsHandshake(),
          settings.tlsVersions(),
          (channel, protocol) -> ready.accept(channel));
    };
  }

  /**
   * Starts the event loops; nothing listens yet.
   *
   * @throws IOException when the transport cannot be used; the message is for the operator
   */
  public static Gateway start(GatewayOptions options) throws IOException {
    Host host = Host.start(options.eventLoops(), options.transport(), options.clock());
    Gateway gateway = new Gateway(host, options);
    gateway.startTimers();
    return gateway;
  }

  private void startTimers() {
    for (Loop loop : host.loops()) {
      every(LOG_MILLIS, loop, options.accessLog().forLoop(loop.index())::flush);
      every(MEMORY_MILLIS, loop, connections.get(loop.index())::watchMemory);
      every(UNSENT_MILLIS, loop, connections.get(loop.index())::watchUnsent);
    }
  }

  private static void every(long millis, Loop loop, Runnable task) {
    loop.eventLoop().scheduleAtFixedRate(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** For the admin server, which shares the process's Vert.x. */
  public Host host() {
    return host;
  }

  /**
   * Fails when these listeners could not be opened now; opens none. For a start that has much to do
   * before it may serve.
   *
   * @throws IOException as {@link #listen} does
   */
  public void requireFree(List<Listener> wanted) throws IOException {
    Listeners.requireFree(wanted);
  }

  /**
   * Opens listeners.
   *
   * @throws IOException with a message for the operator; then none is open
   */
  public synchronized void listen(List<Listener> wanted) throws IOException {
    boolean isTls = wanted.stream().anyMatch(Listener::tls);
    if (isTls) requireTls();
    listeners.open(wanted);
    if (isTls) tls.prepareFallback();
  }

  private void requireTls() throws IOException {
    try {
      tls.awaitReady();
    } catch (IllegalStateException missing) {
      throw new IOException(missing.getMessage(), missing);
    }
  }

  /**
   * Says in the log what drives the sockets and how many clients there may be, after {@link
   * #listen}.
   */
  public synchronized void reportStart() {
    LOG.info("{}, {}", host.describe(), listeners.describe());
  }

  /** The port that a listener really has; of use when it was asked for port 0. */
  public synchronized int port(String listener) {
    return listeners.port(listener);
  }

  /**
   * Serves this from now on.
   *
   * @return the new snapshot's version
   */
  public synchronized long publish(Publication publication) {
    long began = System.nanoTime();
    Snapshot before = published.current();
    var upstreams = compiler.upstreams(publication.config(), before.upstreams());
    Router<CompiledRoute> router =
        compiler.router(publication.config(), upstreams, before.router());
    SnapshotCompiler.endpoints(upstreams, publication.endpoints());
    Settings settings = publication.config().settings();
    CertificateTable certificates =
        before
            .certificates()
            .next(
                publication.config().tlsHosts(),
                certificate -> publication.keys().get(certificate.name()));
    report(certificates.failures(), before.certificates().failures());
    report(router);
    Snapshot next =
        new Snapshot(
            before.version() + 1,
            settings,
            router,
            certificates,
            upstreams,
            ForwardedRules.of(settings.frontProxies()),
            server(options.server(), settings),
            hsts(settings));
    published.publish(next);
    figures.compiled(System.nanoTime() - began);
    retire(before, next);
    compiler.release(before.router(), router);
    return next.version();
  }

  /** Ends what the snapshot before has alone. */
  @SuppressWarnings("ReferenceEquality") // what did not change is the same object
  private static void retire(Snapshot before, Snapshot next) {
    if (before.upstreams() != next.upstreams()) {
      before
          .upstreams()
          .forEach((id, gone) -> {
            if (!next.upstreams().containsKey(id)) gone.retire();
          });
    }
    if (before.certificates() != next.certificates()) before.certificates().retire();
  }

  /** Names the certificates that BoringSSL refuses, once. */
  private static void report(
      List<CertificateTable.Failure> failures, List<CertificateTable.Failure> known) {
    for (CertificateTable.Failure failure : failures) {
      if (known.contains(failure)) continue;
      LOG.error(
          "Secret {} cannot be served: {}; {} for hosts {}",
          failure.certificate().name(),
          failure.message(),
          failure.keepsPrevious()
              ? "its earlier certificate stays"
              : "the default certificate is used",
          failure.hosts());
    }
  }

  /**
   * Translators refuse such patterns; one that comes by another way takes no request and is said.
   */
  private static void report(Router<CompiledRoute> router) {
    for (Router.Fault fault : router.faults()) {
      LOG.error(
          "{}: the route {} of host {} takes no request: {}",
          fault.route().source(),
          fault.route().match(),
          fault.host().host(),
          fault.why());
    }
  }

  /** The fast road: replaces the endpoints of one upstream. One that is not served is ignored. */
  public synchronized void publishEndpoints(EndpointSet set) {
    Upstream upstream = published.current().upstreams().get(set.upstream());
    if (upstream != null) upstream.update(set);
  }

  /** The version of the snapshot that is served; 0 = none was published yet. */
  public long version() {
    return published.current().version();
  }

  /** From now on every answer ends its connection; connections are accepted as before. */
  public void drain() {
    published.drain();
  }

  /** Closes the listening sockets and connections that wait for a request; requests go on. */
  public synchronized void stopAccepting() {
    published.drain();
    listeners.close();
    host.onEveryLoop(loop -> connections.get(loop.index()).closeIdle());
  }

  /** Requests going on, tunnels included. */
  public int activeRequests() {
    return Math.toIntExact(figures.activeRequests());
  }

  /**
   * Requests that are not answered to the last byte: those going on, and answers that wait for
   * their clients to take them. Asks every loop.
   */
  public int unansweredRequests() {
    AtomicInteger unanswered = new AtomicInteger();
    host.onEveryLoop(loop -> unanswered.addAndGet(connections.get(loop.index()).unanswered()));
    return Math.max(unanswered.get(), activeRequests()); // a loop that is stuck does not say
  }

  /** Client connections. */
  public int openConnections() {
    return connections.stream().mapToInt(LoopConnections::open).sum();
  }

  /** For the scrape. */
  public DataPlane figures() {
    return figures;
  }

  /** For whoever asks what is served. */
  public ServedConfig served() {
    return new SnapshotDump(published, figures);
  }

  /**
   * Ends everything at once; requests that go on and answers that are not taken are cut. Can be
   * repeated.
   */
  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    listeners.close();
    host.onEveryLoop(loop -> connections.get(loop.index()).closeAll());
    host.onEveryLoop(loop -> options.accessLog().forLoop(loop.index()).flush());
    published.current().certificates().retire();
    tls.close();
    host.close();
  }

  /** The name that the command line gives goes before what the settings want. */
  static byte[] server(String given, Settings settings) {
    String name = given.isEmpty() && settings.serverTokens() ? "Penstock" : given;
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hsts(Settings settings) {
    return settings.hsts().value().getBytes(StandardCharsets.US_ASCII);
  }
}

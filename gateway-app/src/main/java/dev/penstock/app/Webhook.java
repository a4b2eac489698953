package dev.penstock.app;

import dev.penstock.admission.Admission;
import dev.penstock.admission.AdmissionSettings;
import dev.penstock.admission.Answer;
import dev.penstock.core.host.AdminServer;
import dev.penstock.core.host.Host;
import dev.penstock.core.host.PostServer;
import dev.penstock.core.host.ServedKey;
import dev.penstock.core.host.TransportChoice;
import dev.penstock.core.observe.ServingState;
import dev.penstock.core.observe.WebhookPages;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.ingress.source.kubernetes.ApiServer;
import dev.penstock.ingress.source.kubernetes.KubernetesSource;
import dev.penstock.ingress.source.kubernetes.Machinery;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.ParsedKeyMaterial;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of the webhook: follows the API server without Secrets and EndpointSlices, and
 * answers reviews by what it has read. It dials nothing else.
 */
final class Webhook implements AutoCloseable {
  private static final String PATH = "/validate";

  /** How often the files of the certificate are looked at; a Secret's take a minute to change. */
  private static final Duration FILES_EVERY = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  private final KeyFiles files;
  private final ServedKey key;
  private final Admission admission;
  private final ServingState state = new ServingState();
  private final WebhookPages pages;
  private final ApiServer api;
  private final ScheduledExecutorService thread = ClusterAccess.thread();
  private final KubernetesSource source;
  private final Host host;
  private final AdminServer admin;
  private final PostServer server;

  /** On the thread of the source, but for the first. */
  private KeyMaterial served;

  private volatile Instant certificateEnd;
  private boolean isDrained;
  private String fileFault = "";
  private int adminPort;
  private int port;

  private Webhook(
      WebhookOptions options, ClusterOptions cluster, ApiServer api, KeyMaterial first, Host host)
      throws KeyMaterialException {
    this.api = api;
    this.host = host;
    files = new KeyFiles(options.certificate(), options.key());
    served = first;
    ParsedKeyMaterial parsed = first.parse();
    key = new ServedKey(parsed);
    certificateEnd = parsed.notAfter();
    admission =
        new Admission(
            new AdmissionSettings(
                cluster.configMaps(),
                cluster.classes(),
                cluster.scope().namespaces(),
                options.conflictsAreDenied()),
            PostServer.SMALL_BYTES_MAX);
    pages = new WebhookPages(state, () -> certificateEnd);
    admin = new AdminServer(host, options.adminBind(), options.adminPort(), pages);
    server = new PostServer(host, options.bind(), options.port(), PATH, key, new Reviews());
    source =
        new KubernetesSource(
            cluster.scope(),
            new Machinery(api, thread, System::nanoTime, RandomGenerator.getDefault()),
            view -> Set.of());
  }

  /**
   * Starts everything; it is ready when the cluster has been read.
   *
   * @throws CliFailure when a port or the certificate cannot be had; then nothing is left running
   */
  static Webhook start(WebhookOptions options, ClusterOptions cluster) throws CliFailure {
    ApiServer api = ClusterAccess.connect(cluster);
    Host host = null;
    Webhook webhook = null;
    try {
      KeyMaterial first = new KeyFiles(options.certificate(), options.key()).read();
      host = Host.start(1, TransportChoice.AUTO, System::nanoTime);
      webhook = new Webhook(options, cluster, api, first, host);
      webhook.open();
      return webhook;
    } catch (IOException | KeyMaterialException | RuntimeException failed) {
      if (webhook != null) webhook.close();
      else close(api, host);
      if (failed instanceof RuntimeException defect) throw defect;
      throw CliFailure.usage(
          failed.getMessage() + " (--tls-cert, --tls-key, --port, --admin-port)");
    }
  }

  private void open() throws IOException {
    adminPort = admin.start();
    port = server.start();
    source.start(new Views());
    thread.scheduleWithFixedDelay(
        this::readFiles, FILES_EVERY.toMillis(), FILES_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  int port() {
    return port;
  }

  int adminPort() {
    return adminPort;
  }

  /** Where what is judged by comes from, for the operator. */
  String from() {
    return api.address();
  }

  /** Not ready any more; reviews are answered all the same. */
  void drain() {
    isDrained = true;
    state.drain();
  }

  /** Looks at the files now. Blocks. */
  void filesMayHaveChanged() throws ExecutionException, InterruptedException {
    thread.submit(this::readFiles).get();
  }

  /** A bad pair changes nothing: a Secret may be seen half-written. */
  private void readFiles() {
    try {
      KeyMaterial now = files.read();
      fileFault = "";
      if (now.equals(served)) return;
      ParsedKeyMaterial parsed = now.parse();
      key.exchange(parsed);
      served = now;
      certificateEnd = parsed.notAfter();
      LOG.info("another certificate is served, until {}", certificateEnd);
    } catch (IOException | KeyMaterialException | RuntimeException fault) {
      String why = String.valueOf(fault.getMessage());
      if (!why.equals(fileFault)) LOG.warn("{}; the certificate of before is served on", why);
      fileFault = why;
    }
  }

  /** Answers what was asked, where it was told to end, and ends everything. */
  @Override
  public void close() {
    if (isDrained) server.drain(PostServer.ANSWER_MAX);
    server.close();
    source.close();
    thread.shutdownNow();
    admin.close();
    pages.close();
    close(api, host);
  }

  private static void close(ApiServer api, @Nullable Host host) {
    api.close();
    if (host != null) host.close();
  }

  private final class Reviews implements PostServer.Posts {
    @Override
    public PostServer.Answered answer(byte[] bytes, int length) {
      Answer answer = admission.answer(bytes, length);
      pages.reviewed(answer.verdict().name().toLowerCase(Locale.ROOT));
      return new PostServer.Answered(answer.status(), answer.text());
    }

    @Override
    public void ended(int status, long nanos) {
      pages.ended(status, nanos);
    }
  }

  private final class Views implements SourceListener {
    private long views;

    @Override
    public void onView(Translation<ClusterView> view) {
      admission.onView(view.value());
      state.serving(views++);
    }

    @Override
    public void onOutage(Diagnostic why) {
      LOG.warn("{} (reviews are answered by what was read before)", why.message());
    }
  }
}

package dev.penstock.app;

import dev.penstock.admission.Admission;
import dev.penstock.admission.AdmissionSettings;
import dev.penstock.admission.Answer;
import dev.penstock.core.host.AdminServer;
import dev.penstock.core.host.Host;
import dev.penstock.core.host.PostServer;
import dev.penstock.core.host.TransportChoice;
import dev.penstock.core.observe.ServingState;
import dev.penstock.core.observe.WebhookPages;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.ingress.source.kubernetes.ApiServer;
import dev.penstock.ingress.source.kubernetes.KubernetesSource;
import dev.penstock.ingress.source.kubernetes.Machinery;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
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

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  private final WebhookOptions options;
  private final WebhookCertificate certificate = new WebhookCertificate();
  private final Admission admission;
  private final ServingState state = new ServingState();
  private final WebhookPages pages;
  private final ApiServer api;
  private final ScheduledExecutorService thread = ClusterAccess.thread();
  private final Machinery machinery;
  private final KubernetesSource source;
  private final Host host;
  private final AdminServer admin;
  private final PostServer server;

  private boolean isDrained;
  private int adminPort;
  private int port;

  private Webhook(WebhookOptions options, ClusterOptions cluster, ApiServer api, Host host) {
    this.options = options;
    this.api = api;
    this.host = host;
    admission =
        new Admission(
            new AdmissionSettings(
                cluster.configMaps(),
                cluster.classes(),
                cluster.scope().namespaces(),
                options.conflictsAreDenied()),
            PostServer.SMALL_BYTES_MAX,
            System::nanoTime);
    pages = new WebhookPages(state, certificate::end);
    admin = new AdminServer(host, options.adminBind(), options.adminPort(), pages);
    server =
        new PostServer(
            host, options.bind(), options.port(), PATH, certificate.key(), new Reviews());
    machinery = new Machinery(api, thread, System::nanoTime, RandomGenerator.getDefault());
    source = new KubernetesSource(cluster.scope(), machinery, view -> Set.of());
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
      host = Host.start(1, TransportChoice.AUTO, System::nanoTime);
      webhook = new Webhook(options, cluster, api, host);
      webhook.open();
      return webhook;
    } catch (IOException | RuntimeException failed) {
      if (webhook != null) webhook.close();
      else close(api, host);
      if (failed instanceof RuntimeException defect) throw defect;
      throw CliFailure.usage(
          failed.getMessage() + " (--tls-cert, --tls-key, --port, --admin-port)");
    }
  }

  private void open() throws IOException {
    Views views = new Views();
    certificate.start(options.certificate(), machinery, views::onCertificate);
    adminPort = admin.start();
    port = server.start();
    source.start(views);
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
  void filesMayHaveChanged(KeyFiles files) throws ExecutionException, InterruptedException {
    thread.submit(() -> certificate.read(files)).get();
  }

  /** Answers what was asked, where it was told to end, and ends everything. */
  @Override
  public void close() {
    certificate.end(isDrained);
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

  /** On the thread of the machinery. */
  private final class Views implements SourceListener {
    private long views;
    private boolean hasCertificate;

    @Override
    public void onView(Translation<ClusterView> view) {
      admission.onView(view.value());
      views++;
      readyOnce();
    }

    void onCertificate() {
      hasCertificate = true;
      readyOnce();
    }

    private void readyOnce() {
      if (hasCertificate && views > 0) state.serving(views);
    }

    @Override
    public void onOutage(Diagnostic why) {
      LOG.warn("{} (reviews are answered by what was read before)", why.message());
    }
  }
}

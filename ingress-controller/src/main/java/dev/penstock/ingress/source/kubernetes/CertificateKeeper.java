package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.certificate.Renewal;
import dev.penstock.ingress.certificate.StoredKeys;
import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Json;
import dev.penstock.model.JsonFault;
import dev.penstock.model.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of the admission webhook in a Secret of the cluster. Every replica reads it again
 * and again and serves it; the one that leads fills it, renews what is in it, and tells the API
 * servers whom to trust. {@link Renewal} says what is due.
 *
 * <p>The Secret and the configuration of the webhook are the installation's: neither is created
 * here, so that nothing comes back that was removed.
 *
 * <p>Everything happens on the thread of the {@link Machinery}.
 */
public final class CertificateKeeper {
  /**
   * Between two looks at the Secret, and between two times that API servers are told, as somebody
   * may have made the configuration anew: until then no review gets an answer that is trusted.
   */
  static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  /** The same while there is nothing to serve. */
  private static final Duration LOOK_SOON = Duration.ofSeconds(1);

  private static final String FIELD_MANAGER = "penstock-webhook-certificate";
  private static final int CONFLICT = 409;
  private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);

  private final Settings settings;
  private final Machinery machinery;
  private final InstantSource wallClock;
  private final Consumer<KeyMaterial> served;
  private final Leadership leadership;
  private final RareWarning failure;
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  private StoredKeys stored = StoredKeys.NONE;
  private String version = "";
  private @Nullable KeyMaterial serving;

  /** What API servers were told last by this replica; empty = nothing that is known. */
  private String told = "";

  private @Nullable ApiRequest request;
  private @Nullable ScheduledFuture<?> next;

  /**
   * What is kept where.
   *
   * @param configuration name of the ValidatingWebhookConfiguration
   * @param webhooks names of all webhooks in it
   * @param dnsNames by which the API server asks
   * @param identity of this process, like that of no other
   */
  public record Settings(
      ObjectKey secret,
      String configuration,
      List<String> webhooks,
      List<String> dnsNames,
      Election election,
      String identity) {
    public Settings {
      webhooks = List.copyOf(webhooks);
      dnsNames = List.copyOf(dnsNames);
    }
  }

  /**
   * @param wallClock by which certificates are judged
   * @param served hears of each new certificate
   */
  public CertificateKeeper(
      Settings settings,
      Machinery machinery,
      InstantSource wallClock,
      Consumer<KeyMaterial> served) {
    this.settings = settings;
    this.machinery = machinery;
    this.wallClock = wallClock;
    this.served = served;
    this.leadership =
        new LeaderLease(
            settings.election(), settings.identity(), machinery, wallClock, new Leading());
    this.failure = new RareWarning(LOG, machinery.nanoTime());
  }

  /** Begins to read, and to stand for election. From any thread. */
  public void start() {
    machinery
        .thread()
        .execute(() -> {
          look();
          leadership.start();
        });
  }

  /** Gives the Lease back. From any thread; done when the future is. */
  public CompletableFuture<Boolean> end() {
    machinery
        .thread()
        .execute(() -> {
          drop();
          leadership.release(() -> ended.complete(true));
        });
    return ended;
  }

  private final class Leading implements Leadership.Owner {
    @Override
    public void leading() {
      told = "";
      look();
    }

    @Override
    public void following() {}
  }

  private String path() {
    return ApiKind.SECRET.path(settings.secret.namespace()) + "/" + settings.secret.name();
  }

  private void look() {
    drop();
    request = ApiRequest.get(machinery, path(), this::onSecret);
  }

  private void onSecret(ApiRequest.Answer answer) {
    if (!answer.isGood() || !read(answer.body())) {
      failed(
          "the Secret "
              + settings.secret
              + " cannot be read: "
              + (answer.isGood() ? "it is no Secret" : answer.reason())
              + " (the service account needs get and patch on it; the chart makes it)");
      return;
    }
    serve();
    if (leadership.isLeading()) lead();
    else works();
  }

  private void serve() {
    stored
        .served()
        .filter(now -> !now.equals(serving))
        .ifPresent(now -> {
          serving = now;
          served.accept(now);
        });
  }

  private void lead() {
    boolean isTold = told.equals(stored.authorities());
    StoredKeys due = Renewal.next(stored, settings.dnsNames, wallClock.instant(), isTold);
    if (due.equals(stored)) tell();
    else store(due);
  }

  private void store(StoredKeys due) {
    request =
        ApiRequest.send(
            machinery,
            ApiWrite.merge(path(), StoredSecret.patch(version, due)),
            answer -> {
              if (answer.isGood()) {
                LOG.info(
                    "certificates of the webhook were renewed in the Secret {}", settings.secret);
                look();
              } else if (answer.status() == CONFLICT) {
                after(LOOK_SOON.toNanos()); // somebody else was here
              } else {
                failed("the Secret " + settings.secret + " cannot be written: " + answer.reason());
              }
            });
  }

  private void tell() {
    String authorities = stored.authorities();
    String path =
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/"
            + settings.configuration;
    request =
        ApiRequest.send(
            machinery,
            ApiWrite.apply(path, FIELD_MANAGER, trust(authorities)),
            answer -> {
              if (!answer.isGood()) {
                failed(
                    "the ValidatingWebhookConfiguration "
                        + settings.configuration
                        + " cannot be told whom to trust: "
                        + answer.reason()
                        + " (the service account needs patch on it)");
                return;
              }
              told = authorities;
              works();
            });
  }

  /** Of the configuration only the field that is ours. */
  private String trust(String authorities) {
    String bundle =
        Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.UTF_8));
    return settings.webhooks.stream()
        .map(name ->
            "{\"name\":"
                + ApiWrite.quoted(name)
                + ",\"clientConfig\":{\"caBundle\":\""
                + bundle
                + "\"}}")
        .collect(
            Collectors.joining(
                ",",
                "{\"apiVersion\":\"admissionregistration.k8s.io/v1\","
                    + "\"kind\":\"ValidatingWebhookConfiguration\",\"metadata\":{\"name\":"
                    + ApiWrite.quoted(settings.configuration)
                    + "},\"webhooks\":[",
                "]}"));
  }

  /** False when it is no Secret. */
  private boolean read(byte[] body) {
    try {
      if (!(Json.parse(new String(body, StandardCharsets.UTF_8)) instanceof Json.Struct secret)) {
        return false;
      }
      stored = StoredSecret.keys(secret);
      version = StoredSecret.version(secret);
      return !version.isEmpty();
    } catch (JsonFault noJson) {
      return false;
    }
  }

  private void works() {
    failure.works();
    after((serving == null ? LOOK_SOON : LOOK_EVERY).toNanos());
  }

  private void failed(String why) {
    failure.tell(why + "; it is tried again");
    after(LOOK_EVERY.toNanos());
  }

  private void after(long waitNanos) {
    drop();
    next = machinery.thread().schedule(this::look, waitNanos, TimeUnit.NANOSECONDS);
  }

  private void drop() {
    if (request != null) request.cancel();
    if (next != null) next.cancel(false);
    request = null;
    next = null;
  }
}

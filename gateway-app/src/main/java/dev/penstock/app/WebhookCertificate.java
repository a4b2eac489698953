package dev.penstock.app;

import dev.penstock.core.host.ServedKey;
import dev.penstock.ingress.source.kubernetes.CertificateKeeper;
import dev.penstock.ingress.source.kubernetes.Machinery;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.ParsedKeyMaterial;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the webhook serves, and where the next one comes from: files, or a Secret
 * that is kept by the replicas themselves. On the thread of the machinery, but for the getters.
 */
final class WebhookCertificate {
  /** How often files are looked at; a Secret's take a minute to change. */
  private static final Duration FILES_EVERY = Duration.ofSeconds(10);

  /** Giving a Lease back is one request, or nobody answers. */
  private static final Duration END_MAX = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(WebhookCertificate.class);

  /** Where it comes from. */
  sealed interface From {
    record Files(KeyFiles files) implements From {}

    record Secret(CertificateKeeper.Settings settings) implements From {}
  }

  private final ServedKey key = new ServedKey();
  private @Nullable KeyMaterial served;
  private volatile @Nullable Instant end;
  private @Nullable CertificateKeeper keeper;
  private String fileFault = "";

  ServedKey key() {
    return key;
  }

  /** When it runs out; null while there is none. Any thread. */
  @Nullable Instant end() {
    return end;
  }

  /**
   * Begins.
   *
   * @param first runs when there is one, on the thread of the machinery or on this one
   * @throws IOException when files cannot be read; the message says which
   */
  void start(From from, Machinery machinery, Runnable first) throws IOException {
    switch (from) {
      case From.Files(KeyFiles files) -> {
        serve(files.read());
        first.run();
        long every = FILES_EVERY.toMillis();
        machinery
            .thread()
            .scheduleWithFixedDelay(() -> read(files), every, every, TimeUnit.MILLISECONDS);
      }
      case From.Secret(CertificateKeeper.Settings settings) -> {
        keeper =
            new CertificateKeeper(
                settings,
                machinery,
                Instant::now,
                now -> {
                  serve(now);
                  first.run();
                });
        keeper.start();
      }
    }
  }

  /** Somebody else may lead. Blocks. */
  void end(boolean inOrder) {
    if (keeper == null || !inOrder) return;
    keeper.end().completeOnTimeout(false, END_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  /** A bad pair changes nothing: a Secret may be seen half-written. */
  void read(KeyFiles files) {
    try {
      serve(files.read());
      fileFault = "";
    } catch (IOException | RuntimeException fault) {
      String why = String.valueOf(fault.getMessage());
      if (!why.equals(fileFault)) LOG.warn("{}; the certificate of before is served on", why);
      fileFault = why;
    }
  }

  private void serve(KeyMaterial now) {
    if (now.equals(served)) return;
    ParsedKeyMaterial parsed;
    try {
      parsed = now.parse();
    } catch (KeyMaterialException impossible) {
      throw new IllegalStateException("it has been parsed before", impossible);
    }
    key.exchange(parsed);
    if (served != null) LOG.info("another certificate is served, until {}", parsed.notAfter());
    served = now;
    end = parsed.notAfter();
  }
}

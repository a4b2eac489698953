package dev.penstock.ingress.source.kubernetes;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of an {@link ExecPlugin}, which is asked again when the one it gave has become old, on
 * a thread of its own: whoever asks the API server waits for no program. Any thread.
 */
final class ExecToken implements OAuthTokenProvider {
  /** Above what a request waits that was refused; tokens hold for a quarter of an hour or more. */
  static final Duration RENEWED_EVERY_MIN = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(ExecToken.class);

  private final ExecPlugin plugin;
  private final LongSupplier nanoTime;
  private String last;
  private long begunNanos;
  private boolean isRunning;

  /**
   * @param first that it gave just now; empty = it gives a certificate
   */
  ExecToken(ExecPlugin plugin, String first, LongSupplier nanoTime) {
    this.plugin = plugin;
    this.nanoTime = nanoTime;
    this.last = first;
    this.begunNanos = nanoTime.getAsLong();
  }

  /** The last one that it gave. */
  @Override
  public synchronized String getToken() {
    long now = nanoTime.getAsLong();
    boolean isDue = !last.isEmpty() && now - begunNanos >= RENEWED_EVERY_MIN.toNanos();
    if (isDue && !isRunning) {
      isRunning = true;
      begunNanos = now;
      Thread.ofVirtual().name("penstock-exec-plugin").start(this::renew);
    }
    return last;
  }

  private void renew() {
    String token = "";
    try {
      token = plugin.token();
    } catch (IOException failed) {
      LOG.warn("the last token of the kubeconfig's exec stands: {}", failed.getMessage());
    }
    synchronized (this) {
      if (!token.isEmpty()) last = token;
      isRunning = false;
    }
  }
}

package dev.penstock.ingress.source.kubernetes;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Whether one more Secret may begin to be read by its name: who renames what he names again and
 * again would keep the API server busy with it, and so the changes of others. One thread.
 */
final class SecretStarts {
  private final LongSupplier nanoTime;
  private final long stepNanos;
  private final long mostNanos;
  private final Map<String, Long> begun = new HashMap<>();

  /**
   * @param every of one namespace one begins
   * @param atOnce so many may begin before that
   */
  SecretStarts(LongSupplier nanoTime, Duration every, int atOnce) {
    this.nanoTime = nanoTime;
    this.stepNanos = every.toNanos();
    this.mostNanos = atOnce * stepNanos;
  }

  /** If so, it counts as begun. */
  boolean mayStart(String namespace) {
    long now = nanoTime.getAsLong();
    Long from = begun.get(namespace);
    long unused = from == null ? mostNanos : Math.min(mostNanos, now - from);
    if (unused < stepNanos) return false;
    begun.put(namespace, now - unused + stepNanos);
    return true;
  }

  /** Forgets the namespaces that may begin as many as ever. */
  void forgetUnused() {
    long now = nanoTime.getAsLong();
    begun.values().removeIf(from -> now - from >= mostNanos);
  }
}

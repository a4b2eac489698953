package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ClusterView;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Whether one more Secret may begin to be read by its name: who renames what he names again and
 * again would keep the API server busy with it, and so the changes of others. One thread.
 */
final class SecretStarts {
  /** Of one namespace, after as many at once as may be read at all. */
  static final Duration EVERY = Duration.ofMillis(100);

  private final LongSupplier nanoTime;
  private final Map<String, Long> begun = new HashMap<>();

  SecretStarts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** If so, it counts as begun. */
  boolean mayStart(String namespace) {
    long now = nanoTime.getAsLong();
    long step = EVERY.toNanos();
    long most = ClusterView.NAMED_SECRETS_MAX * step;
    Long from = begun.get(namespace);
    long unused = from == null ? most : Math.min(most, now - from);
    if (unused < step) return false;
    begun.put(namespace, now - unused + step);
    return true;
  }
}

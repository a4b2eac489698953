package dev.penstock.core.upstream;

import dev.penstock.core.loop.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for a connection. Answered once, unless it is cancelled before. Owned by one
 * loop.
 */
public final class Borrow {
  private UpstreamStream.@Nullable Receiver receiver;
  final int connectTimeoutMillis;
  @Nullable Deadline deadline;

  /** The loop's clock when it began to wait; meaningful while there is a deadline. */
  long waitsSinceNanos;

  Borrow(UpstreamStream.Receiver receiver, int connectTimeoutMillis) {
    this.receiver = receiver;
    this.connectTimeoutMillis = connectTimeoutMillis;
  }

  /** Nobody waits any more; a connection that is being opened for it goes to the pool. */
  public void cancel() {
    take();
  }

  boolean isCancelled() {
    return receiver == null;
  }

  /** Whom to answer; null when it was cancelled or answered. */
  UpstreamStream.@Nullable Receiver take() {
    UpstreamStream.Receiver taken = receiver;
    receiver = null;
    if (deadline != null) deadline.cancel();
    return taken;
  }
}

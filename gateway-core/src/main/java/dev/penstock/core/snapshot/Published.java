package dev.penstock.core.snapshot;

/**
 * The one place where control and traffic meet: the snapshot that is served, and whether the
 * gateway is being drained. Written by the control thread, read by every loop.
 */
public final class Published {
  private volatile Snapshot current;
  private volatile boolean draining;

  public Published(Snapshot first) {
    current = first;
  }

  public Snapshot current() {
    return current;
  }

  /** Control thread only. Exchanges in flight keep the snapshot they began with. */
  public void publish(Snapshot next) {
    assert next.version() > current.version();
    current = next;
  }

  /** True when every answer says {@code Connection: close}. */
  public boolean isDraining() {
    return draining;
  }

  public void drain() {
    draining = true;
  }
}

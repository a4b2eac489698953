package dev.penstock.ingress.source;

/** A Node, trimmed to its first addresses; empty when it has none. */
public record NodeAddresses(String internal, String external) {
  /** As ingress-nginx's {@code GetNodeIPOrName}: the internal one for want of an external one. */
  public String preferring(boolean internalOnes) {
    return internalOnes || external.isEmpty() ? internal : external;
  }
}

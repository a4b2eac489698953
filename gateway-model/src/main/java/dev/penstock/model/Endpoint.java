package dev.penstock.model;

/**
 * One backend process.
 *
 * @param address an IPv4 or IPv6 address in text form (never a name: nothing is resolved on the
 *     request path)
 * @param port 1–65535
 */
public record Endpoint(String address, int port) implements Comparable<Endpoint> {
  public Endpoint {
    Check.notBlank("address", address);
    Check.port("port", port);
  }

  @Override
  public int compareTo(Endpoint other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
  }

  /** {@code address:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return address.indexOf(':') < 0 ? address + ":" + port : "[" + address + "]:" + port;
  }
}

package dev.penstock.model;

/**
 * A socket that clients connect to.
 *
 * @param name for logs and metrics, unique
 * @param address the local address to bind; {@code 0.0.0.0} or {@code ::} for all
 * @param port the local port; 0 = any free one (tests)
 * @param tls whether TLS is terminated here
 * @param publicPort the port as clients see it: in {@code X-Forwarded-Port} and redirects
 */
public record Listener(String name, String address, int port, boolean tls, int publicPort) {
  public Listener {
    Check.notBlank("name", name);
    Check.notBlank("address", address);
    Check.inRange("port", port, 0, 65_535);
    Check.port("publicPort", publicPort);
  }

  public String scheme() {
    return tls ? "https" : "http";
  }
}

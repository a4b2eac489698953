package dev.penstock.core.listener;

import dev.penstock.core.http1.IpAddress;
import dev.penstock.model.Settings;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a connection, and what it connected to; ready to be written. */
final class Client {
  /** By this port a load balancer that takes TLS is known: as ingress-nginx has it. */
  private static final int HTTPS_PORT = 443;

  private static final byte[] HTTPS = "https".getBytes(StandardCharsets.US_ASCII);

  private final byte[] address;
  private final byte[] scheme;
  private final byte[] port;

  private Client(byte[] address, byte[] scheme, byte[] port) {
    this.address = address;
    this.scheme = scheme;
    this.port = port;
  }

  /** The peer of a connection; {@code unknown} where it has no address (tests). */
  static Client of(@Nullable SocketAddress peer, ListenerScope listener) {
    String text = "unknown";
    if (peer instanceof InetSocketAddress inet) {
      text = inet.getAddress().getHostAddress();
      int scope = text.indexOf('%');
      if (scope >= 0) text = text.substring(0, scope);
    }
    return new Client(bytes(text), listener.scheme, listener.publicPort);
  }

  /** As this peer says in its header, where it is trusted; else the peer itself. */
  Client said(ProxyHeader header, Settings.FrontProxies proxies) {
    byte[] said = header.clientAddress();
    IpAddress peer = new IpAddress();
    if (said == null
        || !peer.read(address, 0, address.length)
        || !proxies.trusts(peer.high(), peer.low())) {
      return this;
    }
    int asked = header.publicPort();
    return new Client(said, asked == HTTPS_PORT ? HTTPS : scheme, bytes(Integer.toString(asked)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** As text, without port, scope or brackets. */
  byte[] address() {
    return address;
  }

  /** {@code http} or {@code https}. */
  byte[] scheme() {
    return scheme;
  }

  /** In decimal digits. */
  byte[] port() {
    return port;
  }
}

package dev.penstock.testkit;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * What a TLS client of a test offers. Any certificate is trusted.
 *
 * @param serverName sent as SNI; empty = no SNI
 * @param protocols such as {@code TLSv1.2}; empty = the JDK's choice
 * @param cipherSuites JDK names; empty = the JDK's choice
 */
public record TlsClient(String serverName, List<String> protocols, List<String> cipherSuites) {
  static {
    // A FIN without close_notify has to be told from an orderly end; the JDK does so only on
    // demand.
    System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
  }

  public TlsClient {
    protocols = List.copyOf(protocols);
    cipherSuites = List.copyOf(cipherSuites);
  }

  public static TlsClient to(String serverName) {
    return new TlsClient(serverName, List.of(), List.of());
  }

  public TlsClient withProtocols(String... names) {
    return new TlsClient(serverName, List.of(names), cipherSuites);
  }

  public TlsClient withCipherSuites(String... names) {
    return new TlsClient(serverName, protocols, List.of(names));
  }

  SSLSocket handshake(Socket tcp) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverybody()}, new SecureRandom());
      String host = serverName.isEmpty() ? "127.0.0.1" : serverName;
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(tcp, host, tcp.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(
          serverName.isEmpty() ? List.of() : List.of(new SNIHostName(serverName)));
      if (!protocols.isEmpty()) parameters.setProtocols(protocols.toArray(String[]::new));
      if (!cipherSuites.isEmpty()) parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException unavailable) {
      throw new IllegalStateException("every JDK has TLS", unavailable);
    }
  }
}

package dev.penstock.scenarios.http;

import dev.penstock.testkit.TrustEverybody;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Looks which certificate a host gets; every look is a full handshake. Thread-safe. */
public final class TlsProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final int port;
  private final SSLContext context;

  /**
   * @param port of 127.0.0.1
   */
  public TlsProbe(int port) {
    this.port = port;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverybody()}, new SecureRandom());
    } catch (GeneralSecurityException unavailable) {
      throw new IllegalStateException("every JDK has TLS", unavailable);
    }
  }

  /** The serial number of the certificate that this host's next handshake gets. */
  public BigInteger serial(String host) throws IOException {
    try (Socket tcp = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      tcp.setTcpNoDelay(true);
      tcp.setSoTimeout((int) PATIENCE.toMillis());
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(tcp, host, port, true)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        socket.getSession().invalidate(); // a resumed session would show the old certificate
        return leaf.getSerialNumber();
      }
    }
  }
}

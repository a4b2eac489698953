package dev.penstock.app;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One request and the status of its answer, over a connection of its own. The JDK's client lets
 * nobody choose whom to connect to apart from the host that is asked for.
 *
 * @param through whom to connect to; null: the host of the URL
 * @param isInsecure whether any certificate is accepted
 * @param sendsProxyHeader whether a header of the PROXY protocol goes first, as a load balancer
 *     sends it that checks whether somebody is there
 * @param timeout for each step: to connect, and each read
 */
record Probe(
    @Nullable String through, boolean isInsecure, boolean sendsProxyHeader, Duration timeout) {
  private static final byte[] PROXY_HEADER = "PROXY UNKNOWN\r\n".getBytes(US_ASCII);

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");

  /** Bytes of a status line that are read. */
  private static final int LINE_BYTES_MAX = 1_000;

  /**
   * Asks it once.
   *
   * @return the status of the answer
   * @throws IOException there was none; the message says why, and what to do
   */
  int ask(URI url) throws IOException {
    boolean isSecure = url.getScheme().equals("https");
    String host = through == null ? url.getHost() : through;
    int port = url.getPort() >= 0 ? url.getPort() : isSecure ? 443 : 80;
    String whom = host + " port " + port;
    int timeoutMs = (int) timeout.toMillis();
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(timeoutMs);
      plain.connect(new InetSocketAddress(InetAddress.getByName(host), port), timeoutMs);
      if (sendsProxyHeader) plain.getOutputStream().write(PROXY_HEADER);
      try (Socket socket = isSecure ? secured(plain, url.getHost(), port) : plain) {
        socket.getOutputStream().write(request(url).getBytes(US_ASCII));
        return status(socket.getInputStream());
      }
    } catch (UnknownHostException unknown) {
      throw new IOException(
          "no address for %s: the name is wrong, or DNS does not answer; --through takes an address"
              .formatted(host),
          unknown);
    } catch (ConnectException refused) {
      throw new IOException(
          "nobody listens on %s (%s): no pod of the gateway is ready, or the port is another"
              .formatted(whom, refused.getMessage()),
          refused);
    } catch (SocketTimeoutException late) {
      throw new IOException(
          "no answer from %s within %s: a NetworkPolicy or a firewall drops it, or --timeout is short"
              .formatted(whom, Durations.format(timeout)),
          late);
    } catch (SSLException wrong) {
      throw new IOException(
          "no TLS with %s: %s; --insecure accepts any certificate"
              .formatted(whom, wrong.getMessage()),
          wrong);
    }
  }

  private Socket secured(Socket plain, String host, int port) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, isInsecure ? new TrustManager[] {new Anybody()} : null, null);
      // The name of the URL is in the handshake and has to be in the certificate.
      SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
      SSLParameters parameters = socket.getSSLParameters();
      if (!isInsecure) parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this JVM has no TLS", missing);
    }
  }

  private static String request(URI url) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return "GET %s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: penstock-probe\r\nConnection: close\r\n\r\n"
        .formatted(path, query, url.getRawAuthority());
  }

  private static int status(InputStream answer) throws IOException {
    StringBuilder line = new StringBuilder();
    int read = answer.read();
    while (read >= 0 && read != '\r' && read != '\n' && line.length() < LINE_BYTES_MAX) {
      line.append((char) read);
      read = answer.read();
    }
    Matcher status = STATUS.matcher(line);
    if (status.matches()) return Integer.parseInt(status.group(1));
    throw new IOException(
        line.isEmpty()
            ? "the connection was closed without an answer: the port may be one of another protocol,"
                + " or of the PROXY protocol (--proxy-protocol)"
            : "the answer is not HTTP/1.1: the port is one of another protocol");
  }

  /** An extended one, since the JDK checks names by itself for any other. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

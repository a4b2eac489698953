package dev.penstock.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends exactly the bytes it is told to, over TCP or TLS, and reads responses
 * strictly: a malformed one is a fault of the gateway. Every wait has an end (by default {@link
 * Await#PATIENCE}). For one thread; only {@link #close()}, {@link #reset()} and {@link
 * #closeWithoutTlsNotify()} may come from another.
 */
public final class RawClient implements AutoCloseable {
  /** How the peer ended the connection. */
  public enum Close {
    /** FIN; over TLS close_notify too. */
    CLEAN,
    /** RST, or over TLS a FIN without close_notify. */
    CUT
  }

  private static final Pattern STATUS_LINE =
      Pattern.compile("(HTTP/1\\.[01]) ([1-5][0-9][0-9]) [\\t\\x20-\\x7E\\x80-\\xFF]*");
  private static final Pattern FIELD_LINE =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7E\\x80-\\xFF]*");

  private final Socket tcp;
  private final Socket top;
  private final InputStream in;
  private final OutputStream out;
  private Duration patience = Await.PATIENCE;
  private long deadlineNanos;

  private RawClient(Socket tcp, Socket top) throws IOException {
    this.tcp = tcp;
    this.top = top;
    this.in = new BufferedInputStream(new DeadlineStream(top.getInputStream()));
    this.out = top.getOutputStream();
  }

  /** Over TCP. */
  public static RawClient plain(int port) throws IOException {
    return plain(port, 0);
  }

  /**
   * Over TCP.
   *
   * @param receiveBufferBytes SO_RCVBUF, so that a slow reader pushes back early; 0 = the system's
   */
  public static RawClient plain(int port, int receiveBufferBytes) throws IOException {
    Socket tcp = connect(port, receiveBufferBytes);
    return new RawClient(tcp, tcp);
  }

  /** Over TLS; any certificate is trusted. The handshake is complete on return. */
  public static RawClient tls(int port, String serverName) throws IOException {
    return tls(port, 0, TlsClient.to(serverName));
  }

  /** Over TLS, with a choice of protocol, cipher and buffer. */
  public static RawClient tls(int port, int receiveBufferBytes, TlsClient tls) throws IOException {
    Socket tcp = connect(port, receiveBufferBytes);
    try {
      return new RawClient(tcp, tls.handshake(tcp));
    } catch (IOException failed) {
      tcp.close();
      throw failed;
    }
  }

  /**
   * Over TLS, from an address of this machine.
   *
   * @param from such as 127.0.0.2: to the peer that is another client
   */
  public static RawClient tlsFrom(String from, int port, String serverName) throws IOException {
    return plainFrom(from, port).secured(TlsClient.to(serverName));
  }

  /** Over TCP, from an address of this machine. */
  public static RawClient plainFrom(String from, int port) throws IOException {
    Socket tcp = connect(new InetSocketAddress(from, 0), port, 0);
    return new RawClient(tcp, tcp);
  }

  /** The same connection over TLS from now on; only after sending, before anything was read. */
  public RawClient secured(TlsClient tls) throws IOException {
    return new RawClient(tcp, tls.handshake(tcp));
  }

  private static Socket connect(int port, int receiveBufferBytes) throws IOException {
    return connect(new InetSocketAddress(0), port, receiveBufferBytes);
  }

  private static Socket connect(InetSocketAddress from, int port, int receiveBufferBytes)
      throws IOException {
    Socket tcp = new Socket();
    tcp.bind(from);
    tcp.setTcpNoDelay(true);
    if (receiveBufferBytes > 0) tcp.setReceiveBufferSize(receiveBufferBytes);
    int timeoutMillis = (int) Await.PATIENCE.toMillis();
    tcp.connect(new InetSocketAddress(Ports.loopback(), port), timeoutMillis);
    tcp.setSoTimeout(timeoutMillis);
    return tcp;
  }

  /** How long every later call may take. */
  public RawClient patience(Duration time) {
    patience = time;
    return this;
  }

  /** The TLS socket: session, protocol, peer certificates. */
  public SSLSocket tlsSocket() {
    if (top instanceof SSLSocket tls) return tls;
    throw new IllegalStateException("this connection is not TLS");
  }

  /** Our own port, to find this connection in a log. */
  public int localPort() {
    return tcp.getLocalPort();
  }

  public RawClient send(String text) throws IOException {
    return send(Wire.bytes(text));
  }

  /** Sends all; fails when the peer has not taken it in time. */
  public RawClient send(byte[] bytes) throws IOException {
    AtomicBoolean done = new AtomicBoolean();
    Thread guard =
        Thread.ofVirtual()
            .start(() -> {
              if (!Await.within(patience, done::get)) closeSilently(tcp);
            });
    try {
      out.write(bytes);
      out.flush();
    } finally {
      done.set(true);
      guard.interrupt();
    }
    return this;
  }

  /** Sends every byte in a segment (over TLS: a record) of its own. */
  public RawClient sendByteByByte(byte[] bytes) throws IOException {
    for (byte b : bytes) {
      out.write(b);
      out.flush();
    }
    return this;
  }

  /** Ends our side in good order and goes on reading. */
  public RawClient halfClose() throws IOException {
    top.shutdownOutput();
    if (!tcp.isOutputShutdown()) tcp.shutdownOutput();
    return this;
  }

  /** Tears the connection down (RST), also under TLS. */
  public void reset() throws IOException {
    tcp.setSoLinger(true, 0);
    tcp.close();
  }

  /** FIN in the midst of TLS, as a killed process or a man in the middle would leave it. */
  public void closeWithoutTlsNotify() throws IOException {
    tcp.shutdownOutput();
  }

  /** The next final response; interim ones before it are dropped. */
  public RawResponse readFinal(String requestMethod) throws IOException {
    while (true) {
      RawResponse response = read(requestMethod);
      if (!response.isInterim() || response.status() == 101) return response;
    }
  }

  /** The next response, interim ones too; fails when the connection ends before its first byte. */
  public RawResponse read(String requestMethod) throws IOException {
    return tryRead(requestMethod)
        .orElseThrow(() -> new EOFException("closed before the first byte of a response"));
  }

  /** Sends a request and reads its final response. */
  public RawResponse exchange(String request) throws IOException {
    send(request);
    return readFinal(request.substring(0, request.indexOf(' ')));
  }

  /**
   * The next response.
   *
   * @param requestMethod of the request that is answered: HEAD has no body
   * @return empty when the connection ended before its first byte
   * @throws SocketTimeoutException when it did not come in time
   */
  public Optional<RawResponse> tryRead(String requestMethod) throws IOException {
    Optional<RawResponse> head = tryReadHead();
    return head.isEmpty() ? head : Optional.of(withBody(head.get(), requestMethod));
  }

  /** The next response's head alone, its body is still to come. */
  public RawResponse readHead() throws IOException {
    return tryReadHead()
        .orElseThrow(() -> new EOFException("closed before the first byte of a response"));
  }

  private Optional<RawResponse> tryReadHead() throws IOException {
    startWaiting();
    String head;
    try {
      head = Wire.readHead(in);
    } catch (EOFException ended) {
      if ("".equals(ended.getMessage())) return Optional.empty();
      throw new ProtocolException("the head is cut: " + ended.getMessage());
    } catch (SocketException | SSLException torn) {
      return Optional.empty();
    }
    String[] lines = head.substring(0, head.length() - 4).split("\r\n", -1);
    Matcher statusLine = STATUS_LINE.matcher(lines[0]);
    if (!statusLine.matches()) throw new ProtocolException("status line '" + lines[0] + "'");
    List<String> fieldLines = List.of(lines).subList(1, lines.length);
    for (String line : fieldLines) {
      if (!FIELD_LINE.matcher(line).matches()) throw new ProtocolException("field '" + line + "'");
    }
    int status = Integer.parseInt(statusLine.group(2));
    return Optional.of(
        new RawResponse(
            status,
            statusLine.group(1),
            Wire.fields(fieldLines),
            new byte[0],
            List.of(),
            RawResponse.Completion.COMPLETE));
  }

  private RawResponse withBody(RawResponse head, String requestMethod) throws IOException {
    long lengths = head.values("content-length").size();
    if (lengths + head.values("transfer-encoding").size() > 1) {
      throw new ProtocolException("two framings in " + head);
    }
    boolean none =
        head.isInterim()
            || head.status() == 204
            || head.status() == 304
            || requestMethod.equals("HEAD");
    if (none) return head;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    List<Field> trailers = new ArrayList<>();
    var completion = RawResponse.Completion.COMPLETE;
    try {
      if (Wire.isChunked(head.fields())) Wire.readChunked(in, body, trailers);
      else if (lengths == 1) Wire.readExactly(in, Wire.contentLength(head.fields()), body);
      else if (readToEnd(body) == Close.CUT) completion = RawResponse.Completion.CUT;
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (EOFException | SocketException | SSLException cut) {
      completion = RawResponse.Completion.CUT;
    }
    return new RawResponse(
        head.status(), head.version(), head.fields(), body.toByteArray(), trailers, completion);
  }

  /** So many bytes, whatever they are. */
  public byte[] readBytes(int count) throws IOException {
    startWaiting();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Wire.readExactly(in, count, bytes);
    return bytes.toByteArray();
  }

  /** Everything until the end of the connection, and how that came. */
  public Close readToEnd(ByteArrayOutputStream into) throws IOException {
    startWaiting();
    byte[] buffer = new byte[64 * 1024];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) into.write(buffer, 0, n);
      return Close.CLEAN;
    } catch (SocketTimeoutException late) {
      throw late;
    } catch (SocketException | SSLException torn) {
      return Close.CUT;
    }
  }

  /** Waits for the end of the connection; fails when another byte comes. */
  public Close awaitClose() throws IOException {
    ByteArrayOutputStream surplus = new ByteArrayOutputStream();
    Close close = readToEnd(surplus);
    if (surplus.size() > 0) throw new ProtocolException("unexpected bytes: " + surplus);
    return close;
  }

  /** Whether nothing comes, not even an end, for this long. */
  public boolean isQuietFor(Duration time) throws IOException {
    tcp.setSoTimeout((int) time.toMillis());
    try {
      deadlineNanos = System.nanoTime() + time.toNanos();
      in.read();
      return false;
    } catch (SocketTimeoutException quiet) {
      return true;
    }
  }

  /**
   * Reads and throws away so many bytes each second.
   *
   * @return how many bytes came
   */
  public long drainAtRate(int bytesPerSecond, Duration time) throws IOException {
    Pace pace = new Pace(bytesPerSecond);
    byte[] buffer = new byte[pace.sliceBytes()];
    long end = System.nanoTime() + time.toNanos();
    long count = 0;
    while (System.nanoTime() - end < 0) {
      startWaiting();
      int n = in.read(buffer);
      if (n < 0) throw new EOFException("ended after " + count + " bytes");
      count += n;
      Await.quietTime(pace.afterBytes(n));
    }
    return count;
  }

  private void startWaiting() {
    deadlineNanos = System.nanoTime() + patience.toNanos();
  }

  /** Closes in good order: over TLS with close_notify. */
  @Override
  public void close() {
    closeSilently(top);
    closeSilently(tcp);
  }

  private static void closeSilently(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // nothing is left to close
    }
  }

  /** A socket's own timeout is for one read; this one holds for all reads of a call. */
  private final class DeadlineStream extends FilterInputStream {
    DeadlineStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) throw new SocketTimeoutException("out of patience");
      top.setSoTimeout((int) leftMillis);
      return in.read(bytes, offset, length);
    }
  }
}

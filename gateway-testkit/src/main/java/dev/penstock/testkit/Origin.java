package dev.penstock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A backend on a free port of 127.0.0.1 that does what its script says, good or bad, and writes
 * down every byte it gets. One virtual thread for each connection.
 *
 * <p>A script that fails by anything but an {@link IOException} fails the test: {@link #close()}
 * throws what it threw.
 */
public final class Origin implements AutoCloseable {
  /** Larger than any upload of a test that looks at its bytes. */
  public static final int KEEP_BYTES_MAX = 64 << 20;

  private static final int BACKLOG = 1024;

  /** What happens on one connection. The connection is closed when the script returns. */
  @FunctionalInterface
  public interface Script {
    void play(OriginConnection connection) throws IOException;
  }

  /** What happens when a whole request was read. */
  @FunctionalInterface
  public interface Reply {
    void to(SeenRequest request, OriginConnection connection) throws IOException;
  }

  private final ServerSocket listener;
  private final int keepBytesMax;
  private final List<OriginConnection> connections = new CopyOnWriteArrayList<>();
  private final List<SeenRequest> requests = new CopyOnWriteArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Script> script;
  private int accepted;

  private Origin(ServerSocket listener, int keepBytesMax, Script script) {
    this.listener = listener;
    this.keepBytesMax = keepBytesMax;
    this.script = new AtomicReference<>(script);
  }

  /** Every connection follows the script from its first byte. */
  public static Origin playing(Script script) {
    return start(0, KEEP_BYTES_MAX, 0, script);
  }

  /** Every whole request gets the reply; connections are kept open. */
  public static Origin replying(Reply reply) {
    return playing(forEachRequest(reply));
  }

  /** As {@link #replying(Reply)}, over TLS. */
  public static Origin replying(TestCertificate certificate, Reply reply) {
    try {
      ServerSocket listener =
          certificate.serverContext().getServerSocketFactory().createServerSocket();
      return start(listener, 0, KEEP_BYTES_MAX, forEachRequest(reply));
    } catch (IOException unable) {
      throw new UncheckedIOException("no origin over TLS", unable);
    }
  }

  /** Every whole request gets these bytes; connections are kept open. */
  public static Origin answering(String response) {
    return replying((request, connection) -> connection.send(response));
  }

  /**
   * An origin on a given port, with other buffers.
   *
   * @param port 0 = any free one
   * @param keepBytesMax bytes kept of each connection; the rest is counted and digested
   * @param receiveBufferBytes SO_RCVBUF of its connections; 0 = the system's choice
   */
  public static Origin start(int port, int keepBytesMax, int receiveBufferBytes, Script script) {
    try {
      ServerSocket listener = new ServerSocket();
      if (receiveBufferBytes > 0) listener.setReceiveBufferSize(receiveBufferBytes);
      return start(listener, port, keepBytesMax, script);
    } catch (IOException unable) {
      throw new UncheckedIOException("no origin on port " + port, unable);
    }
  }

  private static Origin start(ServerSocket listener, int port, int keepBytesMax, Script script)
      throws IOException {
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(Ports.loopback(), port), BACKLOG);
    Origin origin = new Origin(listener, keepBytesMax, script);
    Thread.ofVirtual().name("origin-" + origin.port()).start(origin::accept);
    return origin;
  }

  /** A script that reads whole requests one after another. */
  public static Script forEachRequest(Reply reply) {
    return connection -> {
      while (true) reply.to(connection.readRequest(), connection);
    };
  }

  /** New connections follow this script; those that exist go on as they began. */
  public void switchTo(Script next) {
    script.set(next);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The connections since the start or the last {@link #clear()}, in the order of acceptance. */
  public List<OriginConnection> connections() {
    return List.copyOf(connections);
  }

  /** The complete requests that scripts have read, in the order of their completion. */
  public List<SeenRequest> requests() {
    return List.copyOf(requests);
  }

  /** Waits for the n-th connection (from 0). */
  public OriginConnection awaitConnection(int index) {
    Await.until("connection " + index + " to the origin", () -> connections.size() > index);
    return connections.get(index);
  }

  /** Waits until so many complete requests have come; gives back the last of them. */
  public SeenRequest awaitRequests(int count) {
    Await.until(
        () -> count + " requests at the origin, it has " + requests,
        Await.PATIENCE,
        () -> requests.size() >= count);
    return requests.get(count - 1);
  }

  /** Forgets requests, recorded bytes and the connections that have ended. */
  public void clear() {
    connections.removeIf(
        connection -> connection.isClosed() || connection.recording().end() != Recording.End.OPEN);
    connections.forEach(connection -> connection.recording().clear());
    requests.clear();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        OriginConnection connection =
            new OriginConnection(accepted++, socket, new Recording(keepBytesMax), requests::add);
        connections.add(connection);
        Thread.ofVirtual().name("origin-connection").start(() -> play(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void play(OriginConnection connection) {
    try {
      script.get().play(connection);
    } catch (IOException gone) {
      // the peer or the test ended the connection: the recording says how
    } catch (RuntimeException | Error broken) {
      failures.add(broken);
    }
    closeQuietly(connection);
  }

  private static void closeQuietly(OriginConnection connection) {
    try {
      connection.close();
    } catch (IOException alreadyGone) {
      // nothing is left to close
    }
  }

  /** From now on connecting is refused; connections that exist go on. */
  public void stopListening() {
    try {
      listener.close();
    } catch (IOException unable) {
      throw new UncheckedIOException("the listener does not close", unable);
    }
  }

  /** Closes everything; throws what a script threw. */
  @Override
  public void close() {
    stopListening();
    connections.forEach(Origin::closeQuietly);
    Throwable failure = failures.poll();
    if (failure != null) throw new AssertionError("a script of the origin failed", failure);
  }
}

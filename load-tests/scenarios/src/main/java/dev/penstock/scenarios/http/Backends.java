package dev.penstock.scenarios.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Backends on loopback, all on one thread. Each answers with its own number and with the host and
 * path that reached it, so that a request that went astray shows; {@code /slow} answers after
 * {@link #SLOW}, and a WebSocket echoes.
 */
public final class Backends implements AutoCloseable {
  /** How long {@code /slow} takes. */
  public static final Duration SLOW = Duration.ofSeconds(3);

  /** Path of a request that takes {@link #SLOW}. */
  public static final String SLOW_PATH = "/slow";

  private static final int BACKLOG = 4096;
  private static final int RECEIVE_BYTES = 16 << 10;

  /** How late a slow answer may be, in milliseconds. */
  private static final int TICK_MILLIS = 10;

  private record Later(long dueNanos, Connection connection, ByteBuffer answer) {}

  private final Selector selector;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::dueNanos));
  private final Thread thread;
  private volatile boolean disconnects;
  private volatile boolean closed;

  private Backends(int count) throws IOException {
    selector = Selector.open();
    for (int number = 0; number < count; number++) {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT, number);
      listeners.add(listener);
    }
    thread = Thread.ofPlatform().name("backends").daemon().unstarted(this::run);
  }

  public static Backends start(int count) {
    try {
      Backends backends = new Backends(count);
      backends.thread.start();
      return backends;
    } catch (IOException noPort) {
      throw new UncheckedIOException("no backends", noPort);
    }
  }

  public int count() {
    return listeners.size();
  }

  /**
   * @param number from 0
   */
  public int port(int number) {
    return listeners.get(number).socket().getLocalPort();
  }

  /** The right answer of this backend. */
  public static String body(int number, String host, String path) {
    return number + " " + host + " " + path;
  }

  /** Closes every connection; those that come later are served. */
  public void disconnect() {
    disconnects = true;
    selector.wakeup();
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (selector) {
      while (!closed) {
        selector.select(this::ready, later.isEmpty() ? 0 : TICK_MILLIS);
        for (Later next = later.peek(); next != null && isDue(next); next = later.peek()) {
          later.remove();
          next.connection.send(next.answer);
        }
        if (disconnects) disconnectNow();
      }
      for (SelectionKey key : selector.keys()) key.channel().close();
    } catch (IOException broken) {
      throw new UncheckedIOException("the backends are broken", broken);
    }
  }

  private void disconnectNow() {
    disconnects = false;
    for (SelectionKey key : selector.keys()) {
      if (key.attachment() instanceof Connection connection) connection.close();
    }
  }

  private static boolean isDue(Later later) {
    return later.dueNanos - System.nanoTime() <= 0;
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Connection connection) connection.read();
    else accept((ServerSocketChannel) key.channel(), (int) key.attachment());
  }

  private void accept(ServerSocketChannel listener, int number) {
    try {
      SocketChannel channel = listener.accept();
      if (channel == null) return;
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, new Connection(channel, number));
    } catch (IOException gone) {
      // the client changed its mind
    }
  }

  private final class Connection {
    private final SocketChannel channel;
    private final int number;
    private final ByteBuffer in = ByteBuffer.allocate(RECEIVE_BYTES);
    private boolean echoes;

    Connection(SocketChannel channel, int number) {
      this.channel = channel;
      this.number = number;
    }

    void read() {
      try {
        int count = channel.read(in);
        if (count < 0) {
          channel.close();
        } else if (echoes) {
          send(in.flip());
          in.clear();
        } else {
          answerAll();
        }
      } catch (IOException torn) {
        close();
      }
    }

    private void answerAll() throws IOException {
      int end = Answer.headEnd(in.array(), in.position());
      while (end >= 0) {
        answer(new String(in.array(), 0, end, StandardCharsets.ISO_8859_1));
        in.flip().position(end);
        in.compact();
        end = Answer.headEnd(in.array(), in.position());
      }
      if (!in.hasRemaining()) throw new IOException("a head above " + RECEIVE_BYTES);
    }

    private void answer(String head) {
      String path = head.substring(head.indexOf(' ') + 1, head.indexOf(" HTTP/"));
      if (field(head, "upgrade").equals("websocket")) {
        echoes = true;
        send(
            """
            HTTP/1.1 101 Switching Protocols\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            \r
            """);
        return;
      }
      String body = body(number, field(head, "host"), path);
      String answer =
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      if (path.equals(SLOW_PATH)) {
        later.add(new Later(System.nanoTime() + SLOW.toNanos(), this, bytes(answer)));
      } else {
        send(answer);
      }
    }

    private void send(String text) {
      send(bytes(text));
    }

    /** Answers are far smaller than a socket's buffer, so that nothing has to be kept. */
    void send(ByteBuffer bytes) {
      try {
        channel.write(bytes);
        if (bytes.hasRemaining()) throw new IOException("the peer does not read");
      } catch (IOException torn) {
        close();
      }
    }

    private void close() {
      try {
        channel.close();
      } catch (IOException gone) {
        // it is gone either way
      }
    }

    private static ByteBuffer bytes(String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The field's value; empty when there is none. */
    private static String field(String head, String name) {
      String prefix = "\r\n" + name + ":";
      int at = indexOfIgnoringCase(head, prefix);
      if (at < 0) return "";
      int start = at + prefix.length();
      return head.substring(start, head.indexOf("\r\n", start)).strip();
    }

    private static int indexOfIgnoringCase(String head, String prefix) {
      for (int at = head.indexOf("\r\n"); at >= 0; at = head.indexOf("\r\n", at + 2)) {
        if (head.regionMatches(true, at, prefix, 0, prefix.length())) return at;
      }
      return -1;
    }
  }
}

package dev.penstock.scenarios.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks over keep-alive HTTP/1.1 connections and judges every answer; one thread, plain NIO.
 *
 * <p>Open loop: requests are due at a fixed rate whatever the answers do, and a time is counted
 * from when its request was due, so that a stall shows in every request that it delayed. Closed
 * loop: each connection asks as soon as it was answered.
 *
 * <p>A connection that the server ends between two answers is opened anew, and that is no failure;
 * whatever happens to a request that was sent, or to a connection that is wanted, is one.
 */
public final class LoadClient implements AutoCloseable {
  /** A request without an answer has failed after this. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Longest time without a look at what is due, in milliseconds: the grain of an open loop. */
  private static final int TICK_MILLIS = 1;

  private static final int RECEIVE_BYTES = 64 << 10;

  /**
   * @param connections at most so many are open at a time
   * @param perSecond requests a second in an open loop; 0 = closed loop
   */
  public record Plan(InetSocketAddress target, int connections, int perSecond) {}

  private final Plan plan;
  private final Supplier<Question> questions;
  private final Tally tally = new Tally();
  private final Selector selector;
  private final Thread thread;

  /** Used in turn, so that all of them stay in use. */
  private final Deque<Connection> free = new ArrayDeque<>();

  private final List<Connection> all = new ArrayList<>();
  private final long intervalNanos;
  private int asking;
  private volatile boolean stopping;
  private volatile boolean closed;

  private LoadClient(Plan plan, Supplier<Question> questions) throws IOException {
    this.plan = plan;
    this.questions = questions;
    this.selector = Selector.open();
    this.intervalNanos = plan.perSecond == 0 ? 0 : 1_000_000_000L / plan.perSecond;
    for (int i = 0; i < plan.connections; i++) all.add(new Connection());
    free.addAll(all);
    this.thread = Thread.ofPlatform().name("load-client").daemon().unstarted(this::run);
  }

  /**
   * Begins at once.
   *
   * @param questions asked on the client's thread, once for each request
   */
  public static LoadClient start(Plan plan, Supplier<Question> questions) {
    try {
      LoadClient client = new LoadClient(plan, questions);
      client.thread.start();
      return client;
    } catch (IOException noSelector) {
      throw new UncheckedIOException("no load client", noSelector);
    }
  }

  public Tally tally() {
    return tally;
  }

  /** Asks nothing more; returns when every request has its answer or has failed. */
  public void stop() throws InterruptedException {
    stopping = true;
    selector.wakeup();
    thread.join();
  }

  /** Ends at once. */
  @Override
  public void close() {
    closed = true;
    try {
      stop();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long dueNanos = System.nanoTime();
    long sweptNanos = dueNanos;
    try (selector) {
      while (!closed && (!stopping || asking > 0)) {
        if (!stopping) dueNanos = askWhatIsDue(dueNanos);
        selector.select(key -> ready((Connection) key.attachment()), TICK_MILLIS);
        long now = System.nanoTime();
        if (now - sweptNanos > PATIENCE.toNanos() / 10) {
          sweptNanos = now;
          all.forEach(connection -> connection.expire(now));
        }
      }
    } catch (IOException broken) {
      tally.failed("the client is broken: " + broken);
    } finally {
      all.forEach(Connection::end);
    }
  }

  /** When the next one is due. */
  private long askWhatIsDue(long firstDueNanos) {
    long dueNanos = firstDueNanos;
    long now = System.nanoTime();
    while (dueNanos - now <= 0 && !free.isEmpty()) {
      free.removeFirst().ask(questions.get(), intervalNanos == 0 ? now : dueNanos);
      dueNanos += intervalNanos;
    }
    return dueNanos;
  }

  private void ready(Connection connection) {
    try {
      connection.proceed();
    } catch (IOException | NumberFormatException broken) {
      connection.broken(String.valueOf(broken.getMessage()));
    }
  }

  private final class Connection {
    private final ByteBuffer in = ByteBuffer.allocate(RECEIVE_BYTES);
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private @Nullable Question question;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private long dueNanos;
    private long sentNanos;

    void ask(Question next, long due) {
      asking++;
      question = next;
      dueNanos = due;
      sentNanos = System.nanoTime();
      out = ByteBuffer.wrap(next.request());
      try {
        if (channel == null) open();
        else write(channel);
      } catch (IOException broken) {
        broken(String.valueOf(broken.getMessage()));
      }
    }

    private void open() throws IOException {
      SocketChannel opened = SocketChannel.open();
      channel = opened;
      opened.configureBlocking(false);
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      boolean connected = opened.connect(plan.target);
      key = opened.register(selector, SelectionKey.OP_CONNECT, this);
      tally.connected();
      if (connected) write(opened);
    }

    void proceed() throws IOException {
      SocketChannel open = channel;
      SelectionKey ready = key;
      if (open == null || ready == null || !ready.isValid()) return;
      if (ready.isConnectable() && open.finishConnect()) write(open);
      if (ready.isValid() && ready.isWritable()) write(open);
      if (ready.isValid() && ready.isReadable()) read(open);
    }

    private void write(SocketChannel open) throws IOException {
      open.write(out);
      int interest = SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
      SelectionKey own = key;
      if (own != null && own.interestOps() != interest) own.interestOps(interest);
    }

    private void read(SocketChannel open) throws IOException {
      int count = open.read(in);
      if (count < 0) {
        broken(in.position() == 0 ? "closed before an answer" : "closed within an answer");
        return;
      }
      Answer answer = Answer.in(in.array(), in.position());
      if (answer == null) {
        if (!in.hasRemaining()) throw new IOException("an answer above " + RECEIVE_BYTES);
        return;
      }
      Question asked = question;
      if (asked == null) throw new IOException("an answer to nothing: " + answer.brief());
      String fault = asked.fault(answer, sentNanos);
      if (fault.isEmpty()) tally.right(System.nanoTime() - dueNanos);
      else tally.failed(fault);
      answered(answer.closes());
    }

    private void answered(boolean closes) {
      in.clear();
      question = null;
      asking--;
      if (closes) end();
      free.addLast(this);
    }

    /** Counts as a failure when something was asked. */
    void broken(String why) {
      end();
      in.clear();
      if (question == null) return;
      tally.failed(why);
      answered(false);
    }

    void expire(long now) {
      if (question == null || now - sentNanos < PATIENCE.toNanos()) return;
      broken("no answer within " + PATIENCE.toSeconds() + " s");
    }

    void end() {
      SocketChannel open = channel;
      channel = null;
      key = null;
      if (open == null) return;
      try {
        open.close();
      } catch (IOException ended) {
        // it is gone either way
      }
    }
  }
}

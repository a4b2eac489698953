package dev.penstock.core.host;

import dev.penstock.core.loop.Deadline;
import dev.penstock.core.loop.Loop;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers POSTs of JSON to one path over HTTPS, by a function that may take its time. For callers
 * that are few and polite, and reachable by those that are neither: everything has a bound.
 *
 * <p>A body is read when it has its turn, and not before: a flood of large ones waits in the
 * buffers of the kernel, and costs neither memory nor the time of the event loop, which has to
 * decrypt what it reads. Small bodies, which are all that people write, have a {@link Lane} of
 * their own, with threads of its own, in which the shortest goes first.
 *
 * <p>Whoever reaches the port can ask, so that none may keep others out by what he does not finish:
 * what is scarce is shared {@link ByAddress}. A turn goes to the address of which the fewest bodies
 * are arriving, what is too much is refused to the one that has most, and a late body yields.
 */
public final class PostServer implements AutoCloseable {
  /** Of a body, as sent. An object of etcd is half as long, and a review holds two of them. */
  public static final int BODY_BYTES_MAX = 3 << 20;

  /** Of a body that counts as small: two objects of the size that people write. */
  public static final int SMALL_BYTES_MAX = 64 << 10;

  /** Small bodies in memory at a time: 4 MiB. */
  public static final int SMALL_MAX = 64;

  /** Others in memory at a time, 6 MiB: one is read while another is answered. */
  public static final int LARGE_MAX = 2;

  /**
   * From one of these to the next: each costs as much as a hundred small ones, in time and garbage.
   * All that may wait have their turn before they have waited too long.
   */
  public static final Duration LARGE_EVERY = Duration.ofMillis(100);

  /** Requests that wait, unread, for their turn: small ones, and as many others. */
  public static final int WAITING_MAX = 64;

  /** From the head of a request to its answer: below the 10 s that the API server waits. */
  public static final Duration ANSWER_MAX = Duration.ofSeconds(8);

  /** For a body to arrive once it has its turn: who sends slowly must not keep others waiting. */
  public static final Duration ARRIVAL_MAX = Duration.ofSeconds(1);

  /** How long who is refused has for the answer before the connection, unread, is closed. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /**
   * For a small body to arrive before it is late: from then on it yields its place to a request of
   * an address that has fewer late ones. A body that is whole never yields.
   */
  public static final Duration LATE_AFTER = Duration.ofMillis(100);

  /** Connections that have not shaken hands. Each keeps a TLS engine. */
  public static final int HANDSHAKES_MAX = 256;

  public static final int HANDSHAKE_SECONDS = 10;

  /** Others: more than may be read or wait for that, so that one without a request can yield. */
  public static final int CONNECTIONS_MAX = 256;

  static final int SMALL_THREADS = 2;
  private static final int LARGE_THREADS = 1;

  /** What the kernel, and one read, take of a connection that has not had its turn. */
  private static final int RECEIVE_BYTES = 64 * 1024;

  /**
   * Longer than Go keeps a connection that it does not use (90 s): it has to be the one to close.
   */
  private static final int IDLE_SECONDS = 120;

  private static final int REQUEST_LINE_BYTES_MAX = 2 * 1024;
  private static final int HEAD_BYTES_MAX = 8 * 1024;

  /** Binding and closing a socket are quick, or something is wrong. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  private static final byte[] NOTHING = {};
  private static final Logger LOG = LoggerFactory.getLogger(PostServer.class);

  /** What is answered. Called by several threads at a time, none of which is an event loop. */
  public interface Posts {
    /**
     * @param bytes is used for another body afterwards
     * @param length how many of them are the body
     */
    Answered answer(byte[] bytes, int length);

    /**
     * A request has ended, whoever answered it.
     *
     * @param nanos from its head to its answer
     */
    void ended(int status, long nanos);
  }

  /** JSON with status 200; with any other a line of plain text. */
  public record Answered(int status, String text) {}

  private static final Answered TOO_MANY =
      new Answered(429, "too many requests at a time: try again\n");
  private static final Answered LATE =
      new Answered(408, "the body did not arrive within its time\n");
  private static final Answered UNANSWERED =
      new Answered(503, "not answered within " + ANSWER_MAX.toSeconds() + " s\n");

  private final Loop loop;
  private final HttpServer server;
  private final Handshakes handshakes;
  private final String address;
  private final int port;
  private final String path;
  private final Posts posts;
  private final WaitingConnections connections = new WaitingConnections(CONNECTIONS_MAX);
  private final Lane small =
      new Lane(SMALL_BYTES_MAX, SMALL_MAX, SMALL_THREADS, Duration.ZERO, LATE_AFTER);
  private final Lane large =
      new Lane(BODY_BYTES_MAX, LARGE_MAX, LARGE_THREADS, LARGE_EVERY, ARRIVAL_MAX);

  /**
   * Does not listen yet.
   *
   * @param host stays the caller's; of one event loop
   * @param address a literal address
   * @param port 0 = any that is free
   * @param path the only one there is
   */
  public PostServer(Host host, String address, int port, String path, ServedKey key, Posts posts) {
    this.loop = host.loops().getFirst();
    this.address = address;
    this.port = port;
    this.path = path;
    this.posts = posts;
    this.server = host.vertx().createHttpServer(options(key));
    this.handshakes = host.handshakes();
    server.connectionHandler(this::opened);
    server.invalidRequestHandler(request -> refuse(request, 400, "bad request"));
    server.requestHandler(this::onRequest);
  }

  private HttpServerOptions options(ServedKey key) {
    HttpServerOptions options = new HttpServerOptions();
    options.setHost(address).setPort(port).setReuseAddress(true).setTcpNoDelay(true);
    options.setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    options.setSslHandshakeTimeout(HANDSHAKE_SECONDS);
    options.setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    options.setSsl(true).setUseAlpn(false).setKeyCertOptions(KeyCertOptions.wrap(key));
    options.setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX).setMaxHeaderSize(HEAD_BYTES_MAX);
    options.setReceiveBufferSize(RECEIVE_BYTES);
    options.setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true));
    options.setCompressionSupported(false).setDecompressionSupported(false);
    options.setHandle100ContinueAutomatically(true);
    return options;
  }

  /**
   * Listens. Blocks; not for event loops.
   *
   * @return the port
   * @throws IOException when the port is in use or the address is not ours; the message says which
   */
  public int start() throws IOException {
    try {
      int listening = await(server.listen()).actualPort();
      handshakes.watch(listening);
      return listening;
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot listen on " + address + ":" + port + ": " + cause.getMessage(), e);
    }
  }

  private static <T> T await(Future<T> done)
      throws ExecutionException, TimeoutException, IOException {
    try {
      return done.toCompletionStage()
          .toCompletableFuture()
          .get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Accepts nothing more; what was asked is answered within this time. Blocks. */
  public void drain(Duration atMost) {
    try {
      server
          .shutdown(atMost)
          .toCompletionStage()
          .toCompletableFuture()
          .get(atMost.plus(WAIT).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn().addKeyValue("reason", e.toString()).log("The port did not close cleanly");
    }
  }

  /** Closes the port and every connection. Blocks; not for event loops. */
  @Override
  public void close() {
    try {
      await(server.close());
    } catch (ExecutionException | TimeoutException | IOException e) {
      LOG.atWarn().addKeyValue("reason", e.toString()).log("The port did not close cleanly");
    }
    small.workers.shutdownNow();
    large.workers.shutdownNow();
  }

  /** For tests: the lane of bodies of this length. Of its event loop. */
  Lane lane(int bytes) {
    return bytes <= SMALL_BYTES_MAX ? small : large;
  }

  private void opened(HttpConnection connection) {
    handshakes.ended(((HttpServerConnection) connection).channelHandlerContext().channel());
    connections.opened(connection);
  }

  private void onRequest(HttpServerRequest request) {
    connections.asked(request);
    long bytes = declaredBytes(request);
    if (!path.equals(request.path())) {
      refuse(request, 404, "not found");
    } else if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      refuse(request, 405, "method not allowed");
    } else if (!isPlainJson(request)) {
      refuse(request, 415, "send application/json, not compressed");
    } else if (bytes < 0) {
      refuse(request, 411, "say the length of the body by Content-Length");
    } else if (bytes > BODY_BYTES_MAX) {
      refuse(request, 413, "the body is longer than " + BODY_BYTES_MAX + " bytes");
    } else {
      Lane lane = lane((int) bytes);
      lane.add(new Post(request, lane, (int) bytes));
    }
  }

  private static boolean isPlainJson(HttpServerRequest request) {
    String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.strip().equalsIgnoreCase("identity")) return false;
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null) return false;
    String bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return bare.equals("application/json");
  }

  /** -1 when it is not said; what is said wrong never gets here. */
  private static long declaredBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null || !length.matches("\\d{1,18}") ? -1 : Long.parseLong(length);
  }

  private void refuse(HttpServerRequest request, int status, String why) {
    send(request, new Answered(status, why + "\n"), true);
    posts.ended(status, 0);
  }

  private void send(HttpServerRequest request, Answered answer, boolean close) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) return;
    byte[] body = answer.text.getBytes(StandardCharsets.UTF_8);
    boolean isJson = answer.status == 200;
    response.setStatusCode(answer.status);
    response.putHeader(
        HttpHeaders.CONTENT_TYPE, isJson ? "application/json" : "text/plain; charset=utf-8");
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
    if (answer.status == 429) response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    if (close) response.putHeader(HttpHeaders.CONNECTION, "close");
    Future<Void> sent = response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(body)));
    if (close) sent.onComplete(done -> closeInTime(request));
  }

  /**
   * Closing before the body has come to its end can cost the client the answer, and reading a large
   * one costs us: it is left where it is for a moment.
   */
  private void closeInTime(HttpServerRequest request) {
    if (request.isEnded()) {
      request.connection().close();
      return;
    }
    if (declaredBytes(request) > SMALL_BYTES_MAX) {
      request.pause();
    } else {
      request.handler(part -> {});
      request.endHandler(end -> request.connection().close());
      request.resume();
    }
    loop.deadline(() -> request.connection().close()).in(LINGER.toNanos());
  }

  /** The bodies of a size: so many at a time are in memory, the others wait. Of the event loop. */
  final class Lane {
    private final int bytesMax;
    private final int placesMax;
    private final long everyNanos;
    private final long lateNanos;
    private final ThreadPoolExecutor workers;
    private final ByAddress<Post> waiting = new ByAddress<>();
    private final ByAddress<Post> arriving = new ByAddress<>();

    /** Of those that arrive. */
    private final ByAddress<Post> late = new ByAddress<>();

    /** Used again: a new one for each body would be most of the garbage. */
    private final ArrayDeque<byte[]> buffers = new ArrayDeque<>();

    private int places;
    private boolean isPaused;

    Lane(int bytesMax, int placesMax, int threads, Duration every, Duration lateAfter) {
      this.bytesMax = bytesMax;
      this.placesMax = placesMax;
      this.everyNanos = every.toNanos();
      this.lateNanos = lateAfter.toNanos();
      this.workers =
          new ThreadPoolExecutor(
              threads,
              threads,
              0,
              TimeUnit.SECONDS,
              new PriorityBlockingQueue<>(),
              Thread.ofPlatform().name("penstock-posts-" + bytesMax + "-", 0).daemon().factory());
    }

    private void add(Post post) {
      waiting.add(post.address, post);
      next();
      String most = waiting.most();
      if (most != null && waiting.size() > WAITING_MAX) waiting.newest(most).end(TOO_MANY, true);
    }

    private void hasArrived(Post post) {
      arriving.remove(post.address, post);
      late.remove(post.address, post);
    }

    private void isLate(Post post) {
      late.add(post.address, post);
      next();
    }

    private void next() {
      while (!isPaused) {
        String address = waiting.next(arriving::count);
        if (address == null) return;
        if (places == placesMax) {
          endLate(address);
          return;
        }
        places++;
        if (everyNanos > 0) pause();
        byte[] spare = buffers.poll();
        Post post = waiting.take(address);
        arriving.add(address, post);
        post.read(spare == null ? new byte[bytesMax] : spare);
      }
    }

    /** Frees a place for this address if another has more late ones even then. */
    private void endLate(String address) {
      String most = late.most();
      if (most != null && late.count(most) > late.count(address) + 1) {
        arriving.oldest(most).end(LATE, true);
      }
    }

    private void pause() {
      isPaused = true;
      loop.eventLoop()
          .schedule(
              () -> {
                isPaused = false;
                next();
              },
              everyNanos,
              TimeUnit.NANOSECONDS);
    }

    private void free(byte[] buffer) {
      places--;
      buffers.push(buffer);
      next();
    }

    /** Of bodies in memory. */
    int places() {
      return places;
    }

    int waiting() {
      return waiting.size();
    }

    /** Of bodies that wait for a thread. */
    int queued() {
      return workers.getQueue().size();
    }
  }

  private enum Stage {
    /** Its body has not been looked at. */
    WAITING,
    ARRIVING,
    /** With a thread, or waiting for one. */
    ASKED,
    ANSWERED
  }

  /** One request. Everything on the event loop but {@link #run}. */
  private final class Post implements Runnable, Comparable<Post> {
    private final HttpServerRequest request;
    private final Lane lane;
    private final int bytes;
    private final String address;
    private final long beganNanos = loop.nanos();
    private final Deadline deadline = loop.deadline(this::late);
    private Stage stage = Stage.WAITING;
    private byte[] body = NOTHING;
    private int length;
    private long arriveBy;

    /** Read by the worker: nobody waits for an answer any more. */
    private volatile boolean hasEnded;

    Post(HttpServerRequest request, Lane lane, int bytes) {
      this.request = request;
      this.lane = lane;
      this.bytes = bytes;
      this.address = ByAddress.of(request.remoteAddress());
      request.pause();
      request.exceptionHandler(gone -> leave());
      request.response().closeHandler(closed -> leave());
      deadline.at(answerBy());
    }

    private long answerBy() {
      return beganNanos + ANSWER_MAX.toNanos();
    }

    /** Its turn. Keeps the buffer until it has left. */
    void read(byte[] buffer) {
      stage = Stage.ARRIVING;
      body = buffer;
      long now = loop.nanos();
      arriveBy = Math.min(answerBy(), now + ARRIVAL_MAX.toNanos());
      deadline.at(Math.min(arriveBy, now + lane.lateNanos));
      request.handler(this::onPart);
      request.endHandler(end -> ask());
      request.resume();
    }

    private void onPart(Buffer part) {
      if (hasEnded) return;
      part.getBytes(body, length);
      length += part.length();
    }

    private void ask() {
      if (hasEnded) return;
      stage = Stage.ASKED;
      lane.hasArrived(this);
      deadline.at(answerBy());
      lane.workers.execute(this);
    }

    @Override
    public int compareTo(Post other) {
      int shorter = Integer.compare(bytes, other.bytes);
      return shorter != 0 ? shorter : Long.compare(beganNanos, other.beganNanos);
    }

    @Override
    public void run() {
      Answered answer = hasEnded ? null : answer();
      loop.eventLoop()
          .execute(() -> {
            stage = Stage.ANSWERED;
            lane.free(body);
            if (answer != null && !hasEnded) end(answer, false);
          });
    }

    private Answered answer() {
      try {
        return posts.answer(body, length);
      } catch (RuntimeException | StackOverflowError defect) {
        LOG.error("A request could not be answered", defect);
        return new Answered(500, "internal error; the log says why\n");
      }
    }

    private void late() {
      long now = loop.nanos();
      if (stage == Stage.ARRIVING && now < arriveBy) {
        deadline.at(arriveBy);
        lane.isLate(this);
      } else {
        end(stage == Stage.ARRIVING && now < answerBy() ? LATE : UNANSWERED, true);
      }
    }

    private void end(Answered answer, boolean close) {
      leave();
      send(request, answer, close);
      posts.ended(answer.status, loop.nanos() - beganNanos);
    }

    private void leave() {
      if (hasEnded) return;
      hasEnded = true;
      deadline.cancel();
      switch (stage) {
        case WAITING -> lane.waiting.remove(address, this);
        case ARRIVING -> {
          lane.hasArrived(this);
          lane.free(body);
        }
        case ASKED -> {
          if (lane.workers.remove(this)) lane.free(body);
        }
        case ANSWERED -> {}
      }
    }
  }
}

package dev.penstock.core.host;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers POSTs of JSON to one path over HTTPS, by a function that may take its time. For callers
 * that are few and polite, and reachable by those that are neither: everything has a bound. Of what
 * waits the shortest body goes first, so that a flood of large ones does not keep a small one
 * waiting for longer than those that are being answered.
 */
public final class PostServer implements AutoCloseable {
  /** Of a body, as sent. An object of etcd is half as long, and a review holds two of them. */
  public static final int BODY_BYTES_MAX = 3 << 20;

  /** Requests at a time. */
  public static final int REQUESTS_MAX = 64;

  /** Of a body that counts as small: all that people write. */
  public static final int SMALL_BYTES_MAX = 256 << 10;

  /** Requests at a time with a body that is not small: with the others 28 MiB of bodies. */
  public static final int LARGE_MAX = 4;

  /** From the head of a request to its answer: below the 10 s that the API server waits. */
  public static final Duration ANSWER_MAX = Duration.ofSeconds(8);

  /** How long the rest of a body that is refused is read, for nothing. */
  private static final Duration DISCARD_MAX = Duration.ofSeconds(2);

  private static final int CONNECTIONS_MAX = 256;
  private static final int THREADS_MAX = 4;

  /**
   * Longer than Go keeps a connection that it does not use (90 s): it has to be the one to close.
   */
  private static final int IDLE_SECONDS = 120;

  private static final int HANDSHAKE_SECONDS = 10;
  private static final int REQUEST_LINE_BYTES_MAX = 2 * 1024;
  private static final int HEAD_BYTES_MAX = 8 * 1024;
  private static final int FIRST_BYTES = 16 * 1024;

  /** Binding and closing a socket are quick, or something is wrong. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  private static final byte[] NOTHING = {};
  private static final Logger LOG = LoggerFactory.getLogger(PostServer.class);

  /** What is answered. Called by several threads at a time, none of which is an event loop. */
  public interface Posts {
    Answered answer(byte[] body);

    /**
     * A request has ended, whoever answered it.
     *
     * @param nanos from its head to its answer
     */
    void ended(int status, long nanos);
  }

  /** JSON with status 200; with any other a line of plain text. */
  public record Answered(int status, String text) {}

  private final Vertx vertx;
  private final HttpServer server;
  private final String address;
  private final int port;
  private final String path;
  private final Posts posts;
  private final ThreadPoolExecutor workers;
  private final WaitingConnections connections = new WaitingConnections(CONNECTIONS_MAX);

  /** Requests whose body is in memory, and of them the large ones. */
  private final AtomicInteger requests = new AtomicInteger();

  private final AtomicInteger large = new AtomicInteger();

  /**
   * Does not listen yet.
   *
   * @param host stays the caller's
   * @param address a literal address
   * @param port 0 = any that is free
   * @param path the only one there is
   */
  public PostServer(Host host, String address, int port, String path, ServedKey key, Posts posts) {
    this.vertx = host.vertx();
    this.address = address;
    this.port = port;
    this.path = path;
    this.posts = posts;
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, THREADS_MAX);
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            Thread.ofPlatform().name("penstock-posts-", 0).daemon().factory());
    this.server = vertx.createHttpServer(options(key));
    server.connectionHandler(connections::opened);
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
      return await(server.listen()).actualPort();
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
    workers.shutdownNow();
  }

  /** Requests that hold a place now. */
  int requests() {
    return requests.get();
  }

  /** Of them, those with a large body. */
  int large() {
    return large.get();
  }

  /** Of them, those that wait for a thread. */
  int waiting() {
    return workers.getQueue().size();
  }

  int threads() {
    return workers.getCorePoolSize();
  }

  private void onRequest(HttpServerRequest request) {
    connections.asked(request);
    if (!path.equals(request.path())) {
      refuse(request, 404, "not found");
    } else if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader(HttpHeaders.ALLOW, "POST");
      refuse(request, 405, "method not allowed");
    } else if (!isPlainJson(request)) {
      refuse(request, 415, "send application/json, not compressed");
    } else if (declaredBytes(request) > BODY_BYTES_MAX) {
      refuse(request, 413, tooLong());
    } else if (requests.get() >= REQUESTS_MAX) {
      refuse(request, 429, "too many requests at a time: at most " + REQUESTS_MAX);
    } else {
      new Post(request).read();
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

  /** 0 when it is not said; what is said wrong never gets here. */
  private static long declaredBytes(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null || !length.matches("\\d{1,18}") ? 0 : Long.parseLong(length);
  }

  private static String tooLong() {
    return "the body is longer than " + BODY_BYTES_MAX + " bytes";
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
    if (close) sent.onComplete(done -> closeWhenRead(request));
  }

  /** Closing before the body has come to its end can cost the client the answer. */
  private void closeWhenRead(HttpServerRequest request) {
    if (request.isEnded()) {
      request.connection().close();
      return;
    }
    request.handler(part -> {});
    request.endHandler(end -> request.connection().close());
    vertx.setTimer(DISCARD_MAX.toMillis(), late -> request.connection().close());
  }

  /**
   * One request. Everything on its event loop but {@link #run}; its place is free again when its
   * body is out of memory.
   */
  private final class Post implements Runnable, Comparable<Post> {
    private final HttpServerRequest request;
    private final long beganNanos = System.nanoTime();
    private final Context loop = vertx.getOrCreateContext();
    private final long timer;
    private byte[] body = NOTHING;
    private int length;
    private boolean isLarge;
    private boolean isQueued;

    /** Read by the worker: nobody waits for an answer any more. */
    private volatile boolean hasEnded;

    Post(HttpServerRequest request) {
      this.request = request;
      requests.incrementAndGet();
      timer = vertx.setTimer(ANSWER_MAX.toMillis(), now -> late());
    }

    void read() {
      request.handler(this::onPart);
      request.endHandler(end -> queue());
      request.exceptionHandler(gone -> leave());
      request.response().closeHandler(closed -> leave());
    }

    private void onPart(Buffer part) {
      if (hasEnded) return;
      int next = length + part.length();
      if (next > BODY_BYTES_MAX) {
        end(new Answered(413, tooLong() + "\n"), true);
        return;
      }
      if (next > SMALL_BYTES_MAX && !isLarge) {
        if (large.get() >= LARGE_MAX) {
          end(new Answered(429, "too many large bodies at a time: try again\n"), true);
          return;
        }
        isLarge = true;
        large.incrementAndGet();
      }
      if (next > body.length) {
        int doubled = Math.min(BODY_BYTES_MAX, Math.max(FIRST_BYTES, 2 * body.length));
        body = Arrays.copyOf(body, Math.max(next, doubled));
      }
      part.getBytes(body, length);
      length = next;
    }

    private void queue() {
      if (hasEnded) return;
      isQueued = true;
      workers.execute(this);
    }

    @Override
    public int compareTo(Post other) {
      int shorter = Integer.compare(length, other.length);
      return shorter != 0 ? shorter : Long.signum(beganNanos - other.beganNanos);
    }

    @Override
    public void run() {
      Answered answer = hasEnded ? null : answer();
      loop.runOnContext(answered -> {
        isQueued = false;
        if (hasEnded || answer == null) free();
        else end(answer, false);
      });
    }

    private Answered answer() {
      try {
        return posts.answer(body.length == length ? body : Arrays.copyOf(body, length));
      } catch (RuntimeException | StackOverflowError defect) {
        LOG.error("A request could not be answered", defect);
        return new Answered(500, "internal error; the log says why\n");
      }
    }

    private void late() {
      if (hasEnded) return;
      boolean isRead = isQueued;
      String why = " within " + ANSWER_MAX.toSeconds() + " s\n";
      end(
          isRead
              ? new Answered(503, "not answered" + why)
              : new Answered(408, "the body did not arrive" + why),
          true);
    }

    private void end(Answered answer, boolean close) {
      leave();
      send(request, answer, close);
      posts.ended(answer.status, System.nanoTime() - beganNanos);
    }

    private void leave() {
      if (hasEnded) return;
      hasEnded = true;
      vertx.cancelTimer(timer);
      if (isQueued && workers.remove(this)) isQueued = false;
      if (!isQueued) free();
    }

    private void free() {
      if (length < 0) return; // it is
      body = NOTHING;
      length = -1;
      requests.decrementAndGet();
      if (isLarge) large.decrementAndGet();
    }
  }
}

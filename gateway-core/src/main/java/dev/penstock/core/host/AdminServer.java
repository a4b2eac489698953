package dev.penstock.core.host;

import dev.penstock.core.http1.RequestEncoder;
import dev.penstock.core.observe.Pages;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.SocketAddress;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends {@link Pages} over HTTP/1.1. Takes GET and HEAD without a body and nothing else; a scrape
 * is made on a thread of its own, so that no event loop waits for it.
 */
public final class AdminServer implements AutoCloseable {
  /** A connection that neither asks nor takes its answer goes. */
  private static final int IDLE_SECONDS = 10;

  /** Clients that get the metrics plain at a time; each takes a thread until it has them. */
  private static final int PLAIN_MAX = 4;

  private static final int INFLATE_BUFFER_BYTES = 8 * 1024;

  private static final int REQUEST_LINE_BYTES_MAX = 2 * 1024;
  private static final int HEAD_BYTES_MAX = 8 * 1024;

  /** Binding and closing a socket are quick, or something is wrong. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private final HttpServer server;
  private final WorkerExecutor worker;

  /** Apart from the worker: a slow reader of a large page must not hold up a scrape. */
  private final WorkerExecutor configStreamer;

  private final WorkerExecutor plainStreamer;

  private final Pages pages;
  private final String address;
  private final int port;
  private final WaitingConnections connections =
      new WaitingConnections(new Descriptors(Descriptors.limitNow(), 0).forAdmin());

  /** Does not listen yet. On the loops of this host, which stays the caller's. */
  public AdminServer(Host host, String address, int port, Pages pages) {
    this(host.vertx(), address, port, pages);
  }

  /**
   * Does not listen yet.
   *
   * @param vertx stays the caller's
   * @param address a literal address or a name of this machine
   * @param port 0 = any that is free
   */
  public AdminServer(Vertx vertx, String address, int port, Pages pages) {
    this.pages = pages;
    this.address = address;
    this.port = port;
    this.configStreamer =
        vertx.createSharedWorkerExecutor("penstock-admin-config", 1, 1, TimeUnit.MINUTES);
    this.plainStreamer =
        vertx.createSharedWorkerExecutor("penstock-admin-plain", PLAIN_MAX, 1, TimeUnit.MINUTES);
    this.worker = vertx.createSharedWorkerExecutor("penstock-admin", 1, 1, TimeUnit.MINUTES);
    this.server = vertx.createHttpServer(options(address, port));
    server.connectionHandler(connections::opened);
    server.invalidRequestHandler(this::onInvalidRequest);
    server.requestHandler(this::onRequest);
  }

  private static HttpServerOptions options(String address, int port) {
    HttpServerOptions options = new HttpServerOptions();
    options.setHost(address).setPort(port).setReuseAddress(true).setTcpNoDelay(true);
    options.setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    options.setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX).setMaxHeaderSize(HEAD_BYTES_MAX);
    options.setHttp2ClearTextEnabled(false);
    options.setCompressionSupported(false).setDecompressionSupported(false);
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
      return server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(WAIT.toMillis(), TimeUnit.MILLISECONDS)
          .actualPort();
    } catch (ExecutionException e) {
      throw cannotListen(why(reason(e)), e);
    } catch (TimeoutException e) {
      throw cannotListen("no answer in " + WAIT.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cannotListen("interrupted", e);
    }
  }

  private static Throwable reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause == null ? e : cause;
  }

  private static String why(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    return text.contains("in use") ? "something listens there already" : text;
  }

  private IOException cannotListen(String why, Exception cause) {
    return new IOException(
        "admin port: cannot listen on " + address + ":" + port + ": " + why, cause);
  }

  /** Closes the port and every connection. Blocks; not for event loops. */
  @Override
  public void close() {
    await(server.close());
    await(worker.close());
    await(configStreamer.close());
    await(plainStreamer.close());
  }

  private static void await(Future<?> done) {
    try {
      done.toCompletionStage().toCompletableFuture().get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("reason", e.toString())
          .log("The admin server did not close cleanly");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void onInvalidRequest(HttpServerRequest request) {
    send(request, refusal(400, "bad request"), true);
  }

  private void onRequest(HttpServerRequest request) {
    connections.asked(request);
    HttpMethod method = request.method();
    if (hasPassedGateway(request)) {
      send(request, refusal(403, "not through a gateway: ask this port directly"), true);
    } else if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      send(request, refusal(405, "method not allowed"), true);
    } else if (hasBody(request)) {
      send(request, refusal(413, "a body is not expected here"), true);
    } else {
      answer(request, path(request));
    }
  }

  private void answer(HttpServerRequest request, String path) {
    if (pages.isStreamed(path)) {
      if (isFromHere(request)) config(request);
      else send(request, refusal(403, "only from here: kubectl port-forward leads here"), true);
    } else if (pages.isSlow(path)) {
      worker
          .executeBlocking(() -> page(path), false)
          .onSuccess(page -> sendLarge(request, page))
          .onFailure(e -> send(request, failed(e), false));
    } else {
      send(request, page(path), false);
    }
  }

  /** As it is to a client that takes gzip; inflated part by part to others. */
  private void sendLarge(HttpServerRequest request, Pages.Page page) {
    if (!page.gzip() || takesGzip(request)) {
      send(request, page, false);
      return;
    }
    stream(
        plainStreamer,
        request,
        page.contentType(),
        false,
        out -> {
          InputStream compressed = new ByteArrayInputStream(page.body());
          try (InputStream plain = new GZIPInputStream(compressed, INFLATE_BUFFER_BYTES)) {
            plain.transferTo(out);
          }
        });
  }

  private void config(HttpServerRequest request) {
    String host;
    try {
      host = request.getParam("host", "");
    } catch (IllegalArgumentException malformed) {
      send(request, refusal(400, "the query cannot be read"), true);
      return;
    }
    boolean gzip = takesGzip(request);
    stream(
        configStreamer,
        request,
        Pages.JSON,
        gzip,
        out -> {
          try (Writer text = writer(gzip ? new GZIPOutputStream(out) : out)) {
            pages.write(host, text);
          }
        });
  }

  /** Writes a body, part by part; blocks. */
  private interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void stream(
      WorkerExecutor streamer,
      HttpServerRequest request,
      String contentType,
      boolean gzip,
      Body body) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) return;
    response.setChunked(true);
    putHeaders(response, contentType, gzip);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
      return;
    }
    streamer
        .executeBlocking(
            () -> {
              try (OutputStream chunks = new ResponseStream(response)) {
                body.writeTo(chunks);
              }
              return response;
            },
            false)
        .onSuccess(written -> written.end())
        .onFailure(e -> {
          LOG.atWarn()
              .addKeyValue("reason", e.toString())
              .log("An admin page was not sent to its end");
          request.connection().close(); // the missing last chunk tells the client
        });
  }

  private static void putHeaders(HttpServerResponse response, String contentType, boolean gzip) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.putHeader("x-content-type-options", "nosniff");
    if (gzip) response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
  }

  private static Writer writer(OutputStream out) {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  private Pages.Page page(String path) {
    try {
      return pages.page(path);
    } catch (IOException | RuntimeException e) {
      return failed(e);
    }
  }

  private static Pages.Page failed(Throwable e) {
    LOG.warn("An admin page could not be made", e);
    return refusal(500, "this page cannot be made; the log says why");
  }

  private static Pages.Page refusal(int status, String text) {
    return Pages.Page.plain(status, text);
  }

  /**
   * Whether a Penstock has proxied it, which adds itself to this field. A tenant's backend may lead
   * to this port of any pod of the gateway: these pages are not for who may ask that.
   */
  private static boolean hasPassedGateway(HttpServerRequest request) {
    return request.headers().getAll("CDN-Loop").stream()
        .anyMatch(passed -> passed.toLowerCase(Locale.ROOT).contains(RequestEncoder.LOOP_NAME));
  }

  private static boolean isFromHere(HttpServerRequest request) {
    SocketAddress client = request.remoteAddress();
    SocketAddress local = request.localAddress();
    return client != null && local != null && isFromHere(client.hostAddress(), local.hostAddress());
  }

  /**
   * Whether a client is in this machine or pod. What is served names everybody's hosts and objects,
   * and every pod of a cluster reaches this port.
   *
   * @param client a literal address, as the {@code local} one
   */
  static boolean isFromHere(String client, String local) {
    return client.equals(local) || InetAddress.ofLiteral(client).isLoopbackAddress();
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    boolean announced = length != null && !length.equals("0");
    return announced || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** The path as sent, or {@code *} for a target without one. */
  private static String path(HttpServerRequest request) {
    String path = request.path();
    return path == null ? "*" : path;
  }

  /** RFC 9110 §12.5.3, as far as scrapers use it: {@code gzip} without {@code q=0}. */
  private static boolean takesGzip(HttpServerRequest request) {
    String acceptEncoding = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    if (acceptEncoding == null) return false;
    for (String coding : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = coding.strip().split(";", 2);
      boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
      if (parts[0].strip().equals("gzip")) return !refused;
    }
    return false;
  }

  private static void send(HttpServerRequest request, Pages.Page page, boolean close) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) return;
    byte[] body = page.body();
    response.setStatusCode(page.status());
    putHeaders(response, page.contentType(), page.gzip());
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
    if (close) response.putHeader(HttpHeaders.CONNECTION, "close");
    Future<Void> sent =
        request.method().equals(HttpMethod.HEAD)
            ? response.end()
            : response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(body)));
    if (close) sent.onComplete(done -> request.connection().close());
  }
}

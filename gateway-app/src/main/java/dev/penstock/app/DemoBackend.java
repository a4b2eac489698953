package dev.penstock.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.penstock.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A tiny backend for {@code make run} and the tests of the examples: it answers every request with
 * its own name and what reached it, as JSON. Loopback only.
 */
final class DemoBackend implements AutoCloseable {
  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 64;

  private final String name;
  private final HttpServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

  private DemoBackend(String name, HttpServer server) {
    this.name = name;
    this.server = server;
  }

  /**
   * @param port 0 = any free one
   */
  static DemoBackend start(String name, int port) throws CliFailure {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      DemoBackend backend = new DemoBackend(name, HttpServer.create(address, BACKLOG));
      backend.server.createContext("/", backend::answer);
      backend.server.setExecutor(backend.workers);
      backend.server.start();
      return backend;
    } catch (BindException inUse) {
      throw CliFailure.usage(
          "demo backend '%s' cannot listen on 127.0.0.1:%d: %s; stop what listens there or choose another --port"
              .formatted(name, port, inUse.getMessage()));
    } catch (IOException failed) {
      throw CliFailure.usage(
          "demo backend '%s' cannot start: %s".formatted(name, failed.getMessage()));
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    workers.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      body.transferTo(OutputStream.nullOutputStream());
      byte[] bytes = describe(exchange).toText().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
      if (!head) exchange.getResponseBody().write(bytes);
    }
  }

  private Json.Struct describe(HttpExchange exchange) {
    Map<String, Json> fields = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((field, values) -> fields.put(field, new Json.Text(String.join(", ", values))));
    return Json.Struct.EMPTY
        .with("backend", name)
        .with("method", exchange.getRequestMethod())
        .with("path", exchange.getRequestURI().toString())
        .with("headers", new Json.Struct(fields));
  }
}

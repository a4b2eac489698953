package dev.penstock.core;

import dev.penstock.core.host.TransportChoice;
import dev.penstock.core.observe.AccessLog;
import dev.penstock.core.observe.AdminPages;
import dev.penstock.core.observe.ControllerLabels;
import dev.penstock.core.observe.Exposition;
import dev.penstock.core.observe.LogFormat;
import dev.penstock.core.observe.MetricsMode;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.core.observe.ServingState;
import dev.penstock.model.Listener;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.TlsClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real gateway on free ports of 127.0.0.1, plain and TLS, with its access log (JSON) in memory.
 * One event loop unless told otherwise, so that every connection could meet every other one's
 * bytes.
 */
final class GatewayFixture implements AutoCloseable {
  /** What clients are told, other than the ports that are really bound. */
  static final int PUBLIC_HTTP_PORT = 80;

  static final int PUBLIC_HTTPS_PORT = 443;

  /** What the sockets are driven by; the build runs the core of these tests on each. */
  static final TransportChoice TRANSPORT =
      TransportChoice.of(System.getProperty("penstock.test.transport", "auto"));

  private final Gateway gateway;
  private final AccessLog accessLog;
  private final RouteMeterTable meters;
  private final MemoryChannel log;

  private GatewayFixture(
      Gateway gateway, AccessLog accessLog, RouteMeterTable meters, MemoryChannel log) {
    this.gateway = gateway;
    this.accessLog = accessLog;
    this.meters = meters;
    this.log = log;
  }

  /** Serves the origins for every host and path. */
  static GatewayFixture to(Origin... origins) throws IOException {
    return serving(TestWorld.to(origins));
  }

  static GatewayFixture serving(TestWorld world) throws IOException {
    return serving(world, 1, PUBLIC_HTTP_PORT, PUBLIC_HTTPS_PORT);
  }

  static GatewayFixture serving(TestWorld world, int loops, int publicHttpPort, int publicHttpsPort)
      throws IOException {
    int connectionsMax = GatewayOptions.CONNECTIONS_MAX;
    return serving(world, loops, connectionsMax, publicHttpPort, publicHttpsPort, System::nanoTime);
  }

  /** On a clock of the test's own. */
  static GatewayFixture serving(TestWorld world, LongSupplier clock) throws IOException {
    int connectionsMax = GatewayOptions.CONNECTIONS_MAX;
    return serving(world, 1, connectionsMax, PUBLIC_HTTP_PORT, PUBLIC_HTTPS_PORT, clock);
  }

  /** With this many client connections at most. */
  static GatewayFixture bounded(TestWorld world, int loops, int connectionsMax) throws IOException {
    return serving(
        world, loops, connectionsMax, PUBLIC_HTTP_PORT, PUBLIC_HTTPS_PORT, System::nanoTime);
  }

  private static GatewayFixture serving(
      TestWorld world,
      int loops,
      int connectionsMax,
      int publicHttpPort,
      int publicHttpsPort,
      LongSupplier clock)
      throws IOException {
    MemoryChannel log = new MemoryChannel();
    AccessLog accessLog = AccessLog.open(LogFormat.json(), log, loops);
    RouteMeterTable meters = new RouteMeterTable(loops, MetricsMode.BOTH);
    Gateway gateway =
        start(new GatewayOptions(loops, TRANSPORT, connectionsMax, accessLog, meters, "", clock));
    GatewayFixture fixture = new GatewayFixture(gateway, accessLog, meters, log);
    try {
      gateway.publish(world.publication());
      gateway.listen(
          List.of(
              new Listener("http", "127.0.0.1", 0, false, publicHttpPort),
              new Listener("https", "127.0.0.1", 0, true, publicHttpsPort)));
      return fixture;
    } catch (IOException | RuntimeException failed) {
      fixture.close();
      throw failed;
    }
  }

  /** A transport that this machine has not is no fault of the code: the test is skipped. */
  private static Gateway start(GatewayOptions options) throws IOException {
    try {
      return Gateway.start(options);
    } catch (IOException unavailable) {
      options.accessLog().close();
      return Assumptions.abort(unavailable.getMessage());
    }
  }

  Gateway gateway() {
    return gateway;
  }

  /** What a scrape shows now: values by series, labels in the order of their names. */
  Map<String, Double> metrics() throws IOException {
    Exposition.Sources sources =
        new Exposition.Sources(
            meters,
            accessLog,
            new ServingState(),
            gateway.figures(),
            ControllerLabels.none(),
            new Exposition.Build("test", ""));
    try (Exposition exposition = new Exposition(sources)) {
      byte[] page =
          new AdminPages(new ServingState(), exposition, gateway.served()).page("/metrics").body();
      var text = new GZIPInputStream(new ByteArrayInputStream(page));
      return new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.lastIndexOf(' ')),
                  line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
    }
  }

  void publish(TestWorld world) {
    gateway.publish(world.publication());
  }

  int httpPort() {
    return gateway.port("http");
  }

  int httpsPort() {
    return gateway.port("https");
  }

  RawClient plain() throws IOException {
    return RawClient.plain(httpPort());
  }

  RawClient tls() throws IOException {
    return RawClient.tls(httpsPort(), "a.test");
  }

  RawClient tls(TlsClient offer) throws IOException {
    return RawClient.tls(httpsPort(), 0, offer);
  }

  RawClient connect(Transport transport) throws IOException {
    return switch (transport) {
      case PLAIN -> plain();
      case TLS -> tls();
    };
  }

  /** Waits for a line of the access log that holds all of these texts, and gives it back. */
  String awaitLog(String... texts) {
    Await.until(
        () -> "a log line with " + List.of(texts) + " in\n" + log.text(),
        Await.PATIENCE,
        () -> log.text().lines().anyMatch(line -> holdsAll(line, texts)));
    return log.text().lines().filter(line -> holdsAll(line, texts)).findFirst().orElseThrow();
  }

  private static boolean holdsAll(String line, String... texts) {
    for (String text : texts) {
      if (!line.contains(text)) return false;
    }
    return true;
  }

  @Override
  public void close() {
    gateway.close();
    accessLog.close();
  }

  private static final class MemoryChannel implements WritableByteChannel {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public synchronized int write(ByteBuffer source) {
      byte[] taken = new byte[source.remaining()];
      source.get(taken);
      bytes.writeBytes(taken);
      return taken.length;
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}

package dev.penstock.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.core.observe.AccessLog;
import dev.penstock.core.observe.AdminPages;
import dev.penstock.core.observe.ControllerLabels;
import dev.penstock.core.observe.ExchangeRecord;
import dev.penstock.core.observe.Exposition;
import dev.penstock.core.observe.FakePlane;
import dev.penstock.core.observe.MetricsMode;
import dev.penstock.core.observe.RouteIdentity;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.core.observe.RouteMeters;
import dev.penstock.core.observe.ServingState;
import dev.penstock.testkit.LeakExtension;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakExtension.class)
class AdminServerTest {
  private static final ServingState STATE = new ServingState();
  private static final Exposition.Sources SOURCES =
      new Exposition.Sources(
          new RouteMeterTable(1, MetricsMode.BOTH),
          AccessLog.off(1),
          STATE,
          new FakePlane(),
          ControllerLabels.none(),
          new Exposition.Build("1.2.3", ""));

  /** Of some parts, when it is sent plain. Made once: its clock stands still. */
  private static final Exposition EXPOSITION = new Exposition(SOURCES, () -> 0);

  private static final Vertx VERTX = Vertx.vertx();
  private static final AdminServer SERVER =
      new AdminServer(
          VERTX, "127.0.0.1", 0, new AdminPages(STATE, EXPOSITION, AdminServerTest::writeConfig));
  private static final Pattern REFUSED = Pattern.compile("HTTP/1.\\d 4.*", Pattern.DOTALL);
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    for (int i = 0; i < 100; i++) {
      String host = "h" + i + ".test";
      var names =
          new RouteIdentity.Names(host, "/", "shop", "front", "web", "http", "shop-web-http");
      RouteMeters.Cell cell = SOURCES.routes().acquire(new RouteIdentity(names)).cell(0);
      cell.begin();
      cell.record(new ExchangeRecord());
    }
    port = SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
    EXPOSITION.close();
    VERTX.close().await();
  }

  /** Sends the bytes and reads until the server closes. */
  private static String exchange(String request) throws IOException {
    return new String(raw(request), StandardCharsets.ISO_8859_1);
  }

  private static byte[] raw(String request) throws IOException {
    return raw(port, request);
  }

  private static byte[] raw(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return socket.getInputStream().readAllBytes();
    }
  }

  private static String get(String path, String... fields) throws IOException {
    return exchange(request(path, fields));
  }

  private static String request(String path, String... fields) {
    String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n";
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.2, 127.0.0.1, true",
    "::1, ::1, true",
    "10.244.0.5, 10.244.0.5, true",
    "10.244.0.6, 10.244.0.5, false",
    "10.244.0.1, 10.244.0.5, false",
    "fd00::6, fd00::5, false"
  })
  void onlyWhoIsHereIsToldWhatIsServed(String client, String local, boolean isFromHere) {
    assertThat(AdminServer.isFromHere(client, local)).isEqualTo(isFromHere);
  }

  @Test
  void readinessFollowsTheServingState() throws IOException {
    ServingState state = new ServingState();
    AdminPages pages = new AdminPages(state, EXPOSITION, AdminServerTest::writeConfig);
    assertThat(pages.page("/readyz").status()).isEqualTo(503);
    state.refused("x.yaml:\n  not\tYAML");
    assertThat(new String(pages.page("/readyz").body(), StandardCharsets.UTF_8))
        .isEqualTo("not ready: no configuration serves yet: x.yaml: not YAML\n");
    state.serving(1);
    assertThat(pages.page("/readyz").status()).isEqualTo(200);
    state.refused("a later one");
    assertThat(pages.page("/readyz").status()).isEqualTo(200);
    state.drain();
    assertThat(pages.page("/readyz").status()).isEqualTo(503);
    assertThat(pages.page("/healthz").status()).isEqualTo(200);
  }

  @Test
  void readinessSaysTheWholeOfWhatToDo() throws IOException {
    ServingState state = new ServingState();
    AdminPages pages = new AdminPages(state, EXPOSITION, AdminServerTest::writeConfig);
    String why = "forbidden: ".repeat(100) + "grant list and watch to the service account";
    state.refused(why);

    assertThat(new String(pages.page("/readyz").body(), StandardCharsets.UTF_8))
        .endsWith("yet: " + why + "\n");
  }

  /** Some megabytes for everything, one line for one host. */
  private static void writeConfig(String host, Writer out) throws IOException {
    if (host.equals("broken")) {
      out.write("half");
      out.flush();
      throw new IOException("for the test");
    }
    for (int i = 0; i < (host.isEmpty() ? 100_000 : 1); i++) {
      out.write("a line of the configuration of " + host + "\n");
    }
  }

  @Test
  void theConfigurationIsServedPartByPart() throws IOException {
    String all = get("/config");
    assertThat(all)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-type: application/json")
        .contains("transfer-encoding: chunked")
        .endsWith("\r\n0\r\n\r\n");
    assertThat(all.split("a line of", -1)).hasSizeGreaterThan(99_000);
    assertThat(get("/config?host=a.test")).contains("a line of the configuration of a.test\n");
    byte[] gzip = raw(request("/config?host=a.test", "Accept-Encoding: gzip"));
    assertThat(new String(gzip, StandardCharsets.ISO_8859_1)).contains("content-encoding: gzip");
    assertThat(exchange(request("/config").replace("GET", "HEAD"))).endsWith("\r\n\r\n");
  }

  @Test
  void aQueryThatCannotBeReadIsRefused() throws IOException {
    assertThat(get("/config?host=%zz")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void aConfigurationThatBreaksOffDoesNotLookWhole() throws IOException {
    assertThat(get("/config?host=broken")).doesNotEndWith("0\r\n\r\n");
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void thePagesAreServed() throws IOException {
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 503 ");
    assertThat(get("/")).contains("/metrics");
    assertThat(get("/healthz?verbose=1")).startsWith("HTTP/1.1 200 ");
    assertThat(get("/nothing")).startsWith("HTTP/1.1 404 ");
  }

  @Test
  void metricsAreServedPlainAndCompressed() throws IOException {
    assertThat(get("/metrics", "Accept-Encoding: gzip;q=0"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-type: text/plain; version=0.0.4")
        .contains("transfer-encoding: chunked")
        .doesNotContain("content-encoding")
        .endsWith("\r\n0\r\n\r\n");
    byte[] answer = raw(request("/metrics", "Accept-Encoding: br;q=1, GZIP;q=0.5"));
    String head = new String(answer, StandardCharsets.ISO_8859_1);
    int body = head.indexOf("\r\n\r\n") + 4;
    assertThat(head)
        .contains("content-encoding: gzip")
        .contains("content-length: " + (answer.length - body) + "\r\n");
    var gzip = new GZIPInputStream(new ByteArrayInputStream(answer, body, answer.length - body));
    String text = new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    assertThat(text)
        .contains("penstock_build_info{revision=\"\",version=\"1.2.3\"} 1\n")
        .contains("jvm_memory_used_bytes{")
        .hasSizeGreaterThan(500_000);
    URLConnection plain =
        URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openConnection();
    plain.setRequestProperty("Connection", "close");
    assertThat(plain.getInputStream().readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(text);
  }

  @Test
  void aHeadRequestForMetricsGetsTheHeadOfTheAnswer() throws IOException {
    assertThat(exchange(request("/metrics").replace("GET", "HEAD")))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-type: text/plain; version=0.0.4")
        .endsWith("\r\n\r\n");
    assertThat(exchange(request("/metrics", "Accept-Encoding: gzip").replace("GET", "HEAD")))
        .contains("content-encoding: gzip")
        .contains("content-length: ")
        .endsWith("\r\n\r\n");
  }

  @Test
  void metricsThatCannotBeMadeAreAnErrorPlainAndCompressed() throws IOException {
    Exposition closed = new Exposition(SOURCES);
    closed.close();
    AdminPages pages = new AdminPages(STATE, closed, AdminServerTest::writeConfig);
    try (AdminServer server = new AdminServer(VERTX, "127.0.0.1", 0, pages)) {
      int at = server.start();
      for (String coding : new String[] {"identity", "gzip"}) {
        byte[] answer = raw(at, request("/metrics", "Accept-Encoding: " + coding));
        assertThat(new String(answer, StandardCharsets.ISO_8859_1))
            .startsWith("HTTP/1.1 500 ")
            .doesNotContain("content-encoding")
            .endsWith("\r\n\r\nthis page cannot be made; the log says why\n");
      }
    }
  }

  @Test
  void aHeadRequestGetsNoBody() throws IOException {
    assertThat(exchange("HEAD /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .contains("content-length: 3")
        .endsWith("\r\n\r\n");
  }

  @Test
  void aConnectionIsKeptBetweenRequests() throws IOException {
    String two = exchange("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" + request("/healthz"));
    assertThat(two.split("HTTP/1.1 200 OK", -1)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PURGE"})
  void otherMethodsAreRefused(String method) throws IOException {
    assertThat(exchange(method + " /metrics HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 405 ")
        .contains("allow: GET, HEAD")
        .contains("connection: close");
  }

  @Test
  void aBodyIsRefusedAndTheConnectionClosed() throws IOException {
    assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nxxx"))
        .startsWith("HTTP/1.1 413 ");
    assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void whatComesThroughAGatewayIsRefused() throws IOException {
    for (String path : new String[] {"/", "/healthz", "/metrics", "/config"}) {
      assertThat(get(path, "CDN-Loop: a.example; x=1, Penstock"))
          .startsWith("HTTP/1.1 403 ")
          .contains("connection: close");
    }
    assertThat(get("/healthz", "CDN-Loop: a.example", "X-Forwarded-For: 192.0.2.1"))
        .startsWith("HTTP/1.1 200 "); // as by kubectl proxy
  }

  @Test
  void aHeadThatIsTooLargeOrMalformedIsRefused() throws IOException {
    assertThat(exchange("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .matches(REFUSED);
    assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
        .matches(REFUSED);
    assertThat(exchange("GET / HTTP/1.1\r\nHost : a\r\n\r\n")).matches(REFUSED);
  }

  @Test
  void anUpgradeToHttp2IsNotOffered() throws IOException {
    assertThat(
            get(
                "/healthz",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
                "Connection: Upgrade, HTTP2-Settings"))
        .startsWith("HTTP/1.1 200 ");
    assertThat(exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).contains(" 501 ");
  }

  @Test
  void idleConnectionsAreBoundedAndKeepNobodyOut() throws IOException {
    Socket[] idle = new Socket[100];
    try {
      for (int i = 0; i < idle.length; i++) {
        idle[i] = new Socket(InetAddress.getLoopbackAddress(), port);
      }
      assertThat(get("/healthz")).startsWith("HTTP/1.1 200");
      idle[0].setSoTimeout(5_000); // before the idle time, which is 10 s
      assertThat(idle[0].getInputStream().read()).isEqualTo(-1);
    } finally {
      for (Socket each : idle) if (each != null) each.close();
    }
  }

  @Test
  void aPortInUseIsSaidInOneLine() {
    AdminServer second =
        new AdminServer(
            VERTX,
            "127.0.0.1",
            port,
            new AdminPages(STATE, EXPOSITION, AdminServerTest::writeConfig));
    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "admin port: cannot listen on 127.0.0.1:" + port + ": something listens there already");
    second.close();
  }
}

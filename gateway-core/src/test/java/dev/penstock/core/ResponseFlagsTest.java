package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.exchange.Exchange;
import dev.penstock.core.observe.ResponseFlag;
import dev.penstock.model.PathMatch;
import dev.penstock.model.RouteAction;
import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every flag comes from a real exchange, with its status, into the log and into its counter. */
@ExtendWith(LeakExtension.class)
class ResponseFlagsTest {
  @ParameterizedTest
  @EnumSource(value = ResponseFlag.class)
  void everyFlagHasAnExchangeThatEndsWithIt(ResponseFlag flag) throws IOException {
    switch (flag) {
      case NONE -> answered(Answers.ok("x"), flag, 200);
      case NO_ROUTE -> answered(GatewayFixture.serving(TestWorld.empty()), flag, 404);
      case CONNECT_FAILED ->
          answered(GatewayFixture.serving(TestWorld.toPorts(Ports.closed())), flag, 502);
      case NO_ENDPOINT -> answered(GatewayFixture.serving(TestWorld.toPorts()), flag, 503);
      case UPSTREAM_TIMEOUT -> timesOut();
      case UPSTREAM_RESET -> answered("", flag, 502);
      case UPSTREAM_PROTOCOL -> answered("HTTP/1.1 nonsense\r\n\r\n", flag, 502);
      case UPSTREAM_OVERFLOW -> overflows();
      case DOWNSTREAM_CLOSED -> clientLeaves();
      case REQUEST_TIMEOUT -> headIsSlow();
      case BAD_REQUEST -> sent("GET / HTTP/1.1\r\nHost : a\r\n\r\n", flag, 400);
      case BODY_TOO_LARGE -> sent(Requests.post("/", "far too long"), flag, 413);
      case REDIRECT -> redirects();
      case DENIED -> isDenied();
      case LOOP -> comesBack();
      case DRAINING -> isCutByTheEnd();
      case INTERNAL -> breaksInside();
    }
  }

  /** The backend says this, and closes. */
  private static void answered(String response, ResponseFlag flag, int status) throws IOException {
    try (Origin origin =
        Origin.playing(c -> {
          c.readRequest();
          c.send(response);
        })) {
      answered(GatewayFixture.to(origin), flag, status);
    }
  }

  private static void answered(GatewayFixture fixture, ResponseFlag flag, int status)
      throws IOException {
    try (GatewayFixture gateway = fixture;
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(status);
      isTold(gateway, flag, status);
    }
  }

  private static void sent(String request, ResponseFlag flag, int status) throws IOException {
    TestWorld world =
        TestWorld.toPorts(Ports.closed()).policy(new TestPolicy().requestBodyBytesMax(4));
    try (GatewayFixture gateway = GatewayFixture.serving(world);
        RawClient client = gateway.plain()) {
      assertThat(client.send(request).read("GET").status()).isEqualTo(status);
      isTold(gateway, flag, status);
    }
  }

  private static void timesOut() throws IOException {
    TestPolicy policy = new TestPolicy().readTimeout(Duration.ofMillis(200)).tries(1);
    try (Origin origin = Origin.playing(c -> c.hold());
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin).policy(policy));
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(504);
      isTold(gateway, ResponseFlag.UPSTREAM_TIMEOUT, 504);
    }
  }

  private static void overflows() throws IOException {
    TestSettings settings = new TestSettings().pool(1, 1);
    try (Origin origin = Origin.playing(c -> c.hold());
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin).settings(settings));
        RawClient lent = gateway.plain();
        RawClient waits = gateway.plain();
        RawClient client = gateway.plain()) {
      lent.send(Requests.get("/"));
      waits.send(Requests.get("/"));
      Await.until(
          "one is lent and one waits",
          () -> gateway.gateway().figures().upstreams().getFirst().waiting() == 1);
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(503);
      isTold(gateway, ResponseFlag.UPSTREAM_OVERFLOW, 503);
    }
  }

  private static void clientLeaves() throws IOException {
    try (Origin origin = Origin.playing(c -> c.hold());
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = gateway.plain()) {
        client.send(Requests.get("/"));
        Await.until("the backend is asked", () -> gateway.gateway().activeRequests() == 1);
      }
      isTold(gateway, ResponseFlag.DOWNSTREAM_CLOSED, 499);
    }
  }

  private static void headIsSlow() throws IOException {
    TestSettings settings = new TestSettings().headDeadline(Duration.ofMillis(200));
    try (GatewayFixture gateway = GatewayFixture.serving(TestWorld.empty().settings(settings));
        RawClient client = gateway.plain()) {
      assertThat(client.send("GET / HTTP/1.1\r\n").read("GET").status()).isEqualTo(408);
      isTold(gateway, ResponseFlag.REQUEST_TIMEOUT, 408);
    }
  }

  private static void redirects() throws IOException {
    TestWorld world =
        TestWorld.toPorts(Ports.closed())
            .policy(new TestPolicy().httpsRedirect(HttpsRedirect.KEEP_TRAILING_SLASH))
            .certificate("a.test", TestCertificate.ec("a.test"));
    answered(GatewayFixture.serving(world), ResponseFlag.REDIRECT, 308);
  }

  private static void isDenied() throws IOException {
    TestWorld world =
        TestWorld.empty()
            .route("", new PathMatch.Prefix("/"), new RouteAction.Respond(503, "for the test"));
    answered(GatewayFixture.serving(world), ResponseFlag.DENIED, 503);
  }

  private static void comesBack() throws IOException {
    String passages = "penstock, ".repeat(Exchange.PASSAGES_MAX - 1) + "Penstock";
    sent(Requests.get("/", "CDN-Loop: " + passages), ResponseFlag.LOOP, 508);
  }

  private static void isCutByTheEnd() throws IOException {
    try (Origin origin = Origin.playing(c -> c.hold());
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.send(Requests.get("/"));
      Await.until("the backend is asked", () -> gateway.gateway().activeRequests() == 1);
      gateway.gateway().drain();
      gateway.gateway().close();
      isTold(gateway, ResponseFlag.DRAINING, 0);
    }
  }

  /** A clock that fails once inside of an exchange: as good a fault as any. */
  private static void breaksInside() throws IOException {
    AtomicBoolean armed = new AtomicBoolean();
    StackWalker stack = StackWalker.getInstance();
    try (Origin origin = Origin.answering(Answers.ok("x"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin),
                () -> {
                  boolean here =
                      armed.get()
                          && stack.walk(frames ->
                              frames.anyMatch(frame -> frame.getMethodName().equals("tryNext")));
                  if (here && armed.getAndSet(false)) throw new IllegalStateException("a test");
                  return System.nanoTime();
                });
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(200);
      armed.set(true);
      assertThat(client.exchange(Requests.get("/")).status()).isEqualTo(500);
      assertThat(client.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
      isTold(gateway, ResponseFlag.INTERNAL, 500);
    }
  }

  private static void isTold(GatewayFixture gateway, ResponseFlag flag, int status)
      throws IOException {
    String code = flag == ResponseFlag.NONE ? "null" : '"' + flag.code() + '"';
    gateway.awaitLog(
        "\"http.response.status_code\":" + status + ",", "\"penstock.response_flags\":" + code);
    if (flag == ResponseFlag.NONE) return;
    assertThat(gateway.metrics())
        .containsEntry("penstock_response_flags_total{flag=\"" + flag.code() + "\"}", 1.0);
  }
}

package dev.penstock.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.KeyMaterial;
import dev.penstock.model.KeyMaterialException;
import dev.penstock.model.ParsedKeyMaterial;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import dev.penstock.testkit.TestCertificate;
import dev.penstock.testkit.TlsClient;
import dev.penstock.testkit.VirtualClock;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakExtension.class)
class PostServerTest {
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
  private static final String STRANGER = "127.0.0.2";
  private static final int LARGE = PostServer.SMALL_BYTES_MAX + 2;

  private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
  private final List<RawClient> clients = new ArrayList<>();
  private Function<String, String> answering = body -> "{\"chars\": " + body.length() + "}";
  private final VirtualClock clock = new VirtualClock();
  private final Host host = Host.start(1, TransportChoice.AUTO, clock);
  private final ServedKey key = new ServedKey();
  private PostServer server = server();
  private int port;

  PostServerTest() throws IOException {}

  @BeforeEach
  void start() throws IOException {
    key.exchange(pair(TestCertificate.ec("localhost")));
    port = server.start();
  }

  @AfterEach
  void close() {
    clients.forEach(RawClient::close);
    server.close();
    host.close();
  }

  private PostServer server() {
    PostServer.Posts posts =
        new PostServer.Posts() {
          @Override
          public PostServer.Answered answer(byte[] bytes, int length) {
            String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
            return new PostServer.Answered(200, answering.apply(text));
          }

          @Override
          public void ended(int status, long nanos) {
            statuses.add(status);
          }
        };
    return new PostServer(host, "127.0.0.1", 0, "/validate", key, posts);
  }

  private static ParsedKeyMaterial pair(TestCertificate certificate) {
    try {
      return new KeyMaterial(certificate.chainPem(), certificate.keyPem()).parse();
    } catch (KeyMaterialException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private RawClient client() throws IOException {
    RawClient client = RawClient.tls(port, "localhost");
    clients.add(client);
    return client;
  }

  /** Another pod. */
  private RawClient stranger() throws IOException {
    RawClient client = RawClient.tlsFrom(STRANGER, port, "localhost");
    clients.add(client);
    return client;
  }

  private static String post(String fields, int length) {
    return "POST /validate HTTP/1.1\r\nHost: h\r\n"
        + fields
        + "Content-Length: "
        + length
        + "\r\n\r\n";
  }

  private RawResponse exchange(String request) throws IOException {
    return client().exchange(request);
  }

  @Test
  void aPostIsAnsweredOnAConnectionThatIsKept() throws IOException {
    RawClient client = client();
    for (int i = 0; i < 3; i++) {
      RawResponse answer = client.exchange(post(JSON, 2) + "{}");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.value("content-type")).isEqualTo("application/json");
      assertThat(answer.text()).isEqualTo("{\"chars\": 2}");
    }
    Await.until("the third is counted", () -> statuses.size() == 3); // after it was sent
    assertThat(statuses).containsExactly(200, 200, 200);
  }

  @Test
  void aBodyOfAnyLengthUpToTheBoundArrivesWhole() throws IOException {
    for (int length :
        List.of(0, 16_385, 1, PostServer.BODY_BYTES_MAX, PostServer.SMALL_BYTES_MAX + 1)) {
      assertThat(exchange(post(JSON, length) + "x".repeat(length)).text())
          .isEqualTo("{\"chars\": " + length + "}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /validate | '' | 405",
        "POST / | Content-Type: application/json | 404",
        "POST /validate/x | Content-Type: application/json | 404",
        "POST /validate | '' | 415",
        "POST /validate | Content-Type: text/yaml | 415",
        "POST /validate | Content-Type: application/jsonx | 415",
        "POST /validate | Content-Type: application/json; charset=utf-8 | 200",
      })
  void whatIsNoPostOfJsonIsRefused(String line, String field, int status) throws IOException {
    String fields = field.isEmpty() ? "" : field + "\r\n";
    String request = line + " HTTP/1.1\r\nHost: h\r\n" + fields + "Content-Length: 0\r\n\r\n";
    assertThat(exchange(request).status()).isEqualTo(status);
  }

  @Test
  void nothingIsInflated() throws IOException {
    String fields = JSON + "Content-Encoding: gzip\r\n";
    assertThat(exchange(post(fields, 2) + "{}").status()).isEqualTo(415);
    assertThat(exchange(post(JSON + "Content-Encoding: identity\r\n", 2) + "{}").status())
        .isEqualTo(200);
  }

  @Test
  void aBodyIsRefusedByItsHeadWhenItIsTooLongOrDoesNotSayItsLength() throws IOException {
    assertThat(exchange(post(JSON, PostServer.BODY_BYTES_MAX + 1)).status()).isEqualTo(413);
    assertThat(exchange("POST /validate HTTP/1.1\r\nHost: h\r\n" + JSON + CHUNKED).status())
        .isEqualTo(411);
  }

  @Test
  void bytesThatAreNoHttpAreRefused() throws IOException {
    assertThat(exchange("\u0000\u0001 nonsense\r\n\r\n").status()).isEqualTo(400);
  }

  @Test
  void aDefectIsNoHang() throws IOException {
    answering =
        body -> {
          throw new IllegalStateException("a defect");
        };
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(500);
  }

  /** Something of the server, read on its event loop. */
  private int of(ToIntFunction<PostServer.Lane> what, int bytes) throws Exception {
    return loop().submit(() -> what.applyAsInt(server.lane(bytes))).get();
  }

  private EventLoop loop() {
    return host.loops().getFirst().eventLoop();
  }

  private void pass(Duration time) throws Exception {
    clock.advance(time);
    loop().submit(host.loops().getFirst()::tick).get();
  }

  /** One that has sent all but the last byte. */
  private RawClient unfinished(int bytes) throws IOException {
    return client().send(post(JSON, bytes) + "x".repeat(bytes - 1));
  }

  @Test
  void bodiesInMemoryAreBoundedAndOthersWaitForTheirTurn() throws Exception {
    for (int i = 0; i < PostServer.SMALL_MAX; i++) unfinished(2);
    Await.until(
        "all places are taken", () -> of(PostServer.Lane::places, 2) == PostServer.SMALL_MAX);
    RawClient waits = client().send(post(JSON, 2) + "{}");
    Await.until("one waits", () -> of(PostServer.Lane::waiting, 2) == 1);
    clients.getFirst().close();
    assertThat(waits.read("POST").status()).isEqualTo(200);
  }

  @Test
  void largeBodiesWaitUnreadAndSmallOnesPassThem() throws Exception {
    for (int i = 0; i < PostServer.LARGE_MAX; i++) unfinished(LARGE);
    Await.until(
        "all places are taken", () -> of(PostServer.Lane::places, LARGE) == PostServer.LARGE_MAX);
    RawClient waits = client().send(post(JSON, LARGE));
    for (int i = 1; i < PostServer.WAITING_MAX; i++) client().send(post(JSON, LARGE));
    Await.until(
        "as many wait as may", () -> of(PostServer.Lane::waiting, LARGE) == PostServer.WAITING_MAX);
    RawResponse refused = exchange(post(JSON, LARGE));
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.has("retry-after")).isTrue();
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);

    clients.getFirst().send("x");
    assertThat(clients.getFirst().read("POST").status()).isEqualTo(200);
    waits.send("x".repeat(LARGE));
    assertThat(waits.read("POST").text()).isEqualTo("{\"chars\": " + LARGE + "}");
  }

  /**
   * All places and all that may wait; the test clock stands, so that none of them is late.
   *
   * @return the newest; the first of all clients is the oldest
   */
  private RawClient strangersTakeEverything(int bytes, int placesMax) throws Exception {
    RawClient newest = stranger().send(post(JSON, bytes));
    Await.until("it has a place", () -> of(PostServer.Lane::places, bytes) == 1);
    while (clients.size() < placesMax) stranger().send(post(JSON, bytes));
    Await.until("all places are taken", () -> of(PostServer.Lane::places, bytes) == placesMax);
    for (int waiting : List.of(PostServer.WAITING_MAX - 1, PostServer.WAITING_MAX)) {
      while (clients.size() < placesMax + waiting) newest = stranger().send(post(JSON, bytes));
      Await.until("they wait", () -> of(PostServer.Lane::waiting, bytes) == waiting);
    }
    return newest;
  }

  @Test
  void bodiesThatNeverComeKeepNoOtherAddressWaiting() throws Exception {
    RawClient newest = strangersTakeEverything(2, PostServer.SMALL_MAX);
    RawClient other = client().send(post(JSON, 2) + "{}");
    assertThat(newest.read("POST").status())
        .as("the newest of the address that has most")
        .isEqualTo(429);
    assertThat(of(PostServer.Lane::places, 2)).isEqualTo(PostServer.SMALL_MAX);
    pass(PostServer.LATE_AFTER.plusMillis(50));
    assertThat(other.read("POST").status()).isEqualTo(200);
    RawResponse ended = clients.getFirst().read("POST");
    assertThat(ended.status()).as("the oldest of the address that has most").isEqualTo(408);
    assertThat(ended.value("connection")).isEqualTo("close");
    Await.until("all three are counted", () -> statuses.size() == 3);
    assertThat(statuses).containsExactlyInAnyOrder(429, 408, 200);
  }

  @Test
  void aLateBodyIsNotEndedForAnotherOfItsOwnAddress() throws Exception {
    strangersTakeEverything(2, PostServer.SMALL_MAX);
    pass(PostServer.LATE_AFTER.plusMillis(50));
    assertThat(of(PostServer.Lane::waiting, 2)).isEqualTo(PostServer.WAITING_MAX);
    clients.getFirst().send("{}");
    assertThat(clients.getFirst().read("POST").status()).isEqualTo(200);
    Await.until("it is counted", () -> !statuses.isEmpty());
    assertThat(statuses).containsExactly(200);
  }

  @Test
  void anAddressWithFewLateBodiesLosesNoneToOneWithMany() throws Exception {
    RawClient slow = unfinished(2);
    for (int i = 1; i < PostServer.SMALL_MAX; i++) stranger().send(post(JSON, 2));
    Await.until(
        "all places are taken", () -> of(PostServer.Lane::places, 2) == PostServer.SMALL_MAX);
    pass(PostServer.LATE_AFTER.plusMillis(50));
    RawClient third = RawClient.tlsFrom("127.0.0.3", port, "localhost");
    clients.add(third);
    assertThat(third.exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
    stranger().send(post(JSON, 2));
    slow.send("}");
    assertThat(slow.read("POST").status()).isEqualTo(200);
  }

  @Test
  void theTurnOfALargeBodyGoesToTheAddressOfWhichTheFewestArrive() throws Exception {
    RawClient newest = strangersTakeEverything(LARGE, PostServer.LARGE_MAX);
    RawClient other = client().send(post(JSON, LARGE) + "x".repeat(LARGE));
    assertThat(newest.read("POST").status())
        .as("the newest of the address that has most")
        .isEqualTo(429);
    clients.getFirst().close();
    assertThat(other.read("POST").status()).isEqualTo(200);
  }

  @Test
  void idleConnectionsKeepNoOtherAddressOut() throws Exception {
    assertThat(
            PostServer.SMALL_MAX + PostServer.LARGE_MAX + 2 * PostServer.WAITING_MAX
                < PostServer.CONNECTIONS_MAX)
        .as("one has no request")
        .isTrue();
    RawClient first = client();
    for (int i = 0; i < PostServer.CONNECTIONS_MAX; i++) stranger();
    clients.get(1).awaitClose();
    assertThat(first.exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
  }

  @Test
  void handshakesThatNeverEndKeepNoOtherAddressOut() throws Exception {
    RawClient first = RawClient.plain(port);
    clients.add(first);
    for (int i = 0; i < PostServer.HANDSHAKES_MAX; i++) {
      clients.add(RawClient.plainFrom(STRANGER, port));
    }
    clients.get(1).awaitClose();
    try (RawClient secured = first.secured(TlsClient.to("localhost"))) {
      assertThat(secured.exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
    }
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
  }

  @Test
  void aBodyThatHasItsTurnHasASecondToArrive() throws Exception {
    RawClient slow = unfinished(2);
    Await.until("it is being read", () -> of(PostServer.Lane::places, 2) == 1);
    pass(PostServer.ARRIVAL_MAX.minusMillis(300));
    assertThat(of(PostServer.Lane::places, 2)).isEqualTo(1);
    pass(Duration.ofMillis(500));
    RawResponse answer = slow.read("POST");
    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.value("connection")).isEqualTo("close");
    assertThat(of(PostServer.Lane::places, 2)).isZero();
  }

  @Test
  void anAnswerThatDoesNotComeIsGivenUpBeforeTheApiServerDoes() throws Exception {
    assertThat(PostServer.ANSWER_MAX).isLessThan(Duration.ofSeconds(10));
    Semaphore busy = new Semaphore(0);
    Semaphore go = new Semaphore(0);
    answering =
        body -> {
          busy.release();
          go.acquireUninterruptibly();
          return "{}";
        };
    RawClient asked = client().send(post(JSON, 2) + "{}");
    busy.acquireUninterruptibly();
    pass(PostServer.ANSWER_MAX.minusMillis(300));
    assertThat(statuses).isEmpty();
    pass(Duration.ofMillis(500));
    assertThat(asked.read("POST").status()).isEqualTo(503);
    assertThat(of(PostServer.Lane::places, 2)).as("its body is in use").isEqualTo(1);
    go.release(2);
    Await.until("its place is free", () -> of(PostServer.Lane::places, 2) == 0);
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
  }

  @Test
  void whoWaitsForATurnInVainIsToldSo() throws Exception {
    Semaphore go = new Semaphore(0);
    answering =
        body -> {
          go.acquireUninterruptibly();
          return "{}";
        };
    String whole = post(JSON, LARGE) + "x".repeat(LARGE);
    for (int i = 0; i < PostServer.LARGE_MAX; i++) client().send(whole);
    Await.until("one is asked, the other is next", () -> of(PostServer.Lane::queued, LARGE) == 1);
    client().send(post(JSON, LARGE));
    Await.until("a third waits", () -> of(PostServer.Lane::waiting, LARGE) == 1);
    pass(PostServer.ANSWER_MAX.plusMillis(200));
    for (RawClient each : clients) assertThat(each.read("POST").status()).isEqualTo(503);
    assertThat(of(PostServer.Lane::waiting, LARGE)).isZero();
    go.release(PostServer.LARGE_MAX + 1);
    Await.until("all places are free", () -> of(PostServer.Lane::places, LARGE) == 0);
  }

  @Test
  void theShortestBodyThatWaitsGoesFirst() throws IOException {
    Semaphore busy = new Semaphore(0);
    Semaphore go = new Semaphore(0);
    ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
    answering =
        body -> {
          if (body.startsWith("wait")) {
            busy.release();
            go.acquireUninterruptibly();
          }
          order.add(body.length());
          return "{}";
        };
    int threads = PostServer.SMALL_THREADS;
    for (int i = 0; i < threads; i++) client().send(post(JSON, 4) + "wait");
    busy.acquireUninterruptibly(threads);
    for (int length : List.of(3_000, 20, 300)) {
      client().send(post(JSON, length) + "x".repeat(length));
    }
    Await.until("all are read", () -> of(PostServer.Lane::queued, 2) == 3);
    go.release(); // one thread answers all three
    Await.until("all are answered", () -> order.size() == 4);
    assertThat(order).containsExactly(4, 20, 300, 3_000);
    go.release(threads);
  }

  @Test
  void theNextHandshakeTakesAnExchangedCertificateOfAnyKind() throws Exception {
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
    TestCertificate next = TestCertificate.rsa("localhost");
    key.exchange(pair(next));
    RawClient client = client();
    X509Certificate seen =
        (X509Certificate) client.tlsSocket().getSession().getPeerCertificates()[0];
    assertThat(seen).isEqualTo(next.certificate());
    assertThat(clients.getFirst().exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
  }
}

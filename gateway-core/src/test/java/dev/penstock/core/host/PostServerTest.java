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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LeakExtension.class)
class PostServerTest {
  private static final String JSON = "Content-Type: application/json\r\n";

  private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
  private final List<RawClient> clients = new ArrayList<>();
  private Function<String, String> answering = body -> "{\"chars\": " + body.length() + "}";
  private Host host = Host.start(1, TransportChoice.AUTO, System::nanoTime);
  private ServedKey key = new ServedKey(pair(TestCertificate.ec("localhost")));
  private PostServer server = server();
  private int port;

  PostServerTest() throws IOException {}

  @BeforeEach
  void start() throws IOException {
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
          public PostServer.Answered answer(byte[] body) {
            String text = new String(body, StandardCharsets.UTF_8);
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
    assertThat(statuses).containsExactly(200, 200, 200);
  }

  @Test
  void aBodyOfAnyLengthUpToTheBoundArrivesWhole() throws IOException {
    for (int length :
        List.of(0, 16_385, PostServer.SMALL_BYTES_MAX + 1, PostServer.BODY_BYTES_MAX)) {
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
  void aBodyThatIsTooLongIsRefusedByItsHeadOrOnItsWay() throws IOException {
    assertThat(exchange(post(JSON, PostServer.BODY_BYTES_MAX + 1)).status()).isEqualTo(413);
    int chunk = PostServer.BODY_BYTES_MAX + 1;
    RawClient chunked = client();
    chunked.send(
        "POST /validate HTTP/1.1\r\nHost: h\r\n"
            + JSON
            + "Transfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(chunk)
            + "\r\n");
    chunked.send("x".repeat(chunk));
    assertThat(chunked.read("POST").status()).isEqualTo(413);
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

  /** Bodies that do not end hold their places until they do. */
  @Test
  void requestsAtATimeAreBoundedAndThoseThatLeaveMakeRoom() throws IOException {
    for (int i = 0; i < PostServer.REQUESTS_MAX; i++) client().send(post(JSON, 2) + "{");
    Await.until("all places are taken", () -> server.requests() == PostServer.REQUESTS_MAX);
    RawResponse refused = exchange(post(JSON, 2) + "{}");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.has("retry-after")).isTrue();
    clients.getFirst().close();
    Await.until("a place is free", () -> server.requests() < PostServer.REQUESTS_MAX);
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
  }

  @Test
  void largeBodiesAtATimeAreBoundedAndSmallOnesPassThem() throws IOException {
    int length = PostServer.SMALL_BYTES_MAX + 2;
    String most = post(JSON, length) + "x".repeat(length - 1);
    for (int i = 0; i < PostServer.LARGE_MAX; i++) client().send(most);
    Await.until("all places are taken", () -> server.large() == PostServer.LARGE_MAX);
    assertThat(exchange(most).status()).isEqualTo(429);
    assertThat(exchange(post(JSON, 2) + "{}").status()).isEqualTo(200);
    clients.getFirst().send("x");
    assertThat(clients.getFirst().read("POST").status()).isEqualTo(200);
    Await.until("a place is free", () -> server.large() == PostServer.LARGE_MAX - 1);
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
    int threads = server.threads();
    for (int i = 0; i < threads; i++) client().send(post(JSON, 4) + "wait");
    busy.acquireUninterruptibly(threads);
    for (int length : List.of(3_000, 20, 300)) {
      client().send(post(JSON, length) + "x".repeat(length));
    }
    Await.until("all are read", () -> server.waiting() == 3);
    go.release(); // one thread answers all three
    Await.until("all are answered", () -> order.size() == 4);
    go.release(threads);
    assertThat(order).containsExactly(4, 20, 300, 3_000);
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

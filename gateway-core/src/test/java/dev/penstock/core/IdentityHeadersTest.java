package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.SeenRequest;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the client is, the gateway alone says; what the client says under these names is dropped. */
@ExtendWith(LeakExtension.class)
class IdentityHeadersTest {
  private static SeenRequest forwarded(Transport transport, String request) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin), 1, 8080, 8443);
        RawClient client = gateway.connect(transport)) {
      assertThat(client.exchange(request).status()).isEqualTo(200);
      return origin.awaitRequests(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theBackendLearnsWhoAskedAndHow(Transport transport) throws IOException {
    SeenRequest seen = forwarded(transport, Requests.get("/p?q=1"));
    String scheme = transport == Transport.TLS ? "https" : "http";
    assertThat(seen.target()).isEqualTo("/p?q=1");
    assertThat(seen.value("host")).isEqualTo("a.test");
    assertThat(seen.value("x-forwarded-host")).isEqualTo("a.test");
    assertThat(seen.value("x-forwarded-proto")).isEqualTo(scheme);
    assertThat(seen.value("x-forwarded-scheme")).isEqualTo(scheme);
    assertThat(seen.value("x-scheme")).isEqualTo(scheme);
    assertThat(seen.value("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(seen.value("x-real-ip")).isEqualTo("127.0.0.1");
    assertThat(seen.value("x-forwarded-port")).isEqualTo(scheme.equals("http") ? "8080" : "8443");
    assertThat(seen.value("x-request-id")).matches("[0-9a-f]{32}");
  }

  @Test
  void whatTheClientSaysUnderTheseNamesNeverPasses() throws IOException {
    String lie = "6.6.6.6";
    SeenRequest seen =
        forwarded(
            Transport.PLAIN,
            Requests.get(
                "/",
                "X-Forwarded-For: " + lie,
                "x-forwarded-host: " + lie,
                "X-FORWARDED-PROTO: " + lie,
                "X-Forwarded-Scheme: " + lie,
                "X-Forwarded-Port: " + lie,
                "X-Forwarded-Prefix: " + lie,
                "X-Scheme: " + lie,
                "X-Real-IP: " + lie,
                "X-Original-URI: " + lie,
                "X-Original-Forwarded-For: " + lie,
                "Forwarded: for=" + lie,
                "X_Forwarded_For: " + lie,
                "X_Real_IP: " + lie));
    assertThat(seen.fields()).noneMatch(field -> field.value().contains(lie));
    assertThat(seen.fields()).noneMatch(field -> field.name().contains("_"));
  }

  @Test
  void theHostIsPassedAsItWasReceived() throws IOException {
    SeenRequest seen = forwarded(Transport.PLAIN, "GET / HTTP/1.1\r\nHost: A.Test:8080\r\n\r\n");
    assertThat(seen.value("host")).isEqualToIgnoringCase("a.test:8080");
    assertThat(seen.value("x-forwarded-host")).isEqualTo(seen.value("host"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc-123_DEF", "0123456789abcdef0123456789abcdef"})
  void aWellFormedRequestIdIsKept(String id) throws IOException {
    SeenRequest seen = forwarded(Transport.PLAIN, Requests.get("/", "X-Request-ID: " + id));
    assertThat(seen.value("x-request-id")).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "", "x\"y", "<x>"})
  void anotherRequestIdIsReplaced(String id) throws IOException {
    SeenRequest seen = forwarded(Transport.PLAIN, Requests.get("/", "X-Request-ID: " + id));
    assertThat(seen.value("x-request-id")).matches("[0-9a-f]{32}");
  }

  @Test
  void theIdStandsInTheLogAndDiffersFromRequestToRequest() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("ok"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      client.exchange(Requests.get("/1"));
      client.exchange(Requests.get("/2"));
      String first = origin.awaitRequests(1).value("x-request-id");
      String second = origin.awaitRequests(2).value("x-request-id");
      assertThat(first).isNotEqualTo(second);
      gateway.awaitLog(first, "/1");
      gateway.awaitLog(second, "/2");
    }
  }

  @Test
  void aFieldNamedByConnectionIsNotForwarded() throws IOException {
    SeenRequest seen =
        forwarded(
            Transport.PLAIN,
            Requests.get(
                "/",
                "Connection: X-Hop, X-Forwarded-For, keep-alive",
                "X-Hop: 1",
                "Keep-Alive: 5",
                "Proxy-Connection: keep-alive",
                "TE: gzip",
                "X-Kept: 2"));
    assertThat(seen.has("x-hop")).isFalse();
    assertThat(seen.has("keep-alive")).isFalse();
    assertThat(seen.has("proxy-connection")).isFalse();
    assertThat(seen.has("te")).isFalse();
    assertThat(seen.value("x-kept")).isEqualTo("2");
    assertThat(seen.value("x-forwarded-for")).isEqualTo("127.0.0.1");
  }
}

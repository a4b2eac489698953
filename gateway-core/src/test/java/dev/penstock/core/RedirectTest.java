package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.model.Settings;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.RawResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From http to https, as ingress-nginx does it; and HSTS on what is served over https. */
@ExtendWith(LeakExtension.class)
class RedirectTest {
  private static RawResponse get(TestPolicy policy, int publicHttpsPort, String path)
      throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).policy(policy), 1, 80, publicHttpsPort);
        RawClient client = gateway.plain()) {
      return client.exchange(Requests.get(path));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, https://a.test/, https://a.test",
    "/x, https://a.test/x, https://a.test/x",
    "/x/, https://a.test/x/, https://a.test/x",
    "/x?q=/, https://a.test/x?q=/, https://a.test/x?q=/",
  })
  void aTrailingSlashIsKeptOrDropped(String path, String kept, String dropped) throws IOException {
    RawResponse keeping =
        get(new TestPolicy().httpsRedirect(HttpsRedirect.KEEP_TRAILING_SLASH), 443, path);
    assertThat(keeping.status()).isEqualTo(308);
    assertThat(keeping.value("location")).isEqualTo(kept);
    RawResponse dropping =
        get(new TestPolicy().httpsRedirect(HttpsRedirect.DROP_TRAILING_SLASH), 443, path);
    assertThat(dropping.value("location")).isIn(dropped, dropped + "/");
  }

  @Test
  void thePublicPortStandsInTheRedirect() throws IOException {
    RawResponse response =
        get(new TestPolicy().httpsRedirect(HttpsRedirect.KEEP_TRAILING_SLASH), 8443, "/x");
    assertThat(response.value("location")).isEqualTo("https://a.test:8443/x");
  }

  @Test
  void anAcmeChallengeIsServedOverHttp() throws IOException {
    TestPolicy policy = new TestPolicy().httpsRedirect(HttpsRedirect.DROP_TRAILING_SLASH);
    assertThat(get(policy, 443, "/.well-known/acme-challenge/token").text()).isEqualTo("served");
  }

  @Test
  void whatBeginsWithAnExemptPathIsServedOverHttpAndNothingElse() throws IOException {
    TestPolicy policy = new TestPolicy().httpsRedirect(HttpsRedirect.KEEP_TRAILING_SLASH);
    TestSettings settings =
        new TestSettings()
            .httpsRedirect(new Settings.HttpsRedirect(301, List.of("/probe", "/ping")));
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin).policy(policy).settings(settings), 1, 80, 443);
        RawClient client = gateway.plain()) {
      assertThat(client.exchange(Requests.get("/probe/x")).text()).isEqualTo("served");
      assertThat(client.exchange(Requests.get("/ping")).text()).isEqualTo("served");
      assertThat(client.exchange(Requests.get("/pin")).status()).isEqualTo(301);
    }
  }

  @Test
  void withoutARedirectHttpIsServed() throws IOException {
    assertThat(get(new TestPolicy(), 443, "/x").text()).isEqualTo("served");
  }

  @Test
  void overHttpsNothingIsRedirectedAndHstsIsSaid() throws IOException {
    TestPolicy policy = new TestPolicy().httpsRedirect(HttpsRedirect.DROP_TRAILING_SLASH).hsts();
    String backend =
        Answers.withStatus(200, "OK", "served", "Strict-Transport-Security: max-age=1");
    try (Origin origin = Origin.answering(backend);
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin).policy(policy));
        RawClient client = gateway.tls()) {
      RawResponse response = client.exchange(Requests.get("/x"));
      assertThat(response.text()).isEqualTo("served");
      assertThat(response.value("strict-transport-security"))
          .isEqualTo("max-age=31536000; includeSubDomains");
    }
  }

  @Test
  void aRedirectedPostKeepsItsConnectionInStep() throws IOException {
    TestPolicy policy = new TestPolicy().httpsRedirect(HttpsRedirect.DROP_TRAILING_SLASH);
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.to(origin).policy(policy));
        RawClient client = gateway.plain()) {
      client.send(
          Requests.post("/x", Requests.get("/.well-known/acme-challenge/smuggled"))
              + Requests.get("/.well-known/acme-challenge/honest"));
      assertThat(client.readFinal("POST").status()).isEqualTo(308);
      assertThat(client.readFinal("GET").text()).isEqualTo("served");
      assertThat(origin.requests())
          .extracting(r -> r.target())
          .containsExactly("/.well-known/acme-challenge/honest");
    }
  }
}

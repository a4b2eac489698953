package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.model.Settings.TlsVersions;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.TestCertificate;
import dev.penstock.testkit.TlsClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which certificate a client gets, over which protocol, and that a change is the next one's. */
@ExtendWith(LeakExtension.class)
class TlsTest {
  private static final TestCertificate EXACT = TestCertificate.ec("a.test");
  private static final TestCertificate WILDCARD = TestCertificate.rsa("*.a.test");

  private static Certificate certificateOf(GatewayFixture gateway, String serverName)
      throws IOException {
    try (RawClient client = gateway.tls(TlsClient.to(serverName))) {
      assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("served");
      return client.tlsSocket().getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void theExactNameThenTheWildcardThenTheDefaultIsServed() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .certificate("a.test", EXACT)
                    .certificate("*.a.test", WILDCARD))) {
      assertThat(certificateOf(gateway, "a.test")).isEqualTo(EXACT.certificate());
      assertThat(certificateOf(gateway, "A.TEST")).isEqualTo(EXACT.certificate());
      assertThat(certificateOf(gateway, "x.a.test")).isEqualTo(WILDCARD.certificate());
      Certificate fallback = certificateOf(gateway, "x.y.a.test");
      assertThat(fallback).isNotIn(EXACT.certificate(), WILDCARD.certificate());
      assertThat(certificateOf(gateway, "other.test")).isEqualTo(fallback);
      assertThat(certificateOf(gateway, "")).isEqualTo(fallback);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothProtocolsAreServedWithBothKinds(String protocol) throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(
                TestWorld.to(origin)
                    .certificate("a.test", EXACT)
                    .certificate("*.a.test", WILDCARD))) {
      for (String name : new String[] {"a.test", "x.a.test"}) {
        try (RawClient client = gateway.tls(TlsClient.to(name).withProtocols(protocol))) {
          assertThat(client.exchange(Requests.get("/")).text()).isEqualTo("served");
          assertThat(client.tlsSocket().getSession().getProtocol()).isEqualTo(protocol);
        }
      }
    }
  }

  @Test
  void aVersionThatIsTakenAwayIsRefusedFromTheNextHandshakeOn() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).certificate("a.test", EXACT))) {
      for (TlsVersions only : List.of(TlsVersions.TLS13, TlsVersions.TLS12)) {
        TestSettings settings = new TestSettings().tlsVersions(only);
        gateway.publish(TestWorld.to(origin).certificate("a.test", EXACT).settings(settings));
        for (String name : List.of("a.test", "other.test")) {
          assertThat(isTaken(gateway, name, "TLSv1.2")).isEqualTo(only == TlsVersions.TLS12);
          assertThat(isTaken(gateway, name, "TLSv1.3")).isEqualTo(only == TlsVersions.TLS13);
        }
      }
    }
  }

  private static boolean isTaken(GatewayFixture gateway, String name, String version)
      throws IOException {
    try (RawClient client = gateway.tls(TlsClient.to(name).withProtocols(version))) {
      return client.exchange(Requests.get("/")).status() == 200;
    } catch (SSLException refused) {
      return false;
    }
  }

  @Test
  void aWeakCipherIsRefused() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).certificate("*.a.test", WILDCARD))) {
      TlsClient weak =
          TlsClient.to("x.a.test")
              .withProtocols("TLSv1.2")
              .withCipherSuites("TLS_RSA_WITH_AES_128_CBC_SHA");
      assertThatThrownBy(() -> gateway.tls(weak)).isInstanceOf(Exception.class);
    }
  }

  @Test
  void aNewCertificateIsServedFromTheNextHandshakeOn() throws IOException {
    TestCertificate next = TestCertificate.ec("a.test");
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).certificate("a.test", EXACT));
        RawClient before = gateway.tls()) {
      assertThat(before.exchange(Requests.get("/")).text()).isEqualTo("served");
      gateway.publish(TestWorld.to(origin).certificate("a.test", next));
      assertThat(certificateOf(gateway, "a.test")).isEqualTo(next.certificate());
      assertThat(before.exchange(Requests.get("/")).text()).isEqualTo("served");
      gateway.publish(TestWorld.to(origin));
      assertThat(certificateOf(gateway, "a.test")).isNotIn(EXACT.certificate(), next.certificate());
    }
  }

  @Test
  void manySwapsUnderHandshakesLoseNone() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway =
            GatewayFixture.serving(TestWorld.to(origin).certificate("a.test", EXACT))) {
      TestCertificate[] pair = {TestCertificate.ec("a.test"), TestCertificate.ec("a.test")};
      for (int i = 0; i < 50; i++) {
        gateway.publish(TestWorld.to(origin).certificate("a.test", pair[i % 2]));
        assertThat(certificateOf(gateway, "a.test")).isEqualTo(pair[i % 2].certificate());
      }
    }
  }

  @Test
  void plainHttpOnTheTlsPortIsNoHarm() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway = GatewayFixture.to(origin)) {
      try (RawClient client = RawClient.plain(gateway.httpsPort())) {
        client.send(Requests.get("/"));
        client.readToEnd(new ByteArrayOutputStream());
      }
      assertThat(certificateOf(gateway, "a.test")).isNotNull();
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void anOrderlyEndIsSaidWithCloseNotify() throws IOException {
    try (Origin origin = Origin.answering(Answers.ok("served"));
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.tls()) {
      client.exchange(Requests.get("/", "Connection: close"));
      assertThat(client.awaitClose()).isEqualTo(RawClient.Close.CLEAN);
    }
  }
}

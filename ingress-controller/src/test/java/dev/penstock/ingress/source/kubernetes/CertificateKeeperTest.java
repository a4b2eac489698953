package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.ingress.certificate.Renewal;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.IssuedCertificate;
import dev.penstock.model.KeyMaterial;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.VirtualClock;
import dev.penstock.testkit.VirtualExecutor;
import io.fabric8.kubernetes.client.Config;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replicas of the webhook on one scripted API server. */
class CertificateKeeperTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final ObjectKey SECRET = new ObjectKey("penstock", "webhook-certificate");
  private static final Instant BEGIN = Instant.parse("2026-11-26T12:00:00Z");
  private static final String NAME = "webhook.penstock.svc";

  private final ScriptedApi api = new ScriptedApi();
  private final VirtualExecutor time = new VirtualExecutor(new VirtualClock());
  private final List<ApiServer> servers = new ArrayList<>();
  private final List<KeyMaterial> served = new ArrayList<>();
  private final List<KeyMaterial> servedByB = new ArrayList<>();

  private final long begin = time.clock().getAsLong();

  /** Days that the wall clock is ahead of the other. */
  private int days;

  @BeforeEach
  void anInstallation() {
    api.put(
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"webhook-certificate","namespace":"penstock"}}
        """);
    api.put(
        """
        {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
         "metadata":{"name":"penstock"}}
        """);
  }

  @AfterEach
  void close() {
    servers.forEach(ApiServer::close);
    api.close();
  }

  private CertificateKeeper keeper(String identity, List<KeyMaterial> into) {
    Config config = Config.empty();
    config.setMasterUrl(api.address() + "/");
    ApiServer server = ApiServer.of(config, "penstock/test");
    servers.add(server);
    time.idleWhen(() -> servers.stream().noneMatch(ApiServer::isAnswerDue));
    CertificateKeeper keeper =
        new CertificateKeeper(
            new CertificateKeeper.Settings(
                SECRET,
                "penstock",
                List.of("ingresses.penstock.dev", "settings.penstock.dev"),
                List.of(NAME),
                new Election(new ObjectKey("penstock", "webhook-leader"), Duration.ofSeconds(15)),
                identity),
            new Machinery(server, time, time.clock(), new Random(7)),
            () -> BEGIN.plus(Duration.ofDays(days)).plusNanos(time.clock().getAsLong() - begin),
            into::add);
    keeper.start();
    return keeper;
  }

  private String stored(String key) {
    String base64 = api.stored("Secret", "penstock", SECRET.name()).at("/data/" + key).asText();
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private String told() {
    JsonNode bundle =
        api.stored("ValidatingWebhookConfiguration", "", "penstock")
            .at("/webhooks/0/clientConfig/caBundle");
    return new String(Base64.getDecoder().decode(bundle.asText()), StandardCharsets.UTF_8);
  }

  private boolean isAllTold() {
    return !told().isEmpty() && told().equals(stored("ca.crt"));
  }

  private long writes(String of) {
    return api.writes().stream().filter(write -> write.target().contains(of)).count();
  }

  @Test
  void theLeaderFillsTheSecretAndEveryReplicaServesIt() {
    keeper("a", served);
    keeper("b", servedByB);
    time.passUntil("both serve", SOON, () -> !served.isEmpty() && !servedByB.isEmpty());
    time.passUntil("API servers know", SOON, this::isAllTold);
    assertThat(served).isEqualTo(servedByB).hasSize(1);
    assertThat(served.getFirst().chainPem()).isEqualTo(stored("tls.crt"));
    assertThat(writes("/secrets/")).isEqualTo(1);
    SeenRequest write = api.writes().getLast();
    assertThat(write.target())
        .isEqualTo(
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/penstock"
                + "?fieldManager=penstock-webhook-certificate&force=true");
    assertThat(write.value("Content-Type")).isEqualTo("application/apply-patch+yaml");
  }

  @Test
  void aRenewalIsServedWithoutARestart() {
    keeper("a", served);
    time.passUntil("API servers know", SOON, this::isAllTold);
    days = 61;
    time.passUntil("another is served", SOON, () -> served.size() == 2);
    assertThat(served.getLast().chainPem()).isEqualTo(stored("tls.crt"));
    assertThat(told()).isEqualTo(stored("ca.crt"));
  }

  @Test
  void ofTwoAuthoritiesBothAreToldBeforeTheNewOneSigns() {
    keeper("a", served);
    time.passUntil("API servers know", SOON, this::isAllTold);
    days = (int) Renewal.AUTHORITY_LIFE.toDays() * 2 / 3 - 1;
    time.passUntil("another is served", SOON, () -> served.size() == 2);
    days += 2;
    time.passUntil("both are told", SOON, () -> IssuedCertificate.parsed(told()).size() == 2);
    assertThat(served).hasSize(2);
    time.passUntil("the new one has signed", Duration.ofMinutes(3), () -> served.size() == 3);
    X509Certificate newest = IssuedCertificate.parsed(told()).getFirst();
    assertThat(IssuedCertificate.parsed(stored("tls.crt")).getFirst().getIssuerX500Principal())
        .isEqualTo(newest.getSubjectX500Principal());
    days += 2;
    time.passUntil("one is told", SOON, () -> IssuedCertificate.parsed(told()).size() == 1);
    assertThat(IssuedCertificate.parsed(told())).containsExactly(newest);
  }

  @Test
  void anAuthorityOfWhichNobodyCouldBeToldDoesNotSign() {
    keeper("a", served);
    time.passUntil("API servers know", SOON, this::isAllTold);
    days = (int) Renewal.AUTHORITY_LIFE.toDays() * 2 / 3 - 1;
    time.passUntil("another is served", SOON, () -> served.size() == 2);
    api.fault("/validatingwebhookconfigurations/", 1000, ScriptedApi.refusing(500));
    days += 2;
    time.pass(Duration.ofMinutes(5));
    assertThat(IssuedCertificate.parsed(stored("ca.crt"))).hasSize(2);
    assertThat(served).hasSize(2);

    api.heal();
    time.passUntil("the new one has signed", Duration.ofMinutes(1), () -> served.size() == 3);
  }

  @Test
  void whatApiServersAreToldIsToldAgainWhenSomebodyChangesIt() {
    keeper("a", served);
    time.passUntil("API servers know", SOON, this::isAllTold);
    api.put(
        """
        {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
         "metadata":{"name":"penstock"},"webhooks":[]}
        """);
    time.passUntil(
        "it is told again", CertificateKeeper.LOOK_EVERY.plusSeconds(1), this::isAllTold);
    assertThat(writes("/secrets/")).isEqualTo(1);
  }

  @Test
  void whatWasRemovedIsNotMadeAgain() {
    keeper("a", served);
    time.passUntil("API servers know", SOON, this::isAllTold);
    api.delete("Secret", "penstock", SECRET.name());
    api.delete("ValidatingWebhookConfiguration", "", "penstock");
    time.pass(CertificateKeeper.LOOK_EVERY.multipliedBy(10));
    assertThat(api.stored("Secret", "penstock", SECRET.name()).isMissingNode()).isTrue();
    assertThat(api.stored("ValidatingWebhookConfiguration", "", "penstock").isMissingNode())
        .isTrue();
    assertThat(served).hasSize(1);
  }

  @Test
  void aFollowerWritesOnlyWhenTheLeaseIsGivenBack() {
    CertificateKeeper leader = keeper("a", served);
    time.passUntil("API servers know", SOON, this::isAllTold);
    keeper("b", servedByB);
    time.passUntil("the other serves", SOON, () -> !servedByB.isEmpty());
    days = 61;
    var ended = leader.end();
    time.runUntil("the end", ended::isDone);
    time.passUntil("the other renews", SOON, () -> servedByB.size() == 2);
    assertThat(served).hasSize(1);
  }
}

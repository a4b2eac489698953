package dev.penstock.ingress.translate;

import static dev.penstock.ingress.translate.Yaml.defaultBackend;
import static dev.penstock.ingress.translate.Yaml.ingress;
import static dev.penstock.ingress.translate.Yaml.path;
import static dev.penstock.ingress.translate.Yaml.rule;
import static dev.penstock.ingress.translate.Yaml.rules;
import static dev.penstock.ingress.translate.Yaml.service;
import static dev.penstock.ingress.translate.Yaml.tlsSecret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.Absence;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.Publication;
import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.testkit.TestCertificate;
import dev.penstock.testkit.TestCertificate.Algorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateTranslationTest {
  private static final String OLD = "2024-01-01T00:00:00Z";
  private static final String YOUNG = "2025-01-01T00:00:00Z";
  private static final Instant NOW = Translated.NOW;
  private static final TestCertificate X = certificate(NOW, "x.test");
  private static final TestCertificate OTHER = certificate(NOW, "x.test");

  @Test
  void aTlsHostGetsItsCertificateTheRedirectAndHsts() {
    Translated result = Translated.of(secret("s", X) + web("i", OLD, "x.test", "s"));

    assertThat(tlsHosts(result)).containsExactly("x.test default/s");
    assertThat(result.publication().keys()).containsOnlyKeys("default/s");
    assertThat(result.routesOf("x.test").getFirst().policy().httpsRedirect())
        .isEqualTo(HttpsRedirect.DROP_TRAILING_SLASH);
    assertThat(result.routesOf("x.test").getFirst().policy().hsts()).isTrue();
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void theTlsOfOneIngressCountsForTheRoutesOfAnotherWithTheSameHost() {
    Translated result =
        Translated.of(
            secret("s", X)
                + web("i", OLD, "x.test", "s")
                + ingress("j", OLD, rules(rule("x.test", path("Exact", "/j", "a")))));

    assertThat(result.routesOf("x.test")).hasSize(2).allMatch(route -> route.policy().hsts());
  }

  @Test
  void aYoungerIngressOfAnotherNamespaceDoesNotRedirectTheHostOfAnOlderOne() {
    String foreign =
        ingress("foreign", YOUNG, tls("x.test", "s") + ", " + rules(all("x.test")))
            .replace("{name: foreign", "{name: foreign, namespace: other");
    String ours = ingress("i", OLD, rules(rule("x.test", path("Exact", "/i", "a"))));
    Translated result = Translated.of(service("a") + ours + foreign);

    assertThat(result.routesOf("x.test"))
        .extracting(route -> route.policy().hsts())
        .containsExactly(false, true);
  }

  @Test
  void aWildcardCertificateCountsForTheHostsOfItsOwnIngressOnly() {
    TestCertificate wild = certificate(NOW, "*.w.test");
    Translated result =
        Translated.of(
            secret("s", wild)
                + ingress(
                    "i",
                    OLD,
                    tls("*.w.test", "s") + ", " + rules(all("a.w.test"), all("a.b.w.test")))
                + ingress("j", OLD, rules(all("c.w.test"))));

    assertThat(tlsHosts(result)).containsExactly("*.w.test default/s");
    assertThat(result.routesOf("a.w.test").getFirst().policy().hsts()).isTrue();
    assertThat(result.routesOf("a.b.w.test").getFirst().policy().hsts()).isFalse();
    assertThat(result.routesOf("c.w.test").getFirst().policy().hsts()).isFalse();
  }

  @Test
  void anEntryWithoutHostsStandsForTheRuleHostsThatNoOtherEntryLists() {
    TestCertificate both = certificate(NOW, "y.test", "z.test");
    Translated result =
        Translated.of(
            service("a")
                + secret("s", X)
                + secret("rest", both)
                + ingress(
                    "i",
                    OLD,
                    "tls: [{secretName: rest}, {hosts: [x.test], secretName: s}], "
                        + rules(all("x.test"), all("y.test"), all("z.test"))));

    assertThat(tlsHosts(result))
        .containsExactly("x.test default/s", "y.test default/rest", "z.test default/rest");
    assertThat(result.diagnostics()).isEmpty();
  }

  @Test
  void ofTwoCertificatesForAHostTheOldestIngressWinsAndBothAreTold() {
    Translated result =
        Translated.of(
            secret("s", X)
                + secret("t", OTHER)
                + web("a-younger", YOUNG, "x.test", "t").replace("path: \"/\"", "path: \"/y\"")
                + web("older", OLD, "x.test", "s"));

    assertThat(tlsHosts(result)).containsExactly("x.test default/s");
    assertThat(result.publication().keys()).containsOnlyKeys("default/s");
    assertThat(result.complaints())
        .containsExactly(
            "ERROR Ingress default/a-younger spec.tls[0].secretName: host 'x.test' has the"
                + " certificate of Secret 'default/s' by Ingress default/older, which is older;"
                + " Secret 'default/t' is not served for it: name one Secret for the host",
            "INFO Ingress default/older spec.tls[0].secretName: Ingress default/a-younger names"
                + " another Secret ('default/t') for host 'x.test'; this one is in force, because"
                + " the Ingress is older");
  }

  /** What is said of an Ingress that names a Secret of which nothing is known. */
  private static List<String> complaints(Absence why) {
    ClusterView all = Translated.view(web("i", OLD, "x.test", "s"));
    ClusterView view =
        new ClusterView(
            all.ingresses(),
            all.classes(),
            all.services(),
            all.slices(),
            all.secrets(),
            all.configMaps(),
            Set.of(),
            Map.of(new ObjectKey("default", "s"), why));
    return Translated.of(view, Publication.EMPTY, Translated.options(Optional.empty()))
        .complaints();
  }

  @Test
  void aSecretThatIsNotLookedForIsNotCalledMissing() {
    assertThat(complaints(Absence.UNSOUGHT))
        .containsExactly(
            "ERROR Ingress default/i spec.tls[0].secretName: Secret 's' in namespace 'default' is"
                + " not looked for, because the bound of 200 Secrets by name is reached, of which"
                + " each namespace has its share: name fewer there that do not exist or are not of"
                + " type kubernetes.io/tls; without --secrets=referenced those of that type need"
                + " no place. Its hosts are served with the default certificate, which clients do"
                + " not trust");
  }

  @Test
  void aSecretForWhichThereIsNoRoomIsNotCalledMissing() {
    assertThat(complaints(Absence.NO_ROOM))
        .containsExactly(
            "ERROR Ingress default/i spec.tls[0].secretName: Secret 's' in namespace 'default' has"
                + " no room: the objects of all namespaces take all the memory that they may, and"
                + " this namespace takes more than its share; remove objects there, or give the"
                + " gateway more memory. Its hosts are served with the default certificate, which"
                + " clients do not trust");
  }

  @Test
  void aSecretThatWaitsForItsTurnIsNotCalledMissing() {
    assertThat(complaints(Absence.NOT_YET))
        .containsExactly(
            "ERROR Ingress default/i spec.tls[0].secretName: Secret 's' in namespace 'default' is"
                + " not read yet: many are named anew, or the API server does not tell it. Its"
                + " hosts are served with the default certificate, which clients do not trust");
  }

  @Test
  void aSecretThatMayNotBeReadIsNotCalledMissing() {
    assertThat(complaints(Absence.FORBIDDEN))
        .containsExactly(
            "WARNING Ingress default/i spec.tls[0].secretName: nothing is known of Secret 's' in"
                + " namespace 'default', because the API server forbids to read it. A gateway that"
                + " may not read it either serves the default certificate, which clients do not"
                + " trust: grant list and watch on it.");
  }

  @Test
  void aMissingSecretLeavesTheRedirectOnAndNamesBothObjects() {
    Translated result = Translated.of(secret("tls-x", X) + web("i", OLD, "x.test", "tls-y"));

    assertThat(tlsHosts(result)).isEmpty();
    assertThat(result.routesOf("x.test").getFirst().policy().httpsRedirect())
        .isEqualTo(HttpsRedirect.DROP_TRAILING_SLASH);
    assertThat(result.complaints())
        .containsExactly(
            "ERROR Ingress default/i spec.tls[0].secretName: no Secret 'tls-y' was found in namespace"
                + " 'default'; did you mean 'tls-x'? Its hosts are served with the default"
                + " certificate, which clients do not trust");
  }

  @Test
  void aMismatchedPairIsNotServedAndNamesItsUsers() {
    String mixed = tlsSecret("s", "kubernetes.io/tls", X.chainPem(), OTHER.keyPem());
    Translated result = Translated.of(mixed + web("i", OLD, "x.test", "s"));

    assertThat(tlsHosts(result)).isEmpty();
    assertThat(result.complaints())
        .containsExactly(
            "ERROR Secret default/s data[tls.key]: the private key does not belong to the"
                + " certificate (CN=x.test); renew both together; the Secret is used by"
                + " Ingress default/i. Its hosts are served with the default certificate, which"
                + " clients do not trust");
  }

  @Test
  void aPairThatBecomesUnusableNeverReplacesTheOneThatWorked() {
    Translated good = Translated.of(secret("s", X) + web("i", OLD, "x.test", "s"));
    String mixed = tlsSecret("s", "kubernetes.io/tls", OTHER.chainPem(), X.keyPem());
    for (String bad :
        List.of(
            mixed,
            "",
            tlsSecret("s", "kubernetes.io/tls", "garbage", X.keyPem()),
            tlsSecret("s", "kubernetes.io/tls", X.chainPem(), " "))) {
      Translated result = after(good, bad + web("i", OLD, "x.test", "s"));
      Translated again = after(result, bad + web("i", OLD, "x.test", "s"));

      assertThat(result.publication()).isEqualTo(again.publication());
      assertThat(result.publication().keys()).isEqualTo(good.publication().keys());
      assertThat(tlsHosts(result)).containsExactly("x.test default/s");
      assertThat(result.complaints())
          .singleElement()
          .asString()
          .startsWith("WARNING")
          .endsWith(". The certificate that was served before stays in force");
    }
  }

  @Test
  void aRenewedPairReplacesTheOldOne() {
    Translated good = Translated.of(secret("s", X) + web("i", OLD, "x.test", "s"));
    Translated renewed = after(good, secret("s", OTHER) + web("i", OLD, "x.test", "s"));

    assertThat(renewed.publication().keys())
        .containsEntry("default/s", new KeyMaterial(OTHER.chainPem(), OTHER.keyPem()));
    assertThat(renewed.diagnostics()).isEmpty();
  }

  @Test
  void expiredAndFutureCertificatesAreServedWithAWarning() {
    TestCertificate expired = certificate(NOW.minus(Duration.ofDays(365)), "x.test");
    TestCertificate future = certificate(NOW.plus(Duration.ofDays(365)), "x.test");

    Translated old = Translated.of(secret("s", expired) + web("i", OLD, "x.test", "s"));
    assertThat(tlsHosts(old)).hasSize(1);
    assertThat(old.complaints())
        .containsExactly(
            "WARNING Secret default/s data[tls.crt]: the certificate expired on"
                + " 2025-12-22T12:00:00Z; it is still served, but clients refuse it: renew it");
    Translated young = Translated.of(secret("s", future) + web("i", OLD, "x.test", "s"));
    assertThat(tlsHosts(young)).hasSize(1);
    assertThat(young.complaints())
        .containsExactly(
            "WARNING Secret default/s data[tls.crt]: the certificate is not valid before"
                + " 2027-11-21T12:00:00Z; it is served, but clients refuse it until then");
  }

  @Test
  void aHostThatTheCertificateDoesNotCoverIsToldWithTheNamesItHas() {
    Translated result = Translated.of(secret("s", X) + web("i", OLD, "y.test", "s"));

    assertThat(tlsHosts(result)).containsExactly("y.test default/s");
    assertThat(result.complaints())
        .containsExactly(
            "WARNING Ingress default/i spec.tls[0].secretName: the certificate of Secret"
                + " 'default/s' is not for host 'y.test' but for 'x.test'; it is served, but clients"
                + " refuse it");
  }

  @Test
  void aCertificateAboveItsBoundIsNotServedAndSaysWhatToDo() {
    String large = X.chainPem() + "x".repeat(64 << 10);
    Translated result =
        Translated.of(
            tlsSecret("s", "kubernetes.io/tls", large, X.keyPem()) + web("i", OLD, "x.test", "s"));

    assertThat(tlsHosts(result)).isEmpty();
    assertThat(result.complaints())
        .containsExactly(
            "ERROR Secret default/s data[tls.crt]: holds more than 65536 bytes and is not read: put"
                + " nothing in it but the certificate and those that lead to its root, as PEM text;"
                + " the Secret is used by Ingress default/i. Its hosts are served with the default"
                + " certificate, which clients do not trust");
  }

  @Test
  void anOpaqueSecretWithBothKeysIsServedWithAWarning() {
    String opaque = tlsSecret("s", "Opaque", X.chainPem(), X.keyPem());
    Translated result = Translated.of(opaque + web("i", OLD, "x.test", "s"));

    assertThat(tlsHosts(result)).hasSize(1);
    assertThat(result.complaints())
        .containsExactly(
            "WARNING Secret default/s type: is 'Opaque'; its certificate is served, but a cluster's"
                + " are read one by one, and at most 200 of them: create it with type"
                + " kubernetes.io/tls");
  }

  @Test
  void aTlsHostOfNoRuleIsSuspectedOfATypingError() {
    TestCertificate both = certificate(NOW, "x.test", "xx.test");
    Translated result =
        Translated.of(
            secret("s", both)
                + ingress("i", OLD, tls("xx.test", "s") + ", " + rules(all("x.test")))
                + service("a"));

    assertThat(tlsHosts(result)).containsExactly("xx.test default/s");
    assertThat(result.routesOf("x.test").getFirst().policy().hsts()).isFalse();
    assertThat(result.complaints())
        .singleElement()
        .asString()
        .startsWith(
            "WARNING Ingress default/i spec.tls[0].hosts[0]: 'xx.test' is the host of no rule");
  }

  @Test
  void anEntryWithoutASecretIsTlsWithTheDefaultCertificate() {
    Translated result =
        Translated.of(
            service("a") + ingress("i", OLD, "tls: [{hosts: [x.test]}], " + rules(all("x.test"))));

    assertThat(tlsHosts(result)).isEmpty();
    assertThat(result.routesOf("x.test").getFirst().policy().hsts()).isTrue();
    assertThat(result.complaints())
        .singleElement()
        .asString()
        .contains("spec.tls[0].secretName: is missing");
  }

  @Test
  void aCatchAllWithACertificateForAllRedirectsAndSaysWhichCertificateIsServed() {
    Translated result =
        Translated.of(
            service("a")
                + secret("s", X)
                + ingress(
                    "i",
                    OLD,
                    "tls: [{secretName: s}], "
                        + rules("{http: {paths: [" + path("Prefix", "/", "a") + "]}}")));

    assertThat(tlsHosts(result)).isEmpty();
    assertThat(result.routesOf("").getFirst().policy().hsts()).isTrue();
    assertThat(result.complaints()).singleElement().asString().contains("default certificate");
  }

  @Test
  void aBadTlsHostIsSetAsideByItself() {
    Translated result =
        Translated.of(
            service("a")
                + secret("s", X)
                + ingress(
                    "i",
                    OLD,
                    "tls: [{hosts: [\"a b\", \"\", x.test], secretName: s}], "
                        + rules(all("x.test"))));

    assertThat(tlsHosts(result)).containsExactly("x.test default/s");
    assertThat(result.complaints()).hasSize(2).allMatch(c -> c.startsWith("ERROR"));
  }

  @Test
  void anIngressWithADefaultBackendAloneServesItsCertificates() {
    Translated result =
        Translated.of(
            service("a")
                + secret("s", X)
                + ingress("i", OLD, tls("x.test", "s") + ", " + defaultBackend("a")));

    assertThat(tlsHosts(result)).containsExactly("x.test default/s");
    assertThat(result.routesOf("").getFirst().policy().hsts()).isFalse();
    assertThat(result.diagnostics()).isEmpty();
  }

  private static Translated after(Translated previous, String yaml) {
    Publication publication = previous.publication();
    return Translated.of(Translated.view(yaml), publication, Translated.options(Optional.empty()));
  }

  private static List<String> tlsHosts(Translated result) {
    return result.publication().config().tlsHosts().stream()
        .map(host -> host.host() + " " + host.certificate().name())
        .toList();
  }

  private static String web(String name, String created, String host, String secret) {
    return service("a").replace("name: a\n", "name: a-" + name + "\n")
        + ingress(
            name,
            created,
            tls(host, secret) + ", " + rules(rule(host, path("Prefix", "/", "a-" + name))));
  }

  private static String all(String host) {
    return rule(host, path("Prefix", "/", "a"));
  }

  private static String tls(String host, String secret) {
    return "tls: [{hosts: [\"" + host + "\"], secretName: " + secret + "}]";
  }

  private static String secret(String name, TestCertificate certificate) {
    return tlsSecret(name, "kubernetes.io/tls", certificate.chainPem(), certificate.keyPem());
  }

  private static TestCertificate certificate(Instant now, String... names) {
    return TestCertificate.of(Algorithm.EC, now, List.of(names));
  }
}

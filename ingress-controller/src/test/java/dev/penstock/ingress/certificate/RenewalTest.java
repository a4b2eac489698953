package dev.penstock.ingress.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.IssuedCertificate;
import dev.penstock.model.ParsedKeyMaterial;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenewalTest {
  private static final List<String> NAMES = List.of("webhook.penstock.svc");
  private static final Instant BEGIN = Instant.parse("2026-11-26T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private Instant now = BEGIN;
  private StoredKeys stored = next(StoredKeys.NONE, false);

  private StoredKeys next(StoredKeys before, boolean isPublished) {
    return Renewal.next(before, NAMES, now, isPublished);
  }

  private void pass(Duration time) {
    now = now.plus(time);
    stored = next(stored, true);
  }

  private static ParsedKeyMaterial served(StoredKeys keys) {
    return StoredKeys.parsed(keys.chain(), keys.key()).orElseThrow();
  }

  private static List<X509Certificate> authorities(StoredKeys keys) {
    return IssuedCertificate.parsed(keys.authorities());
  }

  private void assertServedIsSignedByOneOfThem() throws Exception {
    X509Certificate leaf = served(stored).leaf();
    X509Certificate signer =
        authorities(stored).stream()
            .filter(each -> each.getSubjectX500Principal().equals(leaf.getIssuerX500Principal()))
            .findFirst()
            .orElseThrow();
    leaf.verify(signer.getPublicKey());
  }

  @Test
  void outOfNothingComesAnAuthorityAndWhatItHasSigned() throws Exception {
    assertServedIsSignedByOneOfThem();
    assertThat(authorities(stored)).hasSize(1);
    X509Certificate authority = authorities(stored).getFirst();
    assertThat(authority.getBasicConstraints()).isZero();
    assertThat(authority.getNotAfter().toInstant()).isEqualTo(now.plus(Renewal.AUTHORITY_LIFE));
    ParsedKeyMaterial served = served(stored);
    assertThat(served.dnsNames()).containsExactlyElementsOf(NAMES);
    assertThat(served.notAfter()).isEqualTo(now.plus(Renewal.SERVED_LIFE));
    assertThat(served.leaf().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(next(stored, true)).isEqualTo(stored);
  }

  @Test
  void whatIsServedIsRenewedAtTwoThirdsOfItsLifeByTheSameAuthority() throws Exception {
    StoredKeys first = stored;
    pass(DAY.multipliedBy(59));
    assertThat(stored).isEqualTo(first);
    pass(DAY.multipliedBy(2));
    assertThat(stored.chain()).isNotEqualTo(first.chain());
    assertThat(stored.authorities()).isEqualTo(first.authorities());
    assertThat(stored.authorityKey()).isEqualTo(first.authorityKey());
    assertServedIsSignedByOneOfThem();
  }

  /** For eight years, what is served is valid and signed by who has been published. */
  @Test
  void anAuthorityIsPublishedBesideTheOldOneBeforeItSignsAnythingThatIsServed() throws Exception {
    int together = 0;
    for (int day = 0; day < 8 * 365; day += 3) {
      List<X509Certificate> published = authorities(stored);
      pass(DAY.multipliedBy(3));
      assertThat(served(stored).notAfter()).isAfter(now.plus(DAY.multipliedBy(20)));
      assertThat(authorities(stored)).containsAnyElementsOf(published);
      assertServedIsSignedByOneOfThem();
      if (authorities(stored).size() == 2) together++;
    }
    assertThat(together).as("looks that found two").isBetween(1, 4);
  }

  @Test
  void anAuthorityThatHasNotBeenPublishedSignsNothingThatIsServed() {
    now = now.plus(Duration.ofDays(2_500));
    stored =
        next(stored, true); // it was away: what is served has run out, and nobody is waited for
    now = now.plus(DAY.multipliedBy(2));
    stored = next(stored, true);
    StoredKeys before = stored;
    StoredKeys broken = new StoredKeys(stored.authorities(), "", stored.chain(), stored.key());
    StoredKeys renewed = next(broken, false);
    assertThat(authorities(renewed)).hasSize(2);
    assertThat(renewed.chain()).isEqualTo(before.chain());
    now = now.plus(DAY);
    assertThat(next(renewed, false)).as("not published").isEqualTo(renewed);
    assertThat(next(renewed, true).chain()).as("published").isNotEqualTo(before.chain());
  }

  @Test
  void theOldAuthorityGoesWhenEveryReplicaServesWhatTheNewOneHasSigned() {
    StoredKeys broken = new StoredKeys(stored.authorities(), "", stored.chain(), stored.key());
    stored = next(broken, true);
    pass(Renewal.SPREADS.minusSeconds(1));
    assertThat(stored.chain()).isEqualTo(broken.chain());
    pass(Duration.ofSeconds(1));
    assertThat(stored.chain()).isNotEqualTo(broken.chain());
    pass(Renewal.OVERLAP.minusSeconds(1));
    assertThat(authorities(stored)).hasSize(2);
    pass(Duration.ofSeconds(1));
    assertThat(authorities(stored)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "half", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"})
  void whatCannotBeReadIsMadeAnew(String text) throws Exception {
    stored = new StoredKeys(text, stored.authorityKey(), stored.chain(), stored.key());
    pass(DAY);
    assertServedIsSignedByOneOfThem();
    stored = new StoredKeys(stored.authorities(), stored.authorityKey(), text, stored.key());
    pass(DAY);
    assertServedIsSignedByOneOfThem();
    stored = new StoredKeys(stored.authorities(), stored.authorityKey(), stored.chain(), text);
    pass(DAY);
    assertServedIsSignedByOneOfThem();
  }

  @Test
  void anotherNameOfTheServiceIsAReason() {
    List<String> others = List.of("other.penstock.svc");
    StoredKeys renewed = Renewal.next(stored, others, now, true);
    assertThat(served(renewed).dnsNames()).containsExactlyElementsOf(others);
    assertThat(renewed.authorities()).isEqualTo(stored.authorities());
  }

  @Test
  void aCertificateThatMayNotSignIsNoAuthority() {
    String leafAsAuthority = stored.chain();
    StoredKeys fooled = new StoredKeys(leafAsAuthority, stored.key(), "", "");
    assertThat(authorities(next(fooled, true)).getFirst().getBasicConstraints()).isZero();
  }

  @Test
  void noKeyIsShown() {
    assertThat(stored.toString()).doesNotContain("KEY");
  }
}

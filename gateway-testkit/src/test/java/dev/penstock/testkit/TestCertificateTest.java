package dev.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.CertificateExpiredException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestCertificateTest {
  @Test
  void aCertificateHoldsItsNamesAndIsValidNow() throws Exception {
    for (TestCertificate made :
        List.of(TestCertificate.ec("a.test", "*.b.test"), TestCertificate.rsa("a.test"))) {
      made.certificate().checkValidity();
      made.certificate().verify(made.certificate().getPublicKey());
      assertThat(made.chainPem()).startsWith("-----BEGIN CERTIFICATE-----");
      assertThat(made.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----");
    }
    assertThat(TestCertificate.ec("a.test", "*.b.test").certificate().getSubjectAlternativeNames())
        .extracting(name -> name.get(1).toString())
        .containsExactly("a.test", "*.b.test");
  }

  @Test
  void keysComeInTheOlderFormsToo() {
    assertThat(TestCertificate.ec("a.test").traditionalKeyPem())
        .startsWith("-----BEGIN EC PRIVATE KEY-----");
    assertThat(TestCertificate.rsa("a.test").traditionalKeyPem())
        .startsWith("-----BEGIN RSA PRIVATE KEY-----");
  }

  @Test
  void anExpiredCertificateHasRunOut() {
    assertThatThrownBy(() -> TestCertificate.expired("a.test").certificate().checkValidity())
        .isInstanceOf(CertificateExpiredException.class);
  }
}

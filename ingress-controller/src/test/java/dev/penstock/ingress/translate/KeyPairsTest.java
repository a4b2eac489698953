package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.model.KeyMaterialException;
import dev.penstock.testkit.TestCertificate;
import org.junit.jupiter.api.Test;

class KeyPairsTest {
  private final TestCertificate certificate = TestCertificate.ec("a.test");
  private final KeyPairs pairs = new KeyPairs();

  private KeyPairs.Pair read() throws KeyMaterialException {
    return pairs.read(certificate.chainPem(), certificate.keyPem());
  }

  @Test
  void whatEveryTranslationUsesIsReadOnce() throws KeyMaterialException {
    KeyPairs.Pair first = read();

    for (int translation = 0; translation < 3; translation++) {
      pairs.begin();
      assertThat(read()).isSameAs(first);
      assertThat(read()).isSameAs(first);
    }
  }

  @Test
  void whatNoTranslationUsesIsForgotten() throws KeyMaterialException {
    KeyPairs.Pair first = read();

    pairs.begin();
    pairs.begin();

    assertThat(read()).isNotSameAs(first).isEqualTo(first);
  }

  @Test
  void aPairThatCannotBeServedIsReadOnceToo() {
    String otherKey = TestCertificate.ec("b.test").keyPem();
    KeyMaterialException first = faultOf(otherKey);

    pairs.begin();

    assertThat(faultOf(otherKey)).isSameAs(first).hasMessageContaining("does not belong");
    assertThat(faultOf(TestCertificate.ec("c.test").keyPem())).isNotSameAs(first);
  }

  private KeyMaterialException faultOf(String keyPem) {
    return catchThrowableOfType(
        KeyMaterialException.class, () -> pairs.read(certificate.chainPem(), keyPem));
  }
}

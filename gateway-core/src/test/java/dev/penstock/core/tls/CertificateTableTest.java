package dev.penstock.core.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.HostPattern;
import dev.penstock.model.KeyMaterial;
import dev.penstock.model.ParsedKeyMaterial;
import dev.penstock.model.TlsHost;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CertificateTableTest {
  private static final KeyMaterial BROKEN = new KeyMaterial("no chain", "no key");

  private final TlsContexts contexts = new TlsContexts(List.of("http/1.1"), Runnable::run);
  private final CertificateTable empty = CertificateTable.empty(contexts);
  private final List<CertificateTable> tables = new ArrayList<>();

  @AfterEach
  void everyContextIsFreedWithItsLastTable() {
    List<ReferenceCountedOpenSslContext> all = new ArrayList<>();
    for (CertificateTable table : tables) {
      for (String name : List.of("a.test", "b.test", "x.wild.test")) {
        ReferenceCountedOpenSslContext context = look(table, name);
        if (context != null) all.add(context);
      }
    }
    tables.forEach(CertificateTable::retire);
    tables.forEach(CertificateTable::retire); // once only
    assertThat(all).allSatisfy(context -> assertThat(context.refCnt()).isZero());
    ReferenceCountedOpenSslContext fallback = requireNonNull(contexts.acquireFallback());
    contexts.close();
    assertThat(fallback.refCnt()).isOne();
    fallback.release();
    assertThat(contexts.acquireFallback()).isNull();
  }

  @Test
  void theExactHostIsBeforeTheWildcardAndTheWildcardTakesOneLabel() {
    CertificateTable table =
        table(
            empty,
            new TestTables()
                .with("ns/wild", TestTables.ec("*.wild.test"), "*.wild.test")
                .with("ns/a", TestTables.ec("a.test"), "a.test", "a.wild.test"));
    ReferenceCountedOpenSslContext a = look(table, "a.test");
    ReferenceCountedOpenSslContext wild = look(table, "x.wild.test");
    assertThat(a).isNotNull().isNotSameAs(wild);
    assertThat(wild).isNotNull();
    assertThat(look(table, "a.wild.test")).isSameAs(a);
    for (String other : List.of("", "wild.test", "x.y.wild.test", ".wild.test", "b.test", ".")) {
      assertThat(look(table, other)).as(other).isNull();
      assertThat(table.missOf(other)).isEqualTo(CertificateTable.Miss.UNKNOWN);
    }
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void whatDidNotChangeKeepsItsContextAndIsNotReadAgain() {
    KeyMaterial a = TestTables.ec("a.test");
    CertificateTable first =
        table(
            empty,
            new TestTables()
                .with("ns/a", a, "a.test")
                .with("ns/b", TestTables.ec("b.test"), "b.test"));
    CertificateTable second =
        first.next(
            List.of(new TlsHost(new HostPattern("a.test"), a.ref("ns/a"))),
            certificate -> {
              throw new AssertionError("read again: " + certificate);
            });
    tables.add(second);
    ReferenceCountedOpenSslContext context = requireNonNull(look(first, "a.test"));
    assertThat(look(second, "a.test")).isSameAs(context);
    assertThat(look(second, "b.test")).isNull();
    first.retire();
    assertThat(context.refCnt()).isOne();
    assertThat(first.missOf("b.test")).isEqualTo(CertificateTable.Miss.RETIRED);
    assertThat(look(first, "b.test")).isNull();
  }

  @Test
  void aCertificateThatCannotBeServedNamesItsSecretAndHarmsNoOther() {
    CertificateTable table =
        table(
            empty,
            new TestTables()
                .with("ns/broken", BROKEN, "b.test", "*.wild.test")
                .with("ns/a", TestTables.rsa("a.test"), "a.test"));
    assertThat(look(table, "a.test")).isNotNull();
    assertThat(look(table, "b.test")).isNull();
    assertThat(table.failures())
        .containsExactly(
            new CertificateTable.Failure(
                BROKEN.ref("ns/broken"),
                List.of(new HostPattern("b.test"), new HostPattern("*.wild.test")),
                false,
                "holds no PEM block; it must begin with a line '-----BEGIN CERTIFICATE-----'"));
  }

  @Test
  void aBrokenRenewalKeepsTheCertificateBeforeUntilItIsMended() {
    KeyMaterial good = TestTables.ec("a.test");
    CertificateTable first = table(empty, new TestTables().with("ns/a", good, "a.test"));
    ReferenceCountedOpenSslContext before = look(first, "a.test");
    CertificateTable second = table(first, new TestTables().with("ns/a", BROKEN, "a.test"));
    assertThat(look(second, "a.test")).isSameAs(before);
    assertThat(second.failures()).singleElement().matches(CertificateTable.Failure::keepsPrevious);
    CertificateTable third = table(second, new TestTables().with("ns/a", BROKEN, "a.test"));
    assertThat(look(third, "a.test")).isSameAs(before);
    assertThat(third.failures()).isEqualTo(second.failures());
    CertificateTable fourth =
        table(third, new TestTables().with("ns/a", TestTables.ec("a.test"), "a.test"));
    assertThat(look(fourth, "a.test")).isNotNull().isNotSameAs(before);
    assertThat(fourth.failures()).isEmpty();
  }

  @Test
  void aMissingKeyIsReportedAndAnExceptionLosesNoContext() {
    KeyMaterial a = TestTables.ec("a.test");
    CertificateTable first = table(empty, new TestTables().with("ns/a", a, "a.test"));
    List<TlsHost> hosts =
        List.of(
            new TlsHost(new HostPattern("a.test"), a.ref("ns/a")),
            new TlsHost(new HostPattern("b.test"), BROKEN.ref("ns/b")));
    CertificateTable second = first.next(hosts, _ -> null);
    tables.add(second);
    assertThat(second.failures())
        .singleElement()
        .extracting(CertificateTable.Failure::message)
        .isEqualTo("there is no key material for it");
    ReferenceCountedOpenSslContext context = requireNonNull(look(first, "a.test"));
    assertThat(context.refCnt()).isEqualTo(2);
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() ->
                first.next(
                    hosts,
                    _ -> {
                      throw new IllegalStateException("store is gone");
                    })))
        .hasMessage("store is gone");
    assertThat(context.refCnt()).isEqualTo(2);
  }

  @Test
  void theDefaultCertificateIsSelfSignedAndNamesUs() throws Exception {
    ParsedKeyMaterial made = DefaultCertificate.make(Instant.now());
    made.leaf().verify(made.leaf().getPublicKey());
    made.leaf().checkValidity();
    assertThat(made.leaf().getVersion()).isEqualTo(3);
    assertThat(made.leaf().getSubjectX500Principal().getName())
        .isEqualTo("CN=Penstock default certificate");
    assertThat(made.dnsNames()).containsExactly("penstock.invalid");
    assertThat(Duration.between(Instant.now(), made.notAfter()).toDays()).isBetween(3_649L, 3_650L);
    assertThat(DefaultCertificate.make(Instant.now()).leaf().getSerialNumber())
        .isNotEqualTo(made.leaf().getSerialNumber());
  }

  private CertificateTable table(CertificateTable previous, TestTables content) {
    CertificateTable table = content.after(previous);
    tables.add(table);
    return table;
  }

  /** Without keeping a reference. */
  private static @Nullable ReferenceCountedOpenSslContext look(
      CertificateTable table, String name) {
    ReferenceCountedOpenSslContext context = table.acquire(name);
    if (context != null) context.release();
    return context;
  }
}

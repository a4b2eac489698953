package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.model.KeyMaterialException.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParsedKeyMaterialTest {

  @ParameterizedTest
  @CsvSource({
    "rsa.crt, rsa-pkcs8.key, RSA",
    "rsa.crt, rsa-pkcs1.key, RSA",
    "ec256.crt, ec256-pkcs8.key, EC",
    "ec256.crt, ec256-sec1.key, EC",
    "ec256.crt, ec256-nopublic.key, EC",
    "ec384.crt, ec384-pkcs8.key, EC",
    "ec384.crt, ec384-sec1.key, EC",
    "ec521.crt, ec521-pkcs8.key, EC",
    "ec521.crt, ec521-sec1.key, EC",
  })
  void everyFormOfKeyThatOpensslWritesIsRead(String chain, String key, String algorithm)
      throws Exception {
    ParsedKeyMaterial parsed = ParsedKeyMaterial.parse(text(chain), text(key));
    assertThat(parsed.algorithm()).isEqualTo(algorithm);
    assertThat(parsed.chain()).hasSize(1);
    assertThat(parsed.key().getFormat()).isEqualTo("PKCS#8");
    assertThat(parsed.notAfter()).isAfter(parsed.notBefore());
    assertThat(parsed.toString()).contains("key=***").doesNotContain(parsed.key().toString());
  }

  @Test
  void textAroundBlocksAndCarriageReturnsAndIndentationAreTaken() throws Exception {
    String chain = text("chain-with-text.crt").replace("\n", "\r\n  ");
    String key = "a comment\r\n" + text("ec256-sec1.key").replace("\n", "\r\n");
    ParsedKeyMaterial parsed = ParsedKeyMaterial.parse(chain, key);
    assertThat(parsed.chain()).hasSize(2);
    assertThat(parsed.dnsNames()).containsExactly("ec256.test");
    assertThat(parsed.leaf()).isEqualTo(parsed.chain().getFirst());
  }

  @Test
  void oneFileWithChainAndKeyServesAsBoth() throws Exception {
    String both = text("ec256-sec1.key") + text("ec256.crt");
    assertThat(ParsedKeyMaterial.parse(both, both).chain()).hasSize(1);
  }

  @Test
  void aWildcardCoversExactlyOneLabel() throws Exception {
    ParsedKeyMaterial rsa = ParsedKeyMaterial.parse(text("rsa.crt"), text("rsa-pkcs8.key"));
    assertThat(rsa.dnsNames()).containsExactly("*.wild.test", "dot.test", "rsa.test");
    assertThat(rsa.covers(new HostPattern("rsa.test"))).isTrue();
    assertThat(rsa.covers(new HostPattern("dot.test"))).isTrue();
    assertThat(rsa.covers(new HostPattern("a.wild.test"))).isTrue();
    assertThat(rsa.covers(new HostPattern("*.wild.test"))).isTrue();
    assertThat(rsa.covers(new HostPattern("wild.test"))).isFalse();
    assertThat(rsa.covers(new HostPattern("a.b.wild.test"))).isFalse();
    assertThat(rsa.covers(new HostPattern("*.b.wild.test"))).isFalse();
    assertThat(rsa.covers(new HostPattern("*.rsa.test"))).isFalse();
    assertThat(rsa.covers(HostPattern.ANY)).isFalse();
  }

  @Test
  void theCommonNameCountsOnlyWithoutAnyAlternativeName() throws Exception {
    ParsedKeyMaterial rsa = ParsedKeyMaterial.parse(text("rsa.crt"), text("rsa-pkcs8.key"));
    assertThat(rsa.covers(new HostPattern("not.counted.test"))).isFalse();
    String key = text("ec256-sec1.key");
    assertThat(ParsedKeyMaterial.parse(text("cn-only.crt"), key).dnsNames())
        .containsExactly("cnonly.test");
    assertThat(ParsedKeyMaterial.parse(text("ip-only.crt"), key).dnsNames()).isEmpty();
    assertThat(ParsedKeyMaterial.parse(text("no-name.crt"), key).dnsNames()).isEmpty();
  }

  @Test
  void emptyTextsAreNamed() throws Exception {
    assertFault(" \n", text("ec256-sec1.key"), Part.CHAIN, "the certificate chain is empty");
    assertFault(text("ec256.crt"), "", Part.KEY, "the private key is empty");
  }

  @Test
  void aTextWithoutBlocksSaysHowItMustBegin() throws Exception {
    assertFault(
        "hello",
        text("ec256-sec1.key"),
        Part.CHAIN,
        "holds no PEM block; it must begin with a line '-----BEGIN CERTIFICATE-----'");
    assertFault(
        text("ec256.crt"),
        "\u0000\u0001",
        Part.KEY,
        "holds no PEM block; it must begin with a line '-----BEGIN PRIVATE KEY-----'");
  }

  @Test
  void swappedTextsAreRecognised() throws Exception {
    assertFault(
        text("rsa-pkcs8.key"),
        text("rsa.crt"),
        Part.CHAIN,
        "holds no certificate, only 'PRIVATE KEY'; are chain and key swapped?");
    assertFault(
        text("rsa.crt"),
        text("rsa.crt"),
        Part.KEY,
        "holds no private key, only 'CERTIFICATE'; are chain and key swapped?");
  }

  @Test
  void cutAndGarbledBlocksAreNamed() throws Exception {
    String chain = text("ec256.crt");
    String key = text("ec256-pkcs8.key");
    assertFault(
        chain.substring(0, 200),
        key,
        Part.CHAIN,
        "the block 'CERTIFICATE' has no line '-----END CERTIFICATE-----'; the text is cut off");
    assertFault(
        chain.replace("MII", "M!I"),
        key,
        Part.CHAIN,
        "the block 'CERTIFICATE' is not valid base64");
    assertFault(
        chain, key.replace("MIG", "M!G"), Part.KEY, "the block 'PRIVATE KEY' is not valid base64");
    assertFault(
        pem("CERTIFICATE", new byte[] {1, 2, 3}),
        key,
        Part.CHAIN,
        "certificate 1 is not an X.509 certificate (expected tag 0x30)");
    assertFault(
        chain + pem("CERTIFICATE", chain.getBytes(StandardCharsets.US_ASCII)),
        key,
        Part.CHAIN,
        "certificate 2 is not an X.509 certificate (expected tag 0x30)");
    assertFault(
        chain,
        pem("PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 0}),
        Part.KEY,
        "the block 'PRIVATE KEY' holds no private key that can be read");
  }

  @Test
  void bytesBehindTheCertificateAreRefused() throws Exception {
    String base64 = text("ec256.crt").replaceAll("-----.*-----|\n", "");
    byte[] der = Base64.getDecoder().decode(base64);
    String chain = pem("CERTIFICATE", java.util.Arrays.copyOf(der, der.length + 1));
    assertFault(
        chain,
        text("ec256-sec1.key"),
        Part.CHAIN,
        "certificate 1 is not an X.509 certificate (bytes behind its end)");
  }

  @Test
  void sizesAreBounded() throws Exception {
    String key = text("ec256-sec1.key");
    assertFault(
        text("ec256.crt").repeat(17),
        key,
        Part.CHAIN,
        "holds 17 certificates, at most 16 are served; leave the leaf and its intermediates");
    assertFault(text("ec256.crt").repeat(100), key, Part.CHAIN, "holds more than 64 PEM blocks");
    assertFault(
        "x".repeat(300_000), key, Part.CHAIN, "is longer than 256 KiB; leave only what is served");
    assertThat(ParsedKeyMaterial.parse(text("ec256.crt").repeat(16), key).chain()).hasSize(16);
  }

  @ParameterizedTest
  @CsvSource({"encrypted-pkcs8.key", "encrypted-pkcs1.key"})
  void anEncryptedKeySaysHowToDecryptIt(String key) throws Exception {
    assertFault(
        text("rsa.crt"),
        text(key),
        Part.KEY,
        "the private key is encrypted; decrypt it: openssl pkey -in tls.key -out plain.key");
  }

  @Test
  void keysOfAnotherKindAreRefused() throws Exception {
    assertFault(
        text("rsa.crt"),
        pem("OPENSSH PRIVATE KEY", new byte[] {1}),
        Part.KEY,
        "private keys of kind 'OPENSSH PRIVATE KEY' are not supported; use PKCS#8, or RSA or EC as"
            + " openssl writes them");
    assertFault(
        text("ed25519.crt"),
        text("ed25519.key"),
        Part.KEY,
        "the private key is neither RSA nor EC; make a certificate with one of them");
    assertFault(
        text("ec256.crt"),
        text("ec256-explicit.key"),
        Part.KEY,
        "the block 'EC PRIVATE KEY' holds no private key that can be read");
    assertFault(
        text("koblitz.crt"),
        text("ec256-sec1.key"),
        Part.CHAIN,
        "certificate 1 (CN=koblitz.test) has an EC key on a curve that is not served; use P-256,"
            + " P-384 or P-521");
    assertFault(
        text("rsa1024.crt"),
        text("rsa1024.key"),
        Part.CHAIN,
        "certificate 1 (CN=rsa1024.test) has an RSA key of 1024 bits; from 2048 to 8192 are"
            + " served");
  }

  @ParameterizedTest
  @CsvSource({
    "rsa.crt, rsa1024.key, CN=not.counted.test",
    "rsa.crt, ec256-sec1.key, CN=not.counted.test",
    "ec256.crt, rsa-pkcs8.key, 'CN=ec256.test,O=Test'",
    "ec256.crt, ec384-sec1.key, 'CN=ec256.test,O=Test'",
    "issuer.crt, ec256-sec1.key, CN=Test issuer",
    "issuer.crt, ec256-nopublic.key, CN=Test issuer",
  })
  void aKeyOfAnotherCertificateIsRefused(String chain, String key, String name) throws Exception {
    assertFault(
        text(chain),
        text(key),
        Part.KEY,
        "the private key does not belong to the certificate (" + name + "); renew both together");
  }

  @Test
  void aLeafBehindItsIssuerSaysWhereItIs() throws Exception {
    assertFault(
        text("issuer.crt") + text("ec256.crt"),
        text("ec256-sec1.key"),
        Part.CHAIN,
        "the private key belongs to certificate 2 of the chain (CN=ec256.test,O=Test); put that one"
            + " first, its issuers behind it");
  }

  /** Whatever the bytes are: parsed, or the one documented exception with one line. */
  @Test
  void noMutationOfChainOrKeyEscapesTheDocumentedException() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (String[] pair :
        new String[][] {
          {"ec256.crt", "ec256-sec1.key"},
          {"rsa.crt", "rsa-pkcs1.key"},
          {"rsa.crt", "rsa-pkcs8.key"}
        }) {
      for (int i = 0; i < 2_000; i++) {
        String chain = i % 2 == 0 ? mutate(random, text(pair[0])) : text(pair[0]);
        String key = i % 2 == 0 ? text(pair[1]) : mutate(random, text(pair[1]));
        try {
          ParsedKeyMaterial.parse(chain, key);
        } catch (KeyMaterialException documented) {
          assertThat(documented.getMessage()).as("seed " + seed).doesNotContain("\n", "\r");
        }
      }
    }
  }

  private static String mutate(Random random, String pem) {
    StringBuilder text = new StringBuilder(pem);
    int at = random.nextInt(text.length());
    switch (random.nextInt(3)) {
      case 0 -> text.setCharAt(at, "ABCDEFGhijklm0123456789+/=-\n".charAt(random.nextInt(28)));
      case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
      default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 4)));
    }
    return text.toString();
  }

  private static void assertFault(String chain, String key, Part part, String message) {
    KeyMaterialException fault =
        catchThrowableOfType(KeyMaterialException.class, () -> ParsedKeyMaterial.parse(chain, key));
    assertThat(fault).hasMessage(message);
    assertThat(fault.part()).isEqualTo(part);
  }

  private static String pem(String label, byte[] body) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(body), label);
  }

  private static String text(String file) throws IOException {
    try (InputStream in = ParsedKeyMaterialTest.class.getResourceAsStream("keys/" + file)) {
      if (in == null) throw new IOException("no test resource keys/" + file);
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}

package dev.penstock.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A freshly made, self-signed certificate with its key; every call makes another.
 *
 * @param certificate valid for the given names
 * @param key its private key
 */
public record TestCertificate(X509Certificate certificate, PrivateKey key) {
  private static final int RSA_BITS = 2048;
  private static final int SERIAL_BITS = 64;
  private static final long VALID_DAYS = 30;
  private static final int PEM_LINE_CHARS = 64;

  /** Key algorithms that the gateway serves. */
  public enum Algorithm {
    /** ECDSA on P-256. */
    EC,
    /** RSA of 2,048 bits. */
    RSA
  }

  /** ECDSA P-256, valid from yesterday for 30 days. Names may be wildcards. */
  public static TestCertificate ec(String... names) {
    return of(Algorithm.EC, Instant.now(), List.of(names));
  }

  /** RSA 2,048, valid from yesterday for 30 days. */
  public static TestCertificate rsa(String... names) {
    return of(Algorithm.RSA, Instant.now(), List.of(names));
  }

  /** ECDSA P-256; it ran out about a year ago. */
  public static TestCertificate expired(String... names) {
    return of(Algorithm.EC, Instant.now().minus(400, ChronoUnit.DAYS), List.of(names));
  }

  /** Valid from a day before {@code now} until 30 days after. */
  public static TestCertificate of(Algorithm algorithm, Instant now, List<String> names) {
    try {
      KeyPair pair = keyPair(algorithm);
      X500Name subject = new X500Name("CN=" + names.getFirst());
      GeneralName[] alternatives =
          names.stream()
              .map(name -> new GeneralName(GeneralName.dNSName, name))
              .toArray(GeneralName[]::new);
      var builder =
          new JcaX509v3CertificateBuilder(
                  subject,
                  new BigInteger(SERIAL_BITS, new SecureRandom()),
                  Date.from(now.minus(1, ChronoUnit.DAYS)),
                  Date.from(now.plus(VALID_DAYS, ChronoUnit.DAYS)),
                  subject,
                  pair.getPublic())
              .addExtension(
                  Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      String signature = algorithm == Algorithm.EC ? "SHA256withECDSA" : "SHA256withRSA";
      var signer = new JcaContentSignerBuilder(signature).build(pair.getPrivate());
      return new TestCertificate(
          new JcaX509CertificateConverter().getCertificate(builder.build(signer)),
          pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | IOException failed) {
      throw new IllegalStateException("no certificate for " + names, failed);
    }
  }

  private static KeyPair keyPair(Algorithm algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.name());
    switch (algorithm) {
      case EC -> generator.initialize(new ECGenParameterSpec("secp256r1"));
      case RSA -> generator.initialize(RSA_BITS);
    }
    return generator.generateKeyPair();
  }

  /** Of a server that shows it. */
  SSLContext serverContext() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, new char[0], new Certificate[] {certificate});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException failed) {
      throw new IllegalStateException(
          "no TLS with " + certificate.getSubjectX500Principal(), failed);
    }
  }

  /** The certificate as PEM. */
  public String chainPem() {
    return withPemWriter(certificate);
  }

  /** The key as PKCS#8 PEM. */
  public String keyPem() {
    String base64 =
        Base64.getMimeEncoder(PEM_LINE_CHARS, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
  }

  /** The key as PKCS#1 (RSA) or SEC1 (EC) PEM, as older tools write it. */
  public String traditionalKeyPem() {
    return withPemWriter(key);
  }

  private static String withPemWriter(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory cannot fail", impossible);
    }
    return text.toString();
  }
}

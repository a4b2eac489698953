package dev.penstock.model;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes X.509 certificates, each for a new key of EC on P-256.
 *
 * <p>Their few fields (RFC 5280 §4.1) are written here byte by byte: the JDK makes no certificates,
 * and loading a library for it costs half a second of start-up. The first call costs about 0.2 s,
 * for the JDK's cryptography classes: not for an event loop.
 */
public final class IssuedCertificate {
  private static final byte[] ECDSA_WITH_SHA256 = hex("06082a8648ce3d040302");
  private static final byte[] ID_COMMON_NAME = hex("0603550403");
  private static final byte[] VERSION_3 = hex("a003020102");

  /** RFC 5280 §4.2.1. */
  private static final byte[] ID_ALTERNATIVE_NAMES = hex("0603551d11");

  private static final byte[] ID_SUBJECT_KEY = hex("0603551d0e");
  private static final byte[] ID_AUTHORITY_KEY = hex("0603551d23");

  /** Critical basicConstraints: a certificate authority, of certificates that are none. */
  private static final byte[] IS_AUTHORITY = hex("30120603551d130101ff040830060101ff020100");

  /** Critical keyUsage: keyCertSign; digitalSignature. */
  private static final byte[] SIGNS_CERTIFICATES = hex("300e0603551d0f0101ff040403020204");

  private static final byte[] SIGNS_HANDSHAKES = hex("300e0603551d0f0101ff040403020780");

  /** extKeyUsage: serverAuth. */
  private static final byte[] OF_A_SERVER = hex("30130603551d25040c300a06082b06010505070301");

  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int KEY_ID_TAG = 0x80;
  private static final int DNS_NAME_TAG = 0x82;
  private static final int EXTENSIONS = 0xa3;

  /** UTCTime ends before it (RFC 5280 §4.1.2.5). */
  private static final int GENERALIZED_FROM_YEAR = 2050;

  private static final int KEY_ID_BYTES = 20;
  private static final int PEM_LINE_CHARS = 64;

  private IssuedCertificate() {}

  /** When clients accept it. */
  public record Validity(Instant from, Instant until) {}

  /** One that nobody has reason to trust. */
  public static ParsedKeyMaterial selfSigned(
      String commonName, List<String> dnsNames, Validity validity) {
    KeyPair pair = newKey();
    byte[] name = name(commonName);
    return make(pair, name, new Signer(name, pair.getPrivate()), validity, names(dnsNames));
  }

  /** One that may sign others. */
  public static ParsedKeyMaterial authority(String commonName, Validity validity) {
    KeyPair pair = newKey();
    byte[] name = name(commonName);
    byte[] extensions = joined(IS_AUTHORITY, SIGNS_CERTIFICATES, subjectKey(pair.getPublic()));
    return make(pair, name, new Signer(name, pair.getPrivate()), validity, extensions);
  }

  /** One of a server, signed by an authority, which is not in its chain. */
  public static ParsedKeyMaterial signed(
      ParsedKeyMaterial authority, String commonName, List<String> dnsNames, Validity validity) {
    KeyPair pair = newKey();
    X509Certificate issuer = authority.leaf();
    byte[] issuerKey = Der.element(KEY_ID_TAG, keyId(issuer.getPublicKey()));
    byte[] extensions =
        joined(
            SIGNS_HANDSHAKES,
            OF_A_SERVER,
            extension(ID_AUTHORITY_KEY, Der.element(Der.SEQUENCE, issuerKey)),
            names(dnsNames));
    Signer signer = new Signer(issuer.getSubjectX500Principal().getEncoded(), authority.key());
    return make(pair, name(commonName), signer, validity, extensions);
  }

  /** Certificates as PEM, one behind the other. */
  public static String pem(List<X509Certificate> certificates) {
    return certificates.stream()
        .map(each -> pem("CERTIFICATE", encoded(each)))
        .collect(Collectors.joining());
  }

  /** The certificates of a PEM text; none when they cannot be read. */
  public static List<X509Certificate> parsed(String pem) {
    try {
      return pem.isBlank() ? List.of() : Certificates.parse(pem);
    } catch (KeyMaterialException unreadable) {
      return List.of();
    }
  }

  /** A key as PEM, PKCS#8. */
  public static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private record Signer(byte[] name, PrivateKey key) {}

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw everyJdkHas(impossible);
    }
  }

  private static ParsedKeyMaterial make(
      KeyPair pair, byte[] subject, Signer signer, Validity validity, byte[] extensions) {
    byte[] serial = new byte[16];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) (serial[0] & 0x3f | 0x40); // positive and of full length
    byte[] body =
        Der.element(
            Der.SEQUENCE,
            VERSION_3,
            Der.element(Der.INTEGER, serial),
            Der.element(Der.SEQUENCE, ECDSA_WITH_SHA256),
            signer.name,
            Der.element(Der.SEQUENCE, time(validity.from), time(validity.until)),
            subject,
            pair.getPublic().getEncoded(),
            Der.element(EXTENSIONS, Der.element(Der.SEQUENCE, extensions)));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(signer.key);
      signature.update(body);
      byte[] certificate =
          Der.element(
              Der.SEQUENCE,
              body,
              Der.element(Der.SEQUENCE, ECDSA_WITH_SHA256),
              Der.element(Der.BIT_STRING, new byte[1], signature.sign()));
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate));
      return new ParsedKeyMaterial(List.of(parsed), pair.getPrivate());
    } catch (GeneralSecurityException impossible) {
      throw everyJdkHas(impossible);
    }
  }

  private static byte[] name(String commonName) {
    byte[] text = Der.element(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
    return Der.element(
        Der.SEQUENCE, Der.element(Der.SET, Der.element(Der.SEQUENCE, ID_COMMON_NAME, text)));
  }

  private static byte[] names(List<String> dnsNames) {
    byte[][] all =
        dnsNames.stream()
            .map(name -> Der.element(DNS_NAME_TAG, name.getBytes(StandardCharsets.US_ASCII)))
            .toArray(byte[][]::new);
    return extension(ID_ALTERNATIVE_NAMES, Der.element(Der.SEQUENCE, all));
  }

  private static byte[] subjectKey(PublicKey key) {
    return extension(ID_SUBJECT_KEY, Der.element(Der.OCTET_STRING, keyId(key)));
  }

  private static byte[] extension(byte[] id, byte[] value) {
    return Der.element(Der.SEQUENCE, id, Der.element(Der.OCTET_STRING, value));
  }

  /** By the first bits of SHA-256 (RFC 7093 §2), over the whole SubjectPublicKeyInfo. */
  private static byte[] keyId(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return Arrays.copyOf(digest, KEY_ID_BYTES);
    } catch (GeneralSecurityException impossible) {
      throw everyJdkHas(impossible);
    }
  }

  private static byte[] time(Instant moment) {
    var utc = moment.atOffset(ZoneOffset.UTC);
    boolean isLate = utc.getYear() >= GENERALIZED_FROM_YEAR;
    String pattern = isLate ? "yyyyMMddHHmmss'Z'" : "yyMMddHHmmss'Z'";
    String text = DateTimeFormatter.ofPattern(pattern).format(utc);
    return Der.element(
        isLate ? GENERALIZED_TIME : UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] joined(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static String pem(String label, byte[] der) {
    byte[] newline = {'\n'};
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(PEM_LINE_CHARS, newline).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("it was read from its encoding", impossible);
    }
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static IllegalStateException everyJdkHas(GeneralSecurityException impossible) {
    return new IllegalStateException("every JDK has EC on P-256 and SHA-256", impossible);
  }
}

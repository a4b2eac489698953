package dev.penstock.core.tls;

import dev.penstock.model.ParsedKeyMaterial;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;

/**
 * The self-signed certificate for names that no other one serves: a new EC P-256 key in every
 * process, never stored, so that it cannot be mistaken for something to trust. As ingress-nginx
 * does, a client without a match gets an untrusted certificate rather than a broken handshake, and
 * the name in it tells the operator where it came from.
 *
 * <p>Its few fields (RFC 5280 §4.1) are written here byte by byte: the JDK makes no certificates,
 * and loading a library for this one costs half a second of start-up.
 */
final class DefaultCertificate {
  static final String COMMON_NAME = "Penstock default certificate";

  /** Reserved (RFC 2606), so that it is nobody's name. */
  static final String DNS_NAME = "penstock.invalid";

  /** Longer than any process lives; nobody trusts it anyway. */
  private static final Duration VALIDITY = Duration.ofDays(3_650);

  /** For clients whose clock is behind. */
  private static final Duration BACKDATED = Duration.ofDays(1);

  private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("06082a8648ce3d040302");
  private static final byte[] ID_COMMON_NAME = HexFormat.of().parseHex("0603550403");
  private static final byte[] ID_ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
  private static final byte[] VERSION_3 = HexFormat.of().parseHex("a003020102");

  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int DNS_NAME_TAG = 0x82;
  private static final int EXTENSIONS = 0xa3;

  private DefaultCertificate() {}

  /**
   * Costs about 0.2 s the first time, for the JDK's cryptography classes: not for an event loop.
   */
  static ParsedKeyMaterial make(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      byte[] body = body(now, pair.getPublic().getEncoded());
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(pair.getPrivate());
      signer.update(body);
      byte[] certificate =
          element(
              SEQUENCE,
              body,
              element(SEQUENCE, ECDSA_WITH_SHA256),
              element(BIT_STRING, new byte[1], signer.sign()));
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate));
      return new ParsedKeyMaterial(List.of(parsed), pair.getPrivate());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has EC on P-256", impossible);
    }
  }

  private static byte[] body(Instant now, byte[] publicKeyInfo) {
    byte[] serial = new byte[16];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) (serial[0] & 0x3f | 0x40); // positive and of full length
    byte[] commonName = element(UTF8_STRING, COMMON_NAME.getBytes(StandardCharsets.UTF_8));
    byte[] name = element(SEQUENCE, element(SET, element(SEQUENCE, ID_COMMON_NAME, commonName)));
    byte[] dnsName = element(DNS_NAME_TAG, DNS_NAME.getBytes(StandardCharsets.US_ASCII));
    byte[] alternatives =
        element(SEQUENCE, ID_ALTERNATIVE_NAMES, element(OCTET_STRING, element(SEQUENCE, dnsName)));
    return element(
        SEQUENCE,
        VERSION_3,
        element(INTEGER, serial),
        element(SEQUENCE, ECDSA_WITH_SHA256),
        name,
        element(SEQUENCE, time(now.minus(BACKDATED)), time(now.plus(VALIDITY))),
        name,
        publicKeyInfo,
        element(EXTENSIONS, element(SEQUENCE, alternatives)));
  }

  /** UTCTime, which ends in 2049 (RFC 5280 §4.1.2.5.1). */
  private static byte[] time(Instant moment) {
    String text =
        DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").format(moment.atOffset(ZoneOffset.UTC));
    return element(UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** DER (X.690): tag, length, and the parts one behind the other; all of them below 64 KiB. */
  private static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) length += part.length;
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length >= 0x100) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length >= 0x80) {
      out.write(0x81);
    }
    out.write(length);
    for (byte[] part : parts) out.writeBytes(part);
    return out.toByteArray();
  }
}

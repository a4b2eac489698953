package dev.penstock.model;

import dev.penstock.model.KeyMaterialException.Part;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys and tells whether one belongs to a certificate. PKCS#1 (RFC 8017) and SEC1
 * (RFC 5915) are wrapped as PKCS#8 (RFC 5958), which the JDK reads.
 */
final class PrivateKeys {
  /** CA/Browser Forum Baseline Requirements §6.1.5; OpenSSL 3.2 refuses less by default. */
  private static final int RSA_BITS_MIN = 2_048;

  /** Signing with more takes tens of milliseconds of an event loop; BoringSSL ends here as well. */
  private static final int RSA_BITS_MAX = 8_192;

  private static final byte[] RSA_ID = HexFormat.of().parseHex("06092a864886f70d010101");
  private static final byte[] EC_ID = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] NULL = {0x05, 0x00};
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  /** P-256, P-384 and P-521: what BoringSSL offers and browsers accept. */
  private static final Set<String> CURVE_IDS =
      Set.of("2a8648ce3d030107", "2b81040022", "2b81040023");

  private PrivateKeys() {}

  /**
   * A key as it was read.
   *
   * @param publicPoint the BIT STRING of the public key that the text of an EC key usually holds
   *     beside the private one; empty when it does not
   */
  record Parsed(PrivateKey key, byte[] publicPoint) {
    @Override
    public String toString() {
      return "Parsed[***]";
    }
  }

  static Parsed parse(String pem) throws KeyMaterialException {
    if (pem.isBlank()) throw new KeyMaterialException(Part.KEY, "the private key is empty");
    List<Pem.Block> blocks = Pem.blocks(Part.KEY, pem);
    if (blocks.isEmpty()) {
      throw new KeyMaterialException(
          Part.KEY, "holds no PEM block; it must begin with a line '-----BEGIN PRIVATE KEY-----'");
    }
    for (Pem.Block block : blocks) {
      if (block.label().endsWith("PRIVATE KEY")) return key(block);
    }
    String label = blocks.getFirst().label();
    throw new KeyMaterialException(
        Part.KEY,
        "holds no private key, only '"
            + KeyMaterialException.printable(label)
            + "'"
            + (label.equals("CERTIFICATE") ? "; are chain and key swapped?" : ""));
  }

  private static Parsed key(Pem.Block block) throws KeyMaterialException {
    if (block.isEncrypted()) {
      throw new KeyMaterialException(
          Part.KEY,
          "the private key is encrypted; decrypt it: openssl pkey -in tls.key -out plain.key");
    }
    byte[] der = block.decode(Part.KEY);
    try {
      byte[] pkcs8 =
          switch (block.label()) {
            case "PRIVATE KEY" -> der;
            case "RSA PRIVATE KEY" -> pkcs8FromPkcs1(der);
            case "EC PRIVATE KEY" -> pkcs8FromSec1(der);
            default ->
                throw new KeyMaterialException(
                    Part.KEY,
                    "private keys of kind '"
                        + KeyMaterialException.printable(block.label())
                        + "' are not supported; use PKCS#8, or RSA or EC as openssl writes them");
          };
      String algorithm = algorithm(pkcs8);
      PrivateKey key =
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return new Parsed(key, algorithm.equals("EC") ? publicPoint(pkcs8) : new byte[0]);
    } catch (Der.Malformed | GeneralSecurityException | RuntimeException unreadable) {
      // Without the reason that the JDK gives: no part of a key may come into a message.
      throw new KeyMaterialException(
          Part.KEY, "the block '" + block.label() + "' holds no private key that can be read");
    }
  }

  private static byte[] pkcs8FromPkcs1(byte[] der) throws Der.Malformed {
    new Der(der).enter(Der.SEQUENCE);
    return Der.element(
        Der.SEQUENCE,
        VERSION_0,
        Der.element(Der.SEQUENCE, RSA_ID, NULL),
        Der.element(Der.OCTET_STRING, der));
  }

  private static byte[] pkcs8FromSec1(byte[] der) throws Der.Malformed {
    Der fields = new Der(der).enter(Der.SEQUENCE);
    fields.take(Der.INTEGER);
    fields.take(Der.OCTET_STRING);
    // RFC 5915 §3: implementations must always include the parameters, a named curve.
    byte[] curve = Der.element(Der.OBJECT_ID, fields.enter(Der.CONTEXT_0).take(Der.OBJECT_ID));
    return Der.element(
        Der.SEQUENCE,
        VERSION_0,
        Der.element(Der.SEQUENCE, EC_ID, curve),
        Der.element(Der.OCTET_STRING, der));
  }

  private static String algorithm(byte[] pkcs8) throws Der.Malformed, KeyMaterialException {
    Der document = new Der(pkcs8);
    Der fields = document.enter(Der.SEQUENCE);
    if (!document.isAtEnd()) throw new Der.Malformed("bytes behind its end");
    fields.take(Der.INTEGER);
    byte[] id = fields.enter(Der.SEQUENCE).takeElement();
    if (Arrays.equals(id, RSA_ID)) return "RSA";
    if (Arrays.equals(id, EC_ID)) return "EC";
    throw new KeyMaterialException(
        Part.KEY, "the private key is neither RSA nor EC; make a certificate with one of them");
  }

  /** Refuses a leaf whose public key cannot be served, or should not be. */
  static void requireServable(X509Certificate leaf) throws KeyMaterialException {
    String fault = fault(leaf.getPublicKey());
    if (fault != null) {
      throw new KeyMaterialException(
          Part.CHAIN, "certificate 1 (" + Certificates.nameOf(leaf) + ") has " + fault);
    }
  }

  private static @Nullable String fault(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX) return null;
      return "an RSA key of "
          + bits
          + " bits; from "
          + RSA_BITS_MIN
          + " to "
          + RSA_BITS_MAX
          + " are served";
    }
    if (key instanceof ECPublicKey ec) {
      return CURVE_IDS.contains(curve(ec))
          ? null
          : "an EC key on a curve that is not served; use P-256, P-384 or P-521";
    }
    return "a key of the unsupported algorithm "
        + KeyMaterialException.printable(key.getAlgorithm())
        + "; RSA and EC on P-256, P-384 and P-521 are served";
  }

  private static byte[] publicPoint(byte[] pkcs8) throws Der.Malformed {
    Der outer = new Der(pkcs8).enter(Der.SEQUENCE);
    outer.take(Der.INTEGER);
    outer.take(Der.SEQUENCE);
    Der sec1 = new Der(outer.take(Der.OCTET_STRING)).enter(Der.SEQUENCE);
    sec1.take(Der.INTEGER);
    sec1.take(Der.OCTET_STRING);
    if (sec1.nextIs(Der.CONTEXT_0)) sec1.take(Der.CONTEXT_0);
    return sec1.nextIs(Der.CONTEXT_1)
        ? sec1.enter(Der.CONTEXT_1).take(Der.BIT_STRING)
        : new byte[0];
  }

  /**
   * Compares public keys. An EC key without its public one is asked to sign, which costs up to some
   * milliseconds; with thousands of certificates that would be seconds of start-up, so it is the
   * exception.
   */
  static boolean belongTogether(X509Certificate certificate, Parsed parsed) {
    PublicKey publicKey = certificate.getPublicKey();
    if (publicKey instanceof RSAPublicKey rsa && parsed.key() instanceof RSAPrivateCrtKey own) {
      return rsa.getModulus().equals(own.getModulus())
          && rsa.getPublicExponent().equals(own.getPublicExponent());
    }
    if (!(publicKey instanceof ECPublicKey ec) || !(parsed.key() instanceof ECPrivateKey own)) {
      return false;
    }
    if (!ec.getParams().getOrder().equals(own.getParams().getOrder())) return false;
    byte[] point = point(ec);
    return point.length == parsed.publicPoint().length
        ? Arrays.equals(point, parsed.publicPoint())
        : signs(own, ec);
  }

  /** The object identifier of the curve in hex; empty when the curve has no name. */
  private static String curve(ECPublicKey key) {
    try {
      Der algorithm = new Der(key.getEncoded()).enter(Der.SEQUENCE).enter(Der.SEQUENCE);
      algorithm.take(Der.OBJECT_ID);
      return HexFormat.of().formatHex(algorithm.take(Der.OBJECT_ID));
    } catch (Der.Malformed unnamed) {
      return "";
    }
  }

  /** The BIT STRING of a SubjectPublicKeyInfo (RFC 5280 §4.1). */
  private static byte[] point(ECPublicKey key) {
    try {
      Der info = new Der(key.getEncoded()).enter(Der.SEQUENCE);
      info.take(Der.SEQUENCE);
      return info.take(Der.BIT_STRING);
    } catch (Der.Malformed impossible) {
      throw new IllegalStateException("the JDK has encoded it", impossible);
    }
  }

  private static boolean signs(ECPrivateKey key, ECPublicKey publicKey) {
    byte[] message = "which key is this?".getBytes(StandardCharsets.US_ASCII);
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key);
      signer.update(message);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(publicKey);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException notAPair) {
      return false;
    }
  }
}

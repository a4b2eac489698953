package dev.penstock.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and its private key, as PEM text. {@code toString} shows no part of the key.
 *
 * <p>Immutable. Two are equal when their fingerprints are. No record only because the fingerprint
 * is asked for at every change of anything, for every certificate, and so must be computed once.
 */
public final class KeyMaterial {
  private final String chainPem;
  private final String keyPem;
  private final String fingerprint;

  /**
   * @param chainPem leaf first, then intermediates
   * @param keyPem PKCS#8, PKCS#1 (RSA) or SEC1 (EC), not encrypted
   */
  public KeyMaterial(String chainPem, String keyPem) {
    Check.notBlank("chainPem", chainPem);
    Check.notBlank("keyPem", keyPem);
    this.chainPem = chainPem;
    this.keyPem = keyPem;
    this.fingerprint = fingerprint(chainPem, keyPem);
  }

  public String chainPem() {
    return chainPem;
  }

  public String keyPem() {
    return keyPem;
  }

  /** Lower-case hex SHA-256 over chain and key. */
  public String fingerprint() {
    return fingerprint;
  }

  private static String fingerprint(String chainPem, String keyPem) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(chainPem.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0); // so that moving bytes from one text to the other changes the result
      digest.update(keyPem.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /**
   * Reads and checks both texts.
   *
   * @throws KeyMaterialException when they are no chain with its key that can be served
   */
  public ParsedKeyMaterial parse() throws KeyMaterialException {
    return ParsedKeyMaterial.parse(chainPem, keyPem);
  }

  public CertificateRef ref(String name) {
    return new CertificateRef(name, fingerprint);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyMaterial that && fingerprint.equals(that.fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "KeyMaterial[***]";
  }
}

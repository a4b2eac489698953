package dev.penstock.ingress.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest by which contents are told apart. */
final class Sha256 {
  private Sha256() {}

  /** In hexadecimal, of everything from an index on. */
  static String hex(byte[] bytes, int from) {
    MessageDigest digest = digest();
    digest.update(bytes, from, bytes.length - from);
    return hex(digest);
  }

  /** In hexadecimal, of everything that it was given. */
  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}

package dev.penstock.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes that an {@link Origin} received on one connection. Any thread may look at it while it
 * grows.
 */
public final class Recording {
  /** How the peer ended its side. */
  public enum End {
    /** Not at all so far, as far as has been read. */
    OPEN,
    /** In good order (FIN). */
    FIN,
    /** Torn down (RST). */
    RST
  }

  private final int keepBytesMax;
  private final MessageDigest digest = newDigest();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long count;
  private End end = End.OPEN;

  /**
   * @param keepBytesMax bytes beyond this are counted and digested, not kept
   */
  Recording(int keepBytesMax) {
    this.keepBytesMax = keepBytesMax;
  }

  synchronized void add(byte[] bytes, int offset, int length) {
    digest.update(bytes, offset, length);
    int room = keepBytesMax - kept.size();
    if (room > 0) kept.write(bytes, offset, Math.min(room, length));
    count += length;
  }

  synchronized void end(End how) {
    if (end == End.OPEN) end = how;
  }

  synchronized void clear() {
    digest.reset();
    kept.reset();
    count = 0;
  }

  /** All bytes received, kept or not. */
  public synchronized long count() {
    return count;
  }

  public synchronized End end() {
    return end;
  }

  /** Every byte; fails when some were not kept. */
  public synchronized byte[] bytes() {
    if (count > kept.size()) {
      throw new IllegalStateException("only " + kept.size() + " of " + count + " bytes were kept");
    }
    return kept.toByteArray();
  }

  /** Every byte as ISO-8859-1. */
  public String text() {
    return new String(bytes(), StandardCharsets.ISO_8859_1);
  }

  /** Lower-case hex SHA-256 of all bytes so far. */
  public synchronized String sha256() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", impossible);
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}

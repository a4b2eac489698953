package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Byte classes of RFC 9110 as tables, and the few operations on ASCII ranges that parsing needs.
 */
final class Ascii {
  static final byte SP = ' ';
  static final byte HTAB = '\t';
  static final byte CR = '\r';
  static final byte LF = '\n';

  /** For each byte: its lower-case spelling when it may stand in a token, else 0. */
  private static final byte[] TOKEN_LOWER = new byte[256];

  /** For each byte: its value as a hexadecimal digit, else -1. */
  private static final byte[] HEX = new byte[256];

  private static final byte[] HEX_UPPER = bytes("0123456789ABCDEF");

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long CASE_BITS = 0x2020202020202020L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  static {
    for (int b = 0; b < 256; b++) {
      boolean alphanumeric =
          (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
      if (alphanumeric || (b > 0 && "!#$%&'*+-.^_`|~".indexOf(b) >= 0)) {
        TOKEN_LOWER[b] = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
      }
      HEX[b] = (byte) (b < 128 ? Character.digit(b, 16) : -1);
    }
  }

  private Ascii() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] a, int from, int to) {
    return new String(a, from, to - from, StandardCharsets.ISO_8859_1);
  }

  static boolean isToken(byte b) {
    return TOKEN_LOWER[b & 0xFF] != 0;
  }

  /** The lower-case spelling of a token byte; 0 for every other byte. */
  static byte tokenLower(byte b) {
    return TOKEN_LOWER[b & 0xFF];
  }

  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  static boolean isLetter(byte b) {
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  /** 0 to 15, or -1. */
  static int hex(byte b) {
    return HEX[b & 0xFF];
  }

  static byte upperHexDigit(int value) {
    return HEX_UPPER[value & 0xF];
  }

  /** Visible characters, SP, HTAB and obs-text: what a field value may hold (RFC 9110 §5.5). */
  static boolean isFieldValue(byte b) {
    return b >= SP ? b != 0x7F : b < 0 || b == HTAB;
  }

  static boolean isBlank(byte b) {
    return b == SP || b == HTAB;
  }

  /**
   * The first index from {@code p} whose byte may not stand in a field value, else {@code to}. CR
   * is such a byte. Looks at eight bytes at once: values are most of a head.
   */
  static int skipFieldValue(byte[] a, int from, int to) {
    int p = from;
    while (p < to && p + Long.BYTES <= a.length) {
      long word = (long) LONGS.get(a, p);
      long delete = word ^ (0x7F * ONES);
      long odd = ((word - 0x20 * ONES) & ~word) | ((delete - ONES) & ~delete);
      if ((odd & HIGH_BITS) == 0) {
        p += Long.BYTES;
        continue;
      }
      int stop = p + (Long.numberOfTrailingZeros(odd & HIGH_BITS) >>> 3);
      if (stop >= to || a[stop] != HTAB) {
        return Math.min(stop, to);
      }
      p = stop + 1;
    }
    while (p < to && isFieldValue(a[p])) {
      p++;
    }
    return Math.min(p, to);
  }

  /**
   * Like {@link #equalsIgnoreCase(byte[], int, int, byte[])}, faster, for a range of letters,
   * digits and {@code -} only: among these, bit 5 is the case of a letter and set in the others.
   */
  static boolean equalsName(byte[] a, int from, int to, byte[] lowerCase) {
    int length = to - from;
    if (length != lowerCase.length) {
      return false;
    }
    if (length < Long.BYTES) {
      return equalsIgnoreCase(a, from, to, lowerCase);
    }
    for (int i = 0; i < length - Long.BYTES; i += Long.BYTES) {
      if (((long) LONGS.get(a, from + i) | CASE_BITS) != (long) LONGS.get(lowerCase, i)) {
        return false;
      }
    }
    int last = length - Long.BYTES;
    return ((long) LONGS.get(a, from + last) | CASE_BITS) == (long) LONGS.get(lowerCase, last);
  }

  /** Whether the range equals {@code lowerCase} but for the case of its letters. */
  static boolean equalsIgnoreCase(byte[] a, int from, int to, byte[] lowerCase) {
    if (to - from != lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      if (lower(a[from + i]) != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether two ranges of one array are equal but for the case of their letters. */
  static boolean equalsIgnoreCase(byte[] a, int from, int to, int otherFrom, int otherTo) {
    if (to - from != otherTo - otherFrom) {
      return false;
    }
    for (int i = 0; i < to - from; i++) {
      if (lower(a[from + i]) != lower(a[otherFrom + i])) {
        return false;
      }
    }
    return true;
  }

  /** Writes a number of at least zero in decimal digits. */
  static void writeDecimal(ByteBuf out, long value) {
    long divisor = 1;
    while (value / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      out.writeByte((int) ('0' + value / divisor % 10));
    }
  }
}

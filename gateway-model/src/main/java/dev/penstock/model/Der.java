package dev.penstock.model;

import java.util.Arrays;

/**
 * A cursor over DER (X.690), as far as private keys and names need it: tags of one byte, definite
 * lengths, nothing is read beyond the enclosing element. It exists because the JDK reads PKCS#8
 * only, while half of the keys in the field are PKCS#1 or SEC1.
 */
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_ID = 0x06;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  /** Constructed, context-specific. */
  static final int CONTEXT_0 = 0xa0;

  static final int CONTEXT_1 = 0xa1;

  /** 2^24 bytes: more than any text we take can decode to. */
  private static final int LENGTH_BYTES_MAX = 3;

  private final byte[] bytes;
  private final int end;
  private int at;

  /** What is not DER, or not of the expected shape. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** Keeps {@code bytes}; they must not change any more. */
  Der(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private Der(byte[] bytes, int at, int end) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  boolean isAtEnd() {
    return at == end;
  }

  boolean nextIs(int tag) {
    return at < end && (bytes[at] & 0xff) == tag;
  }

  /**
   * Steps over the next element, which must have this tag; the result is a cursor over its content.
   */
  Der enter(int tag) throws Malformed {
    if (!nextIs(tag)) throw new Malformed("expected tag 0x%02x".formatted(tag));
    int length = lengthAt(at + 1);
    int start = at + 1 + lengthSize(at + 1);
    at = start + length;
    return new Der(bytes, start, at);
  }

  /** Like {@link #enter}, but the content itself. */
  byte[] take(int tag) throws Malformed {
    return enter(tag).rest();
  }

  /** The next element with its tag and length, whatever it is. */
  byte[] takeElement() throws Malformed {
    if (isAtEnd()) throw new Malformed("ends too early");
    int start = at;
    enter(bytes[at] & 0xff);
    return Arrays.copyOfRange(bytes, start, at);
  }

  /** What is left of this cursor's element. */
  byte[] rest() {
    return Arrays.copyOfRange(bytes, at, end);
  }

  private int lengthSize(int index) {
    int first = bytes[index] & 0xff;
    return first < 0x80 ? 1 : 1 + (first & 0x7f);
  }

  private int lengthAt(int index) throws Malformed {
    if (index >= end) throw new Malformed("ends too early");
    int length = bytes[index] & 0xff;
    int size = lengthSize(index);
    if (size == 1 && length == 0x80 || size > 1 + LENGTH_BYTES_MAX) {
      throw new Malformed("length of a form that is not supported");
    }
    if (index + size > end) throw new Malformed("ends too early");
    if (size > 1) length = 0;
    for (int i = 1; i < size; i++) length = length << 8 | bytes[index + i] & 0xff;
    if (length > end - index - size) throw new Malformed("ends too early");
    return length;
  }

  /** One element; its content is all the parts, one behind the other. */
  static byte[] element(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) length += part.length;
    int lengthSize = length < 0x80 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 4;
    byte[] out = new byte[1 + lengthSize + length];
    out[0] = (byte) tag;
    out[1] = (byte) (lengthSize == 1 ? length : 0x80 | lengthSize - 1);
    for (int i = lengthSize, rest = length; i > 1; i--, rest >>>= 8) out[i] = (byte) rest;
    int at = 1 + lengthSize;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, out, at, part.length);
      at += part.length;
    }
    return out;
  }
}

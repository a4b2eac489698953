package dev.penstock.core.http1;

import org.jspecify.annotations.Nullable;

/**
 * What Content-Length and Transfer-Encoding of a head say, without any guess: both, either twice,
 * an odd number or an unknown coding is refused (RFC 9112 §6; the root of request smuggling).
 */
final class MessageFraming {
  /** Long.MAX_VALUE has so many digits. */
  private static final int LENGTH_DIGITS_MAX = 19;

  private static final byte[] CHUNKED = Ascii.bytes("chunked");

  private int lengths;
  private int codings;
  private long length;
  private boolean isChunked;

  void reset() {
    lengths = 0;
    codings = 0;
    length = -1;
    isChunked = false;
  }

  void contentLength(Fields fields, int index) {
    lengths++;
    length = number(fields.bytes(), fields.valueStart(index), fields.valueEnd(index));
  }

  void transferEncoding(Fields fields, int index) {
    codings++;
    isChunked = fields.valueEquals(index, CHUNKED);
  }

  /** Why the message is refused, or null. */
  @Nullable Refusal refusal(boolean http10) {
    if (codings > 0 && http10) {
      return Refusal.TRANSFER_ENCODING_OLD;
    }
    if (codings > 0 && lengths > 0) {
      return Refusal.FRAMING_AMBIGUOUS;
    }
    if (lengths > 1) {
      return Refusal.CONTENT_LENGTH_REPEATED;
    }
    if (codings > 1) {
      return Refusal.TRANSFER_ENCODING_REPEATED;
    }
    if (lengths == 1 && length < 0) {
      return Refusal.CONTENT_LENGTH;
    }
    return codings == 1 && !isChunked ? Refusal.TRANSFER_CODING : null;
  }

  /** The framing that the fields ask for; {@code otherwise} when there are none. */
  Framing framing(Framing otherwise) {
    if (isChunked) {
      return Framing.CHUNKED;
    }
    return lengths == 0 ? otherwise : Framing.LENGTH;
  }

  /** Bytes, or -1 when there is no Content-Length. */
  long length() {
    return length;
  }

  /** 1 to 19 digits that fit in a long; else -1. */
  private static long number(byte[] a, int from, int to) {
    if (to == from || to - from > LENGTH_DIGITS_MAX) {
      return -1;
    }
    long value = 0;
    for (int p = from; p < to; p++) {
      if (!Ascii.isDigit(a[p])) {
        return -1;
      }
      value = value * 10 + (a[p] - '0');
    }
    return value; // nineteen nines overflow once, into the negative
  }
}

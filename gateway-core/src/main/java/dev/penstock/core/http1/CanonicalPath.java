package dev.penstock.core.http1;

import org.jspecify.annotations.Nullable;

/**
 * One spelling for each path: the gateway routes, authorises, logs and forwards this one, so that
 * no backend can read a path differently from the rule that let it pass.
 *
 * <p>Escapes of unreserved bytes are decoded, all other escapes get upper-case digits, bytes that a
 * URI may not hold unescaped ({@code " < > [ ] ^ ` { | }}) are escaped, runs of slashes become one
 * (nginx's {@code merge_slashes on}), and then dot segments are removed (RFC 3986 §5.2.4), from
 * left to right in one pass. {@code %2F} and {@code %5C} stay opaque.
 *
 * <p>Refused, because backends disagree about them: {@code ..} above the root; a dot segment with
 * path parameters ({@code ..;}, also {@code %3B}); {@code ..} between an opaque slash or backslash
 * and another separator; escaped control bytes ({@code %00} to {@code %1F}, {@code %7F}); malformed
 * escapes; raw {@code \}, {@code #} and everything that is not visible ASCII. The canonical form of
 * a canonical path is that path itself.
 */
public final class CanonicalPath {
  /** A canonical path is at most this many times as long as the path received. */
  static final int GROWTH_MAX = 3;

  private static final int BAD_BYTE = -1;
  private static final int BAD_ESCAPE = -2;
  private static final int BAD_DOTS = -3;

  private static final byte PLAIN = 1;
  private static final byte SLASH = 2;
  private static final byte DOT = 3;
  private static final byte ESCAPE = 4;

  /** May not stand in a URI, but clients send it: escaped. */
  private static final byte TO_ESCAPE = 5;

  /** For each byte one of the above; 0 is refused. */
  private static final byte[] KIND = new byte[256];

  /** Bytes whose escapes mean the same as themselves (RFC 3986 §2.3). */
  private static final boolean[] UNRESERVED = new boolean[256];

  private static final byte[] OPAQUE_SLASH = Ascii.bytes("%2F");
  private static final byte[] OPAQUE_BACKSLASH = Ascii.bytes("%5C");
  private static final byte[] OPAQUE_SEMICOLON = Ascii.bytes("%3B");

  static {
    for (int b = 0; b < 128; b++) {
      boolean alphanumeric = Ascii.isLetter((byte) b) || Ascii.isDigit((byte) b);
      UNRESERVED[b] = alphanumeric || "-._~".indexOf(b) >= 0;
      if (UNRESERVED[b] || "!$&'()*+,;=:@".indexOf(b) >= 0) {
        KIND[b] = PLAIN;
      }
      if ("\"<>[]^`{|}".indexOf(b) >= 0) {
        KIND[b] = TO_ESCAPE;
      }
    }
    KIND['/'] = SLASH;
    KIND['.'] = DOT;
    KIND['%'] = ESCAPE;
  }

  private CanonicalPath() {}

  /**
   * The canonical spelling of a path that begins with {@code /}, for paths from configuration; null
   * when it is refused. Allocates.
   */
  public static @Nullable String of(String path) {
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) > 0x7E) {
        return null;
      }
    }
    byte[] raw = Ascii.bytes(path);
    if (raw.length == 0 || raw[0] != '/') {
      return null;
    }
    byte[] out = new byte[raw.length * GROWTH_MAX];
    int end = write(raw, 0, raw.length, out, 0);
    return end < 0 ? null : Ascii.text(out, 0, end);
  }

  /** Whether the range is its own canonical form; false may also mean that it is refused. */
  static boolean isCanonical(byte[] a, int from, int to) {
    byte before = PLAIN;
    for (int p = from; p < to; p++) {
      byte kind = KIND[a[p] & 0xFF];
      boolean plain = kind == PLAIN || ((kind == SLASH || kind == DOT) && before != SLASH);
      if (!plain) {
        return false;
      }
      before = kind;
    }
    return true;
  }

  /**
   * Writes the canonical form.
   *
   * @param in begins with {@code /} at {@code from}
   * @param out may be {@code in}; from {@code at} it has room for {@link #GROWTH_MAX} times the
   *     range, which lies elsewhere
   * @return the index after the last byte written, or a negative number that {@link #refusal}
   *     explains
   */
  static int write(byte[] in, int from, int to, byte[] out, int at) {
    int o = at;
    int p = from;
    while (p < to) {
      p++;
      if (o == at || out[o - 1] != '/') {
        out[o++] = '/';
      }
      int segment = o;
      for (; p < to && in[p] != '/'; p++) {
        o = writeByte(in, p, to, out, o);
        if (o < 0) {
          return o;
        }
        p += in[p] == '%' ? 2 : 0;
      }
      o = closeSegment(out, at, segment, o);
      if (o < 0) {
        return o;
      }
    }
    return o;
  }

  static Refusal refusal(int negative) {
    return switch (negative) {
      case BAD_ESCAPE -> Refusal.PATH_ESCAPE;
      case BAD_DOTS -> Refusal.PATH_DOT_SEGMENT;
      default -> Refusal.PATH;
    };
  }

  /** Writes what stands at {@code p}, a byte or an escape of three. */
  private static int writeByte(byte[] in, int p, int to, byte[] out, int o) {
    byte b = in[p];
    return switch (KIND[b & 0xFF]) {
      case PLAIN, DOT -> writePlain(out, o, b);
      case ESCAPE -> writeEscape(in, p, to, out, o);
      case TO_ESCAPE -> writeEscaped(out, o, b);
      default -> BAD_BYTE;
    };
  }

  private static int writePlain(byte[] out, int o, byte b) {
    out[o] = b;
    return o + 1;
  }

  private static int writeEscape(byte[] in, int p, int to, byte[] out, int o) {
    if (to - p < 3 || Ascii.hex(in[p + 1]) < 0 || Ascii.hex(in[p + 2]) < 0) {
      return BAD_ESCAPE;
    }
    int value = Ascii.hex(in[p + 1]) << 4 | Ascii.hex(in[p + 2]);
    if (value < Ascii.SP || value == 0x7F) {
      return BAD_ESCAPE;
    }
    if (UNRESERVED[value]) {
      return writePlain(out, o, (byte) value);
    }
    return writeEscaped(out, o, value);
  }

  private static int writeEscaped(byte[] out, int o, int value) {
    out[o] = '%';
    out[o + 1] = Ascii.upperHexDigit(value >> 4);
    out[o + 2] = Ascii.upperHexDigit(value);
    return o + 3;
  }

  /** Removes a dot segment; the canonical segment is {@code [segment, end)}. */
  private static int closeSegment(byte[] out, int root, int segment, int end) {
    if (end > segment && out[segment] == '.') {
      int dots = end - segment > 1 && out[segment + 1] == '.' ? 2 : 1;
      if (segment + dots == end) {
        return dots == 1 ? segment : parent(out, root, segment);
      }
      if (isSemicolon(out, segment + dots, end)) {
        return BAD_DOTS;
      }
    }
    return hidesParent(out, segment, end) ? BAD_DOTS : end;
  }

  private static int parent(byte[] out, int root, int segment) {
    int p = segment - 1;
    if (p == root) {
      return BAD_DOTS;
    }
    while (out[p - 1] != '/') {
      p--;
    }
    return p;
  }

  /** Whether a reader who takes %2F or %5C for a separator finds a {@code ..} in the segment. */
  private static boolean hidesParent(byte[] out, int segment, int end) {
    int piece = segment;
    for (int p = segment; p < end; p++) {
      if (out[p] != '%') {
        continue;
      }
      if (isAt(out, p, end, OPAQUE_SLASH) || isAt(out, p, end, OPAQUE_BACKSLASH)) {
        if (isParent(out, piece, p)) {
          return true;
        }
        piece = p + OPAQUE_SLASH.length;
      }
    }
    return piece != segment && isParent(out, piece, end);
  }

  private static boolean isParent(byte[] out, int from, int to) {
    return to - from >= 2
        && out[from] == '.'
        && out[from + 1] == '.'
        && (to - from == 2 || isSemicolon(out, from + 2, to));
  }

  private static boolean isSemicolon(byte[] out, int p, int end) {
    return out[p] == ';' || isAt(out, p, end, OPAQUE_SEMICOLON);
  }

  private static boolean isAt(byte[] out, int p, int end, byte[] escape) {
    return end - p >= escape.length
        && out[p] == escape[0]
        && out[p + 1] == escape[1]
        && out[p + 2] == escape[2];
  }
}

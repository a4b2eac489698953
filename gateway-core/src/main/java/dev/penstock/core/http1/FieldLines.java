package dev.penstock.core.http1;

import org.jspecify.annotations.Nullable;

/**
 * Reads field lines up to and with the empty line (RFC 9112 §5), resumable at every byte, and
 * refuses at the first byte that breaks the grammar: what is refused does not depend on how the
 * bytes were cut. Lines end in CRLF only, are not folded, and have no space before the colon.
 */
final class FieldLines {
  private enum State {
    LINE_START,
    NAME,
    BEFORE_VALUE,
    VALUE,
    VALUE_LF,
    LAST_LF,
    ENDED
  }

  private static final byte NAME_USUAL = 1;
  private static final byte NAME_UNUSUAL = 2;
  private static final byte[] NAME_BYTES = new byte[256];

  static {
    for (int b = 0; b < 256; b++) {
      if (Ascii.isToken((byte) b)) {
        boolean usual = Ascii.isLetter((byte) b) || Ascii.isDigit((byte) b) || b == '-';
        NAME_BYTES[b] = usual ? NAME_USUAL : NAME_UNUSUAL;
      }
    }
  }

  private final Fields fields;
  private final int fieldsMax;
  private State state = State.LINE_START;
  private @Nullable Refusal refusal;
  private boolean nameIsUnusual;
  private int nameStart;
  private int nameEnd;
  private int valueStart;

  FieldLines(Fields fields, int fieldsMax) {
    this.fields = fields;
    this.fieldsMax = fieldsMax;
  }

  /** The rule that was broken, or null. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  void reset() {
    state = State.LINE_START;
    refusal = null;
  }

  /**
   * Reads on.
   *
   * @return the index after the last byte used: {@code to}, or less once ended or refused
   */
  int scan(byte[] a, int from, int to) {
    int p = from;
    while (p < to && state != State.ENDED && refusal == null) {
      p =
          switch (state) {
            case LINE_START -> lineStart(a, p, to);
            case NAME -> name(a, p, to);
            case BEFORE_VALUE -> beforeValue(a, p, to);
            case VALUE -> value(a, p, to);
            case VALUE_LF -> valueLf(a, p);
            case LAST_LF -> lastLf(a, p);
            case ENDED -> p;
          };
    }
    return p;
  }

  /**
   * Adds the lines that are complete and usual, in one go; stops before the first that is not,
   * which the states then take byte by byte. Most heads arrive whole: this is their path.
   */
  private int wholeLines(byte[] a, int from, int to) {
    int line = from;
    while (fields.count() < fieldsMax) {
      int colon = line;
      while (colon < to && NAME_BYTES[a[colon] & 0xFF] == NAME_USUAL) {
        colon++;
      }
      if (colon == line || colon == to || a[colon] != ':') {
        return line;
      }
      int value = colon + 1;
      while (value < to && Ascii.isBlank(a[value])) {
        value++;
      }
      int end = Ascii.skipFieldValue(a, value, to);
      if (end + 1 >= to || a[end] != Ascii.CR || a[end + 1] != Ascii.LF) {
        return line;
      }
      FieldName name = FieldName.of(a, line, colon);
      if (!fields.add(name, line, colon, value, trimmed(a, value, end))) {
        return line; // the states will refuse it
      }
      line = end + 2;
    }
    return line;
  }

  private static int trimmed(byte[] a, int from, int to) {
    int end = to;
    while (end > from && Ascii.isBlank(a[end - 1])) {
      end--;
    }
    return end;
  }

  private int lineStart(byte[] a, int from, int to) {
    int p = wholeLines(a, from, to);
    return p == to ? p : lineStart(a, p);
  }

  private int lineStart(byte[] a, int p) {
    byte b = a[p];
    if (b == Ascii.CR) {
      fields.close(p);
      state = State.LAST_LF;
      return p + 1;
    }
    if (!Ascii.isToken(b)) {
      return refuse(badLineStart(b), p);
    }
    if (fields.count() == fieldsMax) {
      return refuse(Refusal.TOO_MANY_FIELDS, p);
    }
    nameStart = p;
    nameIsUnusual = false;
    state = State.NAME;
    return p;
  }

  private static Refusal badLineStart(byte b) {
    if (b == Ascii.LF) {
      return Refusal.BARE_LF;
    }
    return Ascii.isBlank(b) ? Refusal.FOLDED_LINE : Refusal.FIELD_NAME;
  }

  private int name(byte[] a, int from, int to) {
    int p = from;
    while (p < to && NAME_BYTES[a[p] & 0xFF] == NAME_USUAL) {
      p++;
    }
    if (p == to) {
      return p;
    }
    if (a[p] == ':') {
      nameEnd = p;
      state = State.BEFORE_VALUE;
      return p + 1;
    }
    if (NAME_BYTES[a[p] & 0xFF] == NAME_UNUSUAL) {
      nameIsUnusual = true;
      return p + 1;
    }
    return refuse(a[p] == Ascii.LF ? Refusal.BARE_LF : Refusal.FIELD_NAME, p);
  }

  private int beforeValue(byte[] a, int from, int to) {
    int p = from;
    while (p < to && Ascii.isBlank(a[p])) {
      p++;
    }
    if (p < to) {
      valueStart = p;
      state = State.VALUE;
    }
    return p;
  }

  private int value(byte[] a, int from, int to) {
    int p = Ascii.skipFieldValue(a, from, to);
    if (p == to) {
      return p;
    }
    if (a[p] == Ascii.CR) {
      state = State.VALUE_LF;
      return p + 1;
    }
    return refuse(a[p] == Ascii.LF ? Refusal.BARE_LF : Refusal.FIELD_VALUE, p);
  }

  private int valueLf(byte[] a, int p) {
    if (a[p] != Ascii.LF) {
      return refuse(Refusal.BARE_CR, p);
    }
    FieldName name = nameIsUnusual ? FieldName.UNUSUAL : FieldName.of(a, nameStart, nameEnd);
    if (!fields.add(name, nameStart, nameEnd, valueStart, trimmed(a, valueStart, p - 1))) {
      return refuse(Refusal.NO_MEMORY, p);
    }
    state = State.LINE_START;
    return p + 1;
  }

  private int lastLf(byte[] a, int p) {
    if (a[p] != Ascii.LF) {
      return refuse(Refusal.BARE_CR, p);
    }
    state = State.ENDED;
    return p + 1;
  }

  private int refuse(Refusal why, int p) {
    refusal = why;
    return p;
  }
}

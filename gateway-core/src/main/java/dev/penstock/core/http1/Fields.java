package dev.penstock.core.http1;

import java.util.Arrays;

/**
 * The field lines of a head or trailer section, in the order received, as index ranges over one
 * byte array. Every range was validated when it was parsed: a name is a token, a value holds
 * neither CR, LF nor NUL.
 *
 * <p>Valid until the owner's next {@code reset} or {@code start}; the array may be replaced while
 * the section is still being read, so take {@link #bytes()} after it is complete. One event loop.
 */
public final class Fields {
  private static final int FIRST_FIELDS = 24;
  private static final int INTS_PER_FIELD = 4;

  /** Four indexes, a reference and a flag. */
  private static final int BYTES_PER_FIELD = INTS_PER_FIELD * Integer.BYTES + 4 + 1;

  private static final int NAME_START = 0;
  private static final int NAME_END = 1;
  private static final int VALUE_START = 2;
  private static final int VALUE_END = 3;
  private static final int[] NO_RANGES = {};
  private static final FieldName[] NO_NAMES = {};
  private static final boolean[] NO_FLAGS = {};

  private final HeadBytes bytes;
  private int[] ranges = NO_RANGES;
  private FieldName[] names = NO_NAMES;

  /** Fields that Connection names: they end at this hop. */
  private boolean[] hopByHop = NO_FLAGS;

  private int count;
  private int end;

  Fields(HeadBytes bytes) {
    this.bytes = bytes;
  }

  /** The array that all indexes point into; shared, not to be written. */
  public byte[] bytes() {
    return bytes.array();
  }

  public int count() {
    return count;
  }

  public int nameStart(int i) {
    return ranges[i * INTS_PER_FIELD + NAME_START];
  }

  public int nameEnd(int i) {
    return ranges[i * INTS_PER_FIELD + NAME_END];
  }

  /** The first byte of the value, after white space. */
  public int valueStart(int i) {
    return ranges[i * INTS_PER_FIELD + VALUE_START];
  }

  /** After the last byte of the value, before white space; equals the start when it is empty. */
  public int valueEnd(int i) {
    return ranges[i * INTS_PER_FIELD + VALUE_END];
  }

  /** The well-known name, or {@link FieldName#OTHER}, {@link FieldName#UNUSUAL} or a family. */
  public FieldName name(int i) {
    return names[i];
  }

  /** Whether a Connection field of the same message names this field. */
  public boolean isHopByHop(int i) {
    return hopByHop[i];
  }

  /** The index of the first field of that name, or -1. */
  public int find(FieldName name) {
    for (int i = 0; i < count; i++) {
      if (names[i] == name) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the value equals {@code lowerCaseAscii} but for the case of its letters. */
  public boolean valueEquals(int i, byte[] lowerCaseAscii) {
    return Ascii.equalsIgnoreCase(bytes.array(), valueStart(i), valueEnd(i), lowerCaseAscii);
  }

  /** The value as ISO-8859-1; allocates, for tests and cold paths. */
  public String valueText(int i) {
    return Ascii.text(bytes.array(), valueStart(i), valueEnd(i));
  }

  /** The name as received; allocates, for tests and cold paths. */
  public String nameText(int i) {
    return Ascii.text(bytes.array(), nameStart(i), nameEnd(i));
  }

  /** After the CRLF of line {@code i}; lines stand without a gap. */
  int lineEnd(int i) {
    return i + 1 < count ? nameStart(i + 1) : end;
  }

  /** Bytes taken of the budget. */
  int taken() {
    return Math.max(0, names.length - FIRST_FIELDS) * BYTES_PER_FIELD;
  }

  /** False when the budget is used up. */
  boolean add(FieldName name, int nameStart, int nameEnd, int valueStart, int valueEnd) {
    if (count == names.length && !grow()) {
      return false;
    }
    int at = count * INTS_PER_FIELD;
    ranges[at + NAME_START] = nameStart;
    ranges[at + NAME_END] = nameEnd;
    ranges[at + VALUE_START] = valueStart;
    ranges[at + VALUE_END] = valueEnd;
    names[count] = name;
    hopByHop[count] = false;
    count++;
    return true;
  }

  /** Tells where the last line ends. */
  void close(int end) {
    this.end = end;
  }

  /** Marks every field whose name equals the range of {@link #bytes()}. */
  void markHopByHop(int from, int to) {
    byte[] a = bytes.array();
    for (int i = 0; i < count; i++) {
      if (Ascii.equalsIgnoreCase(a, nameStart(i), nameEnd(i), from, to)) {
        hopByHop[i] = true;
      }
    }
  }

  void reset() {
    count = 0;
    end = 0;
    if (names.length > FIRST_FIELDS) {
      trim();
    }
  }

  void trim() {
    count = 0;
    end = 0;
    bytes.budget().giveBack(taken());
    ranges = NO_RANGES;
    names = NO_NAMES;
    hopByHop = NO_FLAGS;
  }

  private boolean grow() {
    int larger = Math.max(FIRST_FIELDS, names.length * 2);
    int more = larger - Math.max(FIRST_FIELDS, names.length);
    if (!bytes.budget().take(more * BYTES_PER_FIELD)) {
      return false;
    }
    ranges = Arrays.copyOf(ranges, larger * INTS_PER_FIELD);
    FieldName[] moreNames = new FieldName[larger];
    Arrays.fill(moreNames, FieldName.OTHER);
    System.arraycopy(names, 0, moreNames, 0, names.length);
    names = moreNames;
    hopByHop = Arrays.copyOf(hopByHop, larger);
    return true;
  }
}

package dev.penstock.core.http1;

/**
 * An IP address as 128 bits, read from text without allocating. An IPv4 address is the IPv6 address
 * that stands for it ({@code ::ffff:0:0/96}), as in {@link dev.penstock.model.Network}. Strict: no
 * leading zeros of IPv4, which some read as octal, no zone, no prefix. One thread.
 */
public final class IpAddress {
  private static final long IPV4 = 0xFFFF_0000_0000L;
  private static final int PARTS = 4;
  private static final int PART_DIGITS_MAX = 3;
  private static final int PART_MAX = 255;
  private static final int GROUPS = 8;
  private static final int GROUP_BITS = 16;
  private static final int GROUP_DIGITS_MAX = 4;

  private final int[] groups = new int[GROUPS];
  private int count;
  private long high;
  private long low;

  /** The first 64 bits. */
  public long high() {
    return high;
  }

  /** The last 64 bits. */
  public long low() {
    return low;
  }

  /** False when the range is no address; then the bits mean nothing. */
  public boolean read(byte[] a, int from, int to) {
    long ipv4 = ipv4(a, from, to);
    if (ipv4 < 0) {
      return readIpv6(a, from, to);
    }
    high = 0;
    low = IPV4 | ipv4;
    return true;
  }

  /** The 32 bits of a dotted address; -1 when it is none. */
  private static long ipv4(byte[] a, int from, int to) {
    long bits = 0;
    int p = from;
    for (int parts = 1; ; parts++) {
      int start = p;
      int number = 0;
      while (p < to && p - start < PART_DIGITS_MAX && Ascii.isDigit(a[p])) {
        number = number * 10 + a[p++] - '0';
      }
      boolean leadingZero = p - start > 1 && a[start] == '0';
      if (p == start || leadingZero || number > PART_MAX) {
        return -1;
      }
      bits = (bits << Byte.SIZE) | number;
      if (p == to || parts == PARTS) {
        return p == to && parts == PARTS ? bits : -1;
      }
      if (a[p++] != '.') {
        return -1;
      }
    }
  }

  /** RFC 4291 §2.2: eight groups, of which one {@code ::} may stand for some; all are zero then. */
  private boolean readIpv6(byte[] a, int from, int to) {
    count = 0;
    int gap = -1; // groups before the ::
    int p = from;
    if (to - from >= 2 && a[from] == ':' && a[from + 1] == ':') {
      p++; // the second colon ends an empty group, as it does elsewhere
    }
    int start = p;
    for (; p < to && a[p] != '.'; p++) {
      if (a[p] != ':') {
        continue;
      }
      boolean empty = p == start;
      if (empty ? gap >= 0 || p == from : p + 1 == to || !readGroup(a, start, p)) {
        return false;
      }
      gap = empty ? count : gap;
      start = p + 1;
    }
    boolean read = p < to ? readTail(a, start, to) : start == to || readGroup(a, start, to);
    if (!read || (gap < 0 ? count != GROUPS : count == GROUPS)) {
      return false;
    }
    assemble(gap < 0 ? count : gap);
    return true;
  }

  private boolean readGroup(byte[] a, int from, int to) {
    if (to - from > GROUP_DIGITS_MAX) {
      return false;
    }
    int value = 0;
    for (int p = from; p < to; p++) {
      int digit = Ascii.hex(a[p]);
      if (digit < 0) {
        return false;
      }
      value = (value << 4) | digit;
    }
    return add(value);
  }

  /** An IPv4 address in the place of the last two groups. */
  private boolean readTail(byte[] a, int from, int to) {
    long ipv4 = ipv4(a, from, to);
    return ipv4 >= 0 && add((int) (ipv4 >>> GROUP_BITS)) && add((int) ipv4 & 0xFFFF);
  }

  private boolean add(int group) {
    if (count == GROUPS) {
      return false;
    }
    groups[count++] = group;
    return true;
  }

  /**
   * @param gap groups before those that are left out
   */
  private void assemble(int gap) {
    int leftOut = GROUPS - count;
    for (int i = 0; i < GROUPS; i++) {
      int group = i < gap ? groups[i] : i < gap + leftOut ? 0 : groups[i - leftOut];
      high = (high << GROUP_BITS) | (low >>> (Long.SIZE - GROUP_BITS));
      low = (low << GROUP_BITS) | group;
    }
  }
}

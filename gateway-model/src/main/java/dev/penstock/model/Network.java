package dev.penstock.model;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.StringJoiner;

/**
 * The addresses that begin with the same bits (RFC 4632, RFC 4291 §2.3). An IPv4 address is the
 * IPv6 address that stands for it ({@code ::ffff:0:0/96}, RFC 4291 §2.5.5.2), so a network of one
 * family can hold addresses of the other only by mistake: {@code ::/0} holds none of IPv4.
 *
 * @param high the first 64 bits of its addresses; those after the prefix are zero
 * @param low the last 64 bits, likewise
 * @param bits length of the prefix, 0 to 128; of an IPv4 network at least 96
 */
public record Network(long high, long low, int bits) {
  private static final int BITS = 128;

  /** Before the bits of an IPv4 address. */
  private static final int IPV4_OFFSET = 96;

  private static final long IPV4 = 0xFFFF_0000_0000L;
  private static final long IPV4_BITS = 0xFFFF_FFFFL;

  public Network {
    Check.inRange("bits", bits, 0, BITS);
    high &= mask(bits);
    low &= mask(bits - Long.SIZE);
  }

  /**
   * @param text such as {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address alone
   * @throws IllegalArgumentException when it is neither
   */
  public static Network of(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    int offset = address.indexOf(':') < 0 ? IPV4_OFFSET : 0;
    int bits = BITS - offset;
    if (slash >= 0) {
      bits = Check.inRange("bits", Integer.parseInt(text.substring(slash + 1)), 0, bits);
    }
    byte[] bytes = InetAddress.ofLiteral(address).getAddress();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return bytes.length == Integer.BYTES
        ? new Network(0, IPV4 | (in.getInt() & IPV4_BITS), bits + offset)
        : new Network(in.getLong(), in.getLong(), bits + offset);
  }

  /**
   * Whether it holds an address.
   *
   * @param addressHigh the address's first 64 bits
   * @param addressLow its last 64 bits
   */
  public boolean contains(long addressHigh, long addressLow) {
    return (addressHigh & mask(bits)) == high
        && (addressLow & mask(bits - Long.SIZE)) == low
        && (bits >= IPV4_OFFSET || !isIpv4(addressHigh, addressLow));
  }

  private static boolean isIpv4(long high, long low) {
    return high == 0 && (low & ~IPV4_BITS) == IPV4;
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : -1L << Math.max(0, Long.SIZE - bits);
  }

  /** As {@link #of} reads it. */
  @Override
  public String toString() {
    if (bits >= IPV4_OFFSET && isIpv4(high, low)) {
      StringJoiner parts = new StringJoiner(".", "", "/" + (bits - IPV4_OFFSET));
      for (int at = 24; at >= 0; at -= 8) parts.add("" + ((low >>> at) & 0xFF));
      return parts.toString();
    }
    StringJoiner groups = new StringJoiner(":", "", "/" + bits);
    for (int at = 48; at >= 0; at -= 16) groups.add(Long.toHexString((high >>> at) & 0xFFFF));
    for (int at = 48; at >= 0; at -= 16) groups.add(Long.toHexString((low >>> at) & 0xFFFF));
    return groups.toString();
  }
}

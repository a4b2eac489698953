package dev.penstock.ingress.translate;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * Addresses that have their first bits in common, as CIDR notation writes them (RFC 4632 section
 * 3.1, RFC 4291 section 2.3).
 *
 * @param address any of them
 * @param prefixBits 0–32, of IPv6 0–128
 */
public record AddressBlock(InetAddress address, int prefixBits) {
  /**
   * @param text {@code 10.96.0.0/12}, {@code fd00::/108}, or one address
   * @throws IllegalArgumentException when it is neither
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    boolean isV4 = address.indexOf(':') < 0;
    InetAddress parsed = AddressRules.parsed(address, isV4);
    int bitsMax = isV4 ? 32 : 128;
    String bits = slash < 0 ? Integer.toString(bitsMax) : text.substring(slash + 1);
    if (parsed == null || !bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > bitsMax) {
      throw new IllegalArgumentException(
          "'" + text + "' is no block of addresses such as 10.96.0.0/12 or fd00::/108");
    }
    return new AddressBlock(parsed, Integer.parseInt(bits));
  }

  boolean contains(InetAddress other) {
    byte[] bytes = address.getAddress();
    byte[] others = other.getAddress();
    if (bytes.length != others.length) return false;
    BigInteger difference = new BigInteger(1, bytes).xor(new BigInteger(1, others));
    return difference.bitLength() <= bytes.length * 8 - prefixBits;
  }

  /** As CIDR notation has it. */
  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}

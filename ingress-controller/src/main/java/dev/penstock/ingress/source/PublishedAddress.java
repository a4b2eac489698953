package dev.penstock.ingress.source;

/**
 * Where clients find the gateway, as an Ingress's {@code status.loadBalancer.ingress[]} says it:
 * one of the two, the other is empty.
 */
public record PublishedAddress(String ip, String hostname) {
  /**
   * Whether it is an IP address, or a host name: one that ends with a number is meant as an address
   * (RFC 1123 section 2.1), and clients read it as one.
   */
  public static boolean isOne(String text) {
    boolean isName = ObjectKey.isName(text) && !text.matches("(.*\\.)?[0-9]+");
    return isName || !of(text).ip().isEmpty();
  }

  /** An IP address, or else a host name. */
  public static PublishedAddress of(String text) {
    boolean isIp = IpText.isIpv4(text) || IpText.isIpv6(text);
    return isIp ? new PublishedAddress(text, "") : new PublishedAddress("", text);
  }

  @Override
  public String toString() {
    return ip.isEmpty() ? hostname : ip;
  }
}

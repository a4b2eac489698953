package dev.penstock.ingress.source;

/**
 * Where clients find the gateway, as an Ingress's {@code status.loadBalancer.ingress[]} says it:
 * one of the two, the other is empty.
 */
public record PublishedAddress(String ip, String hostname) {
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

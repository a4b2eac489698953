package dev.penstock.ingress.translate;

import dev.penstock.model.Endpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses of EndpointSlices may be dialled. Objects of the cluster must not lead to the
 * gateway's own machine or its neighbours (Kubernetes CVE-2021-25740: anybody who may write an
 * EndpointSlice could reach them); manifests of a directory may use loopback.
 */
final class AddressRules {
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]{2,39}");

  /** Under which clouds give machines their credentials, besides link-local ones. */
  private static final Set<InetAddress> METADATA =
      Stream.of("fd00:ec2::254", "100.100.100.200", "168.63.129.16")
          .map(InetAddress::ofLiteral)
          .collect(Collectors.toUnmodifiableSet());

  private AddressRules() {}

  /** Why an address is not used; empty when it is. */
  static String fault(String address, boolean isV4, boolean isFromApi) {
    String family = isV4 ? "IPv4" : "IPv6";
    InetAddress parsed = parsed(address, isV4);
    if (parsed == null) return "is no " + family + " address";
    if (parsed.isAnyLocalAddress() || parsed.isMulticastAddress()) {
      return "is no address of one machine";
    }
    if (isFromApi && parsed.isLoopbackAddress()) {
      return "is the gateway's own machine, which objects of the cluster may not reach";
    }
    if (isFromApi && parsed.isLinkLocalAddress()) {
      return "is a link-local address, which objects of the cluster may not reach";
    }
    if (isFromApi && METADATA.contains(parsed)) {
      return "is the metadata service of a cloud, which objects of the cluster may not reach";
    }
    return "";
  }

  /** Null when it is no address of the family. */
  static @Nullable InetAddress parsed(String address, boolean isV4) {
    if (!(isV4 ? isQuad(address) : V6.matcher(address).matches())) return null;
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed instanceof Inet4Address == isV4 ? parsed : null;
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /**
   * A dotted quad as it is written by everybody: no leading zero, which some parsers read as octal.
   * By hand, since every address of every EndpointSlice is asked about.
   */
  private static boolean isQuad(String text) {
    int parts = 1;
    int begin = 0;
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isFirst = i == begin;
      if (c == '.' && !isFirst && parts < 4) {
        parts++;
        begin = i + 1;
        value = 0;
      } else if (c >= '0' && c <= '9' && (isFirst || value > 0) && value < 100) {
        value = 10 * value + c - '0';
        if (value > 255) return false;
      } else {
        return false;
      }
    }
    return parts == 4 && begin < text.length();
  }

  /** The same address in the one spelling that can be compared; what is none, as it is. */
  static String canonical(String address) {
    if (isQuad(address)) return address;
    try {
      return InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException noAddress) {
      return address;
    }
  }

  /** The same endpoint in the one spelling that can be compared. */
  static Endpoint canonical(Endpoint endpoint) {
    return new Endpoint(canonical(endpoint.address()), endpoint.port());
  }
}

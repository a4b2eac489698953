package dev.penstock.ingress.source;

/** Whether a text is an IP address, strictly and without a look-up of names. */
final class IpText {
  private IpText() {}

  /** Four decimal numbers without leading zeros (RFC 6943 section 3.1.1, strict form). */
  static boolean isIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) return false;
    for (String part : parts) {
      if (!part.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(part) > 255) return false;
    }
    return true;
  }

  /** RFC 4291 section 2.2, without a zone. */
  static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) return false;
    if (gap < 0) return groups(text, true) == 8;
    String head = text.substring(0, gap);
    String tail = text.substring(gap + 2);
    int before = head.isEmpty() ? 0 : groups(head, false);
    int after = tail.isEmpty() ? 0 : groups(tail, true);
    return before >= 0 && after >= 0 && before + after < 8;
  }

  /** Groups of 16 bits in a text without a gap; -1 when one is malformed. */
  private static int groups(String text, boolean mayEndInIpv4) {
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].matches("[0-9a-fA-F]{1,4}")) count++;
      else if (mayEndInIpv4 && i == parts.length - 1 && isIpv4(parts[i])) count += 2;
      else return -1;
    }
    return count;
  }
}

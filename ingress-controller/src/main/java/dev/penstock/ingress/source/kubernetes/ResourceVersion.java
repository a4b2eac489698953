package dev.penstock.ingress.source.kubernetes;

/** {@code metadata.resourceVersion}. */
final class ResourceVersion {
  private static final int DIGITS_MAX = 18;

  private ResourceVersion() {}

  /** -1 when it is no number; versions of one kind are compared as such (KEP-5504). */
  static long number(String version) {
    boolean isNumber =
        !version.isEmpty()
            && version.length() <= DIGITS_MAX
            && version.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Long.parseLong(version) : -1;
  }
}

package dev.penstock.core.observe;

/** The fields of a request's head, for log formats that print others than the usual two. */
@FunctionalInterface
public interface RequestFields {
  /**
   * Points {@code target} at the first value of a field, and leaves it alone when the request has
   * none of that name.
   *
   * @param lowerCaseName ASCII; must not be changed
   */
  void find(byte[] lowerCaseName, ByteSpan target);
}

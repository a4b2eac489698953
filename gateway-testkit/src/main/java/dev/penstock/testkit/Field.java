package dev.penstock.testkit;

/**
 * One field line of a head or a trailer section.
 *
 * @param name as it was on the wire
 * @param value without the white space around it; bytes as ISO-8859-1
 */
public record Field(String name, String value) {
  /** Field names are compared without regard to case (RFC 9110 §5.1). */
  public boolean is(String otherName) {
    return name.equalsIgnoreCase(otherName);
  }
}

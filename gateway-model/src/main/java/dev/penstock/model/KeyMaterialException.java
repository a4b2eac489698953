package dev.penstock.model;

/**
 * A certificate chain or its private key that cannot be served. The message is one line, says what
 * is wrong and what to do, and holds no part of the key; it can be shown to the author of the
 * Secret as it is.
 */
public final class KeyMaterialException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int DETAIL_CHARS_MAX = 160;

  /** Which of the two texts has to be changed. */
  public enum Part {
    /** The certificate chain: {@code tls.crt} of a Secret. */
    CHAIN,
    /** The private key: {@code tls.key} of a Secret. */
    KEY
  }

  private final Part part;

  KeyMaterialException(Part part, String message) {
    super(message);
    this.part = part;
  }

  public Part part() {
    return part;
  }

  /** A foreign text as part of a message: no control characters, of bounded length. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), DETAIL_CHARS_MAX));
    for (int i = 0; i < text.length() && out.length() < DETAIL_CHARS_MAX; i++) {
      char c = text.charAt(i);
      out.append(c >= 0x20 && c < 0x7f ? c : '?');
    }
    return out.toString();
  }
}

package dev.penstock.model.text;

import dev.penstock.model.Source;

/**
 * Makes foreign text fit for a message: control characters, line separators and bytes that a
 * terminal obeys are written as escapes, long text is cut.
 */
public final class Quote {
  /** Characters of one quoted value; enough to find it by, too few to flood a log. */
  private static final int CHARS_MAX = 120;

  private Quote() {}

  /** In single quotes. */
  public static String of(String text) {
    return "'" + plain(text) + "'";
  }

  /** Without quotes. */
  public static String plain(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), CHARS_MAX) + 4);
    for (int i = 0; i < text.length(); i++) {
      if (out.length() >= CHARS_MAX) return out.append("…").toString();
      char c = text.charAt(i);
      if (isUnprintable(c)) out.append("\\u%04x".formatted((int) c));
      else out.append(c);
    }
    return out.toString();
  }

  /** {@code Kind namespace/name (file:line:column)}, as much of it as is known. */
  public static String object(Source source) {
    String object = plain(source.object());
    return source.file().isEmpty() ? object : object + " (" + plain(source.place()) + ")";
  }

  /** Ends a sentence that another follows. */
  public static String sentence(String text) {
    return text.endsWith("?") ? text : text + ".";
  }

  /** Whether a text holds a character that no name, path or option may hold. */
  public static boolean holdsControl(String text) {
    return text.chars().anyMatch(c -> isUnprintable((char) c));
  }

  private static boolean isUnprintable(char c) {
    return Character.isISOControl(c)
        || Character.isSurrogate(c)
        || Character.getType(c) == Character.FORMAT // bidirectional overrides and the like
        || c == '\u2028'
        || c == '\u2029';
  }
}

package dev.penstock.ingress.source;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Bytes of a manifest to text, strictly: UTF-8 without NUL or other control characters, so that a
 * binary file is refused by its first wrong byte and nothing unprintable reaches a log.
 */
final class ManifestText {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private ManifestText() {}

  static String decode(byte[] bytes) throws Unreadable {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      throw fault(
          text,
          text.length(),
          "byte 0x%02x is not UTF-8: a manifest must be a text file in UTF-8"
              .formatted(bytes[in.position()] & 0xff));
    }
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) text = text.substring(1);
    requirePrintable(text);
    return text;
  }

  private static void requirePrintable(String text) throws Unreadable {
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        throw fault(
            text,
            i,
            "character U+%04X is not allowed: a manifest must be a text file in UTF-8"
                .formatted(c));
      }
      i += Character.charCount(c);
    }
  }

  private static Unreadable fault(String text, int at, String message) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < at; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Unreadable(message, line, text.codePointCount(lineStart, at) + 1);
  }

  /** Control and format characters, line and paragraph separators, lone surrogates. */
  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /** For a message that others wrote: control characters become spaces. */
  static String oneLine(@Nullable String text) {
    return text == null ? "" : text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /** With control and format characters escaped. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(out, c));
    return out.toString();
  }

  private static void append(StringBuilder out, int c) {
    if (isControl(c)) out.append("\\u%04x".formatted(c));
    else out.appendCodePoint(c);
  }
}

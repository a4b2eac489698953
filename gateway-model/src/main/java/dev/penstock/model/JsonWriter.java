package dev.penstock.model;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** {@link Json} to text: two spaces a level, whatever fits into a line on one line. */
final class JsonWriter {
  /** Columns of a line, for a person's screen. */
  private static final int LINE_CHARS = 100;

  /** What is gathered before it is passed on, at the end of a line. */
  private static final int PIECE_CHARS = 16 << 10;

  private final Appendable target;
  private final boolean isAscii;
  private final StringBuilder out = new StringBuilder();

  /**
   * @param isAscii whether all that is not ASCII is escaped
   */
  JsonWriter(Appendable target, boolean isAscii) {
    this.target = target;
    this.isAscii = isAscii;
  }

  void document(Json value) throws IOException {
    write(value, 0, 0);
    target.append(out.append('\n'));
  }

  private void write(Json value, int indent, int reserved) throws IOException {
    int start = out.length();
    int column = start - (out.lastIndexOf("\n") + 1);
    if (flat(value, start + LINE_CHARS - column - reserved)) return;
    out.setLength(start);
    switch (value) {
      case Json.Array array -> array(array.items(), indent);
      case Json.Struct object -> object(object.members(), indent);
      default -> flat(value, Integer.MAX_VALUE);
    }
  }

  private void array(List<Json> items, int indent) throws IOException {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      line(indent + 1);
      boolean last = i == items.size() - 1;
      write(items.get(i), indent + 1, last ? 0 : 1);
      if (!last) out.append(',');
    }
    line(indent);
    out.append(']');
  }

  private void object(Map<String, Json> members, int indent) throws IOException {
    out.append('{');
    Iterator<Map.Entry<String, Json>> rest = members.entrySet().iterator();
    while (rest.hasNext()) {
      Map.Entry<String, Json> member = rest.next();
      line(indent + 1);
      text(member.getKey());
      out.append(": ");
      write(member.getValue(), indent + 1, rest.hasNext() ? 1 : 0);
      if (rest.hasNext()) out.append(',');
    }
    line(indent);
    out.append('}');
  }

  private void line(int indent) throws IOException {
    if (out.length() >= PIECE_CHARS) {
      target.append(out);
      out.setLength(0);
    }
    out.append('\n').repeat("  ", indent);
  }

  /** Writes on one line; false as soon as it reaches beyond {@code end}: a bounded look ahead. */
  private boolean flat(Json value, int end) {
    switch (value) {
      case Json.Text text -> text(text.value());
      case Json.Numeral number -> out.append(number.literal());
      case Json.Flag flag -> out.append(flag.value());
      case Json.Nothing ignored -> out.append("null");
      case Json.Array array -> {
        out.append('[');
        String separator = "";
        for (Json item : array.items()) {
          out.append(separator);
          if (!flat(item, end)) return false;
          separator = ", ";
        }
        out.append(']');
      }
      case Json.Struct object -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
          out.append(separator);
          text(member.getKey());
          out.append(": ");
          if (!flat(member.getValue(), end)) return false;
          separator = ", ";
        }
        out.append('}');
      }
    }
    return out.length() <= end;
  }

  private void text(String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (isAscii && c > 0x7e || needsEscape(value, i))
            out.append("\\u%04x".formatted((int) c));
          else out.append(c);
        }
      }
    }
    out.append('"');
  }

  /** Control characters, line separators, and surrogates without their partner. */
  private static boolean needsEscape(String value, int at) {
    char c = value.charAt(at);
    if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == '\u2028' || c == '\u2029') return true;
    if (Character.isHighSurrogate(c)) {
      return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at == 0 || !Character.isHighSurrogate(value.charAt(at - 1));
    }
    return false;
  }
}

package dev.penstock.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Text to {@link Json}, strictly by RFC 8259. One use.
 *
 * <p>As a value, text takes ten times its memory. So of a long array only the text is kept, and an
 * item is read once more each time it is asked for: a document of tens of thousands of routes fits
 * beside what is made of it.
 */
final class JsonReader {
  /** Levels; the model needs ten, and the reader recurses. */
  private static final int DEPTH_MAX = 64;

  /** Items of an array that are kept as values. */
  static final int KEPT_MAX = 100;

  private final String text;
  private int at;

  /**
   * @param at where in it the document begins
   */
  JsonReader(String text, int at) {
    this.text = text;
    this.at = at;
  }

  Json document() throws JsonFault {
    Json value = value(0);
    space();
    if (at < text.length()) throw fault("nothing may follow the value");
    return value;
  }

  private Json value(int depth) throws JsonFault {
    if (depth > DEPTH_MAX) throw fault("nested deeper than " + DEPTH_MAX + " levels");
    space();
    char c = peek();
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Text(string());
      case 't' -> word("true", new Json.Flag(true));
      case 'f' -> word("false", new Json.Flag(false));
      case 'n' -> word("null", new Json.Nothing());
      default -> number();
    };
  }

  private Json object(int depth) throws JsonFault {
    Map<String, Json> members = new LinkedHashMap<>();
    at++;
    space();
    if (peek() == '}') {
      at++;
      return new Json.Struct(members);
    }
    while (true) {
      space();
      if (peek() != '"') throw fault("a key in double quotes is expected");
      int keyAt = at;
      String key = string();
      space();
      expect(':');
      if (members.putIfAbsent(key, value(depth + 1)) != null) {
        at = keyAt;
        throw fault("the key is here twice");
      }
      space();
      if (peek() == '}') {
        at++;
        return new Json.Struct(members);
      }
      expect(',');
    }
  }

  private Json array(int depth) throws JsonFault {
    List<Json> kept = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    at++;
    space();
    if (peek() == ']') {
      at++;
      return new Json.Array(kept);
    }
    while (true) {
      starts.add(at);
      Json item = value(depth + 1);
      if (starts.size() <= KEPT_MAX) kept.add(item);
      space();
      if (peek() == ']') {
        at++;
        return starts.size() <= KEPT_MAX
            ? new Json.Array(kept)
            : Json.Array.ofMany(starts, start -> again(start, depth + 1));
      }
      expect(',');
    }
  }

  private Json again(int start, int depth) {
    try {
      return new JsonReader(text, start).value(depth);
    } catch (JsonFault impossible) {
      throw new IllegalStateException("it was read before", impossible);
    }
  }

  private String string() throws JsonFault {
    at++;
    int plainEnd = at;
    while (plainEnd < text.length() && isPlain(text.charAt(plainEnd))) plainEnd++;
    if (plainEnd < text.length() && text.charAt(plainEnd) == '"') {
      String plain = text.substring(at, plainEnd);
      at = plainEnd + 1;
      return plain;
    }
    StringBuilder out = new StringBuilder();
    while (true) {
      char c = peek();
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c < 0x20)
        throw fault("a control character must be written as \\u%04x".formatted((int) c));
      at++;
      out.append(c == '\\' ? escape() : c);
    }
  }

  private static boolean isPlain(char c) {
    return c >= 0x20 && c != '"' && c != '\\';
  }

  private char escape() throws JsonFault {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++, at++) {
          int digit = Character.digit(peek(), 16);
          if (digit < 0 || peek() > 'f') throw fault("four hexadecimal digits are expected");
          code = code << 4 | digit;
        }
        yield (char) code;
      }
      default -> {
        at--;
        throw fault("no such escape");
      }
    };
  }

  private Json number() throws JsonFault {
    int start = at;
    if (peek() == '-') at++;
    if (at < text.length() && text.charAt(at) == '0') at++;
    else digits();
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (peek() == '+' || peek() == '-') at++;
      digits();
    }
    return new Json.Numeral(text.substring(start, at));
  }

  private void digits() throws JsonFault {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
    if (at == start) throw fault("a value is expected");
  }

  private Json word(String word, Json meaning) throws JsonFault {
    if (!text.startsWith(word, at)) throw fault("a value is expected");
    at += word.length();
    return meaning;
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
  }

  private char peek() throws JsonFault {
    if (at >= text.length()) throw fault("the text ends too early");
    return text.charAt(at);
  }

  private void expect(char c) throws JsonFault {
    if (peek() != c) throw fault("'" + c + "' is expected");
    at++;
  }

  private JsonFault fault(String message) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(at, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return JsonFault.at(line, at - lineStart + 1, message);
  }
}

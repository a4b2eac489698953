package dev.penstock.app;

/**
 * Writes one JSON text, indented by two spaces. The caller keeps the order right: a name before
 * each value inside an object, every begin with its end.
 */
final class JsonWriter {
  private final StringBuilder text = new StringBuilder();
  private int depth;
  private boolean first = true;
  private boolean named;

  JsonWriter beginObject() {
    return begin('{');
  }

  JsonWriter endObject() {
    return end('}');
  }

  JsonWriter beginArray() {
    return begin('[');
  }

  JsonWriter endArray() {
    return end(']');
  }

  JsonWriter name(String name) {
    separate();
    quote(name);
    text.append(": ");
    named = true;
    return this;
  }

  JsonWriter value(String value) {
    separate();
    quote(value);
    return this;
  }

  JsonWriter value(long value) {
    separate();
    text.append(value);
    return this;
  }

  JsonWriter value(boolean value) {
    separate();
    text.append(value);
    return this;
  }

  JsonWriter member(String name, String value) {
    return name(name).value(value);
  }

  JsonWriter member(String name, long value) {
    return name(name).value(value);
  }

  JsonWriter member(String name, boolean value) {
    return name(name).value(value);
  }

  private JsonWriter begin(char bracket) {
    separate();
    text.append(bracket);
    depth++;
    first = true;
    return this;
  }

  private JsonWriter end(char bracket) {
    depth--;
    if (!first) newLine();
    text.append(bracket);
    first = false;
    return this;
  }

  private void separate() {
    if (named) {
      named = false;
      return;
    }
    if (!first) text.append(',');
    if (depth > 0) newLine();
    first = false;
  }

  private void newLine() {
    text.append('\n').repeat("  ", depth);
  }

  private void quote(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) text.append("\\u%04x".formatted((int) c));
          else text.append(c);
        }
      }
    }
    text.append('"');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

package dev.penstock.core.http1;

import dev.penstock.model.Settings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of this package once more, as slowly and plainly as regular expressions say them, to
 * judge the parsers by. Works on whole messages only; {@code refused} stands for every refusal.
 */
final class Naive {
  static final String REFUSED = "refused";
  static final String MORE = "more";

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern REQUEST_LINE =
      Pattern.compile("(" + TOKEN + ") ([\\x21\\x22\\x24-\\x7E]+) HTTP/1\\.([01])");
  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})( [\\t\\x20-\\x7E\\x80-\\xFF]*)?");
  private static final Pattern FIELD =
      Pattern.compile("(" + TOKEN + "):[ \\t]*([\\t\\x20-\\x7E\\x80-\\xFF]*?)[ \\t]*");
  private static final Pattern TOKENS =
      Pattern.compile("[ \\t]*(" + TOKEN + ")?[ \\t]*(,[ \\t]*(" + TOKEN + ")?[ \\t]*)*");
  private static final Pattern HOST =
      Pattern.compile("([0-9A-Za-z._-]+|\\[(?=[^]:]*:[^]:]*:)[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final Pattern PATH =
      Pattern.compile("(/([]\\[A-Za-z0-9._~!$&'()*+,;=:@\"<>^`{|}-]|%[0-9A-Fa-f]{2})*)+");
  private static final Pattern CHUNK_LINE =
      Pattern.compile(
          "([0-9A-Fa-f]{1,16})((?:[ \\t]*;[ \\t]*T(?:[ \\t]*=[ \\t]*(?:T|Q))?)*)"
              .replace("T", TOKEN)
              .replace(
                  "Q",
                  "\"(?:[\\t\\x20\\x21\\x23-\\x5B\\x5D-\\x7E\\x80-\\xFF]"
                      + "|\\\\[\\t\\x20-\\x7E\\x80-\\xFF])*\""));

  /** Field name in lower case, and value. */
  private record Field(String name, String value) {}

  private Naive() {}

  /** {@code METHOD path?query host framing fields rest}, or one of the two words. */
  static String request(String text, Settings.Limits limits) {
    int from = text.startsWith("\r\n") ? 2 : 0;
    int end = text.indexOf("\r\n\r\n", from);
    if (end < 0) {
      return MORE;
    }
    List<String> lines = List.of(text.substring(from, end).split("\r\n", -1));
    Matcher line = REQUEST_LINE.matcher(lines.getFirst());
    List<Field> fields = fields(lines.subList(1, lines.size()));
    boolean fits = lines.getFirst().length() <= limits.requestLineBytesMax();
    if (!line.matches() || fields == null || !fits || !fits(end + 4 - from, fields, limits)) {
      return REFUSED;
    }
    String method = line.group(1);
    boolean old = line.group(3).equals("0");
    String host = host(line.group(2), values(fields, "host"), old);
    String target = target(line.group(2), method);
    String framing = framing(fields, old);
    List<String> expect = values(fields, "expect");
    boolean expectation = old || expect.isEmpty() || lower(expect).equals(List.of("100-continue"));
    boolean good = host != null && target != null && framing != null && expectation;
    if (!good || method.equals("CONNECT") || method.equals("TRACE") || !connection(fields)) {
      return REFUSED;
    }
    return method
        + " "
        + target
        + " "
        + host
        + " "
        + framing
        + " "
        + fields.size()
        + " "
        + (text.length() - end - 4);
  }

  static String response(String text, Settings.Limits limits) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return MORE;
    }
    List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
    Matcher line = STATUS_LINE.matcher(lines.getFirst());
    List<Field> fields = fields(lines.subList(1, lines.size()));
    if (!line.matches() || fields == null || !fits(end + 4, fields, limits)) {
      return REFUSED;
    }
    String framing = framing(fields, line.group(1).equals("0"));
    if (framing == null || !connection(fields)) {
      return REFUSED;
    }
    return line.group(2) + " " + framing + " " + fields.size() + " " + (text.length() - end - 4);
  }

  private static boolean fits(int bytes, List<Field> fields, Settings.Limits limits) {
    return bytes <= limits.headBytesMax() && fields.size() <= limits.headFieldsMax();
  }

  /** {@code payload|rest}, or one of the two words. */
  static String chunked(String text, Settings.Limits limits) {
    StringBuilder payload = new StringBuilder();
    int at = 0;
    while (true) {
      int end = text.indexOf("\r\n", at);
      if (end < 0) {
        return MORE;
      }
      Matcher line = CHUNK_LINE.matcher(text.substring(at, end));
      if (!line.matches() || line.group(2).length() > limits.chunkExtensionBytesMax()) {
        return REFUSED;
      }
      long size = Long.parseUnsignedLong(line.group(1), 16);
      at = end + 2;
      if (size == 0) {
        return trailers(text, at, payload, limits);
      }
      if (size < 0) {
        return REFUSED;
      }
      if (size > text.length() - at - 2L) {
        return MORE;
      }
      payload.append(text, at, at + (int) size);
      at += (int) size + 2;
      if (!text.startsWith("\r\n", at - 2)) {
        return REFUSED;
      }
    }
  }

  private static String trailers(
      String text, int at, StringBuilder payload, Settings.Limits limits) {
    if (text.startsWith("\r\n", at)) {
      return payload + "|" + text.substring(at + 2);
    }
    int end = text.indexOf("\r\n\r\n", at);
    if (end < 0) {
      return MORE;
    }
    List<Field> fields = fields(List.of(text.substring(at, end).split("\r\n", -1)));
    boolean fits =
        fields != null
            && end + 2 - at <= limits.trailerBytesMax()
            && fields.size() <= limits.headFieldsMax();
    return fits ? payload + "|" + text.substring(end + 4) : REFUSED;
  }

  private static @Nullable List<Field> fields(List<String> lines) {
    List<Field> fields = new ArrayList<>();
    for (String line : lines) {
      Matcher field = FIELD.matcher(line);
      if (!field.matches()) {
        return null;
      }
      fields.add(new Field(field.group(1).toLowerCase(Locale.ROOT), field.group(2)));
    }
    return fields;
  }

  private static List<String> values(List<Field> fields, String name) {
    return fields.stream().filter(f -> f.name().equals(name)).map(Field::value).toList();
  }

  private static List<String> lower(List<String> values) {
    return values.stream().map(v -> v.toLowerCase(Locale.ROOT)).toList();
  }

  private static boolean connection(List<Field> fields) {
    int tokens = 0;
    for (String value : values(fields, "connection")) {
      if (!TOKENS.matcher(value).matches()) {
        return false;
      }
      for (String token : value.split(",")) {
        tokens += token.isBlank() ? 0 : 1;
      }
    }
    return tokens <= 32;
  }

  private static @Nullable String framing(List<Field> fields, boolean old) {
    List<String> lengths = values(fields, "content-length");
    List<String> codings = values(fields, "transfer-encoding");
    if (lengths.size() + codings.size() > 1 || (old && !codings.isEmpty())) {
      return null;
    }
    if (codings.size() == 1) {
      return lower(codings).equals(List.of("chunked")) ? "CHUNKED" : null;
    }
    if (lengths.isEmpty()) {
      return "-";
    }
    String length = lengths.getFirst();
    boolean good =
        length.matches("[0-9]{1,19}") && new java.math.BigInteger(length).bitLength() < 64;
    return good ? "LENGTH:" + Long.parseLong(length) : null;
  }

  private static @Nullable String host(String target, List<String> hosts, boolean old) {
    Matcher absolute = Pattern.compile("(?i)https?://([^/?]+).*").matcher(target);
    String authority = absolute.matches() ? absolute.group(1) : null;
    if (hosts.size() > 1 || (hosts.isEmpty() && !old)) {
      return null;
    }
    if (hosts.isEmpty() && authority == null) {
      return "";
    }
    String host = hosts.isEmpty() ? String.valueOf(authority) : hosts.getFirst();
    boolean differs = authority != null && !authority.equalsIgnoreCase(host);
    return differs || nameLength(host) < 0 ? null : host;
  }

  /** How much of an authority is the host's name; -1 when it is none. */
  static int nameLength(String authority) {
    Matcher matcher = HOST.matcher(authority);
    if (!matcher.matches()) {
      return -1;
    }
    String port = matcher.group(2);
    boolean good = port == null || Integer.parseInt(port.substring(1)) <= 65_535;
    return good ? matcher.group(1).length() : -1;
  }

  private static @Nullable String target(String target, String method) {
    if (target.equals("*")) {
      return method.equals("OPTIONS") ? target : null;
    }
    String relative = target.replaceFirst("(?i)^https?://[^/?]+", "");
    boolean absolute = !relative.equals(target);
    if (!relative.startsWith("/") && !absolute) {
      return null;
    }
    int query = relative.indexOf('?');
    String raw = query < 0 ? relative : relative.substring(0, query);
    String path = path(raw.isEmpty() ? "/" : raw);
    return path == null ? null : path + (query < 0 ? "" : relative.substring(query));
  }

  static @Nullable String path(String raw) {
    if (!PATH.matcher(raw).matches()) {
      return null;
    }
    StringBuilder spelled = new StringBuilder();
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      int value = c;
      if (c == '%') {
        value = Integer.parseInt(raw.substring(i + 1, i + 3), 16);
        i += 2;
      }
      boolean unreserved = value < 128 && ("" + (char) value).matches("[A-Za-z0-9._~-]");
      if (c == '%' && (value < 32 || value == 127)) {
        return null;
      }
      boolean escape = c == '%' ? !unreserved : "\"<>[]^`{|}".indexOf(c) >= 0;
      spelled.append(escape ? "%%%02X".formatted(value) : (char) value);
    }
    return withoutDots(spelled.toString().replaceAll("/+", "/"));
  }

  private static @Nullable String withoutDots(String path) {
    Deque<String> kept = new ArrayDeque<>();
    String last = "";
    for (String segment : path.substring(1).split("/", -1)) {
      last = segment;
      if (segment.matches("\\.\\.?(;|%3B).*") || hidesParent(segment)) {
        return null;
      }
      if (segment.equals("..") && kept.pollLast() == null) {
        return null;
      }
      if (!segment.matches("\\.?\\.?")) {
        kept.addLast(segment);
      }
    }
    String joined = "/" + String.join("/", kept);
    boolean folder = last.matches("\\.?\\.?") && !kept.isEmpty();
    return folder ? joined + "/" : joined;
  }

  private static boolean hidesParent(String segment) {
    String[] pieces = segment.split("%2F|%5C", -1);
    for (String piece : pieces) {
      if (pieces.length > 1 && piece.matches("\\.\\.((;|%3B).*)?")) {
        return true;
      }
    }
    return false;
  }
}

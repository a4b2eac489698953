package dev.penstock.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the bytes that one upstream connection carried as a reader would that forgives nothing (RFC
 * 9112 without any of its leniencies). What this parser takes, every backend understands in the
 * same way; that is the point of re-framing.
 *
 * <p>Parsing stops at the first fault: behind it nobody knows where a message begins.
 */
public final class StrictReparse {
  /** How the bytes ended. */
  public enum Ending {
    /** Every byte belongs to a complete, well-formed request. */
    COMPLETE,
    /** The last request is not finished, and well-formed as far as it goes: a plain abort. */
    ABORTED,
    /** Something stands there that the strict grammar does not know. */
    FAULTY
  }

  /**
   * What was found.
   *
   * @param requests the complete requests before the end or the first fault
   * @param ending how it ended
   * @param fault what was wrong or missing, and where; empty when complete
   */
  public record Result(List<SeenRequest> requests, Ending ending, String fault) {
    public Result {
      requests = List.copyOf(requests);
    }
  }

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\\x21-\\x7E]+) (HTTP/1\\.[01])");
  private static final Pattern FIELD_VALUE = Pattern.compile("[\\t\\x20-\\x7E\\x80-\\xFF]*");
  private static final Pattern CONTENT_LENGTH = Pattern.compile("[0-9]{1,19}");
  private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,16}");

  private final byte[] bytes;
  private final List<SeenRequest> requests = new ArrayList<>();
  private int at;

  private StrictReparse(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads all bytes of one connection, from its first. The array is not changed. */
  public static Result parse(byte[] bytes) {
    StrictReparse parse = new StrictReparse(bytes);
    try {
      while (parse.at < bytes.length) parse.requests.add(parse.request());
      return new Result(parse.requests, Ending.COMPLETE, "");
    } catch (Unreadable end) {
      String where = " in request " + (parse.requests.size() + 1) + " at byte " + parse.at;
      return new Result(parse.requests, end.ending, end.getMessage() + where);
    }
  }

  private SeenRequest request() throws Unreadable {
    List<String> lines = section("incomplete head");
    Matcher requestLine = REQUEST_LINE.matcher(lines.getFirst());
    if (!requestLine.matches()) throw faulty("request line '" + lines.getFirst() + "'");
    String version = requestLine.group(3);
    List<Field> fields = fields(lines.subList(1, lines.size()));
    int hosts = values(fields, "host").size();
    if (version.equals("HTTP/1.1") ? hosts != 1 : hosts > 1) throw faulty(hosts + " Host fields");

    List<String> lengths = values(fields, "content-length");
    List<String> codings = values(fields, "transfer-encoding");
    if (!lengths.isEmpty() && !codings.isEmpty()) {
      throw faulty("Content-Length and Transfer-Encoding together");
    }
    List<Field> trailers = new ArrayList<>();
    byte[] body = new byte[0];
    if (!codings.isEmpty()) {
      if (!codings.equals(List.of("chunked"))) throw faulty("Transfer-Encoding " + codings);
      if (version.equals("HTTP/1.0")) throw faulty("Transfer-Encoding in HTTP/1.0");
      body = chunkedBody(trailers);
    } else if (!lengths.isEmpty()) {
      body = take(contentLength(lengths), "body short");
    }
    return new SeenRequest(
        requestLine.group(1), requestLine.group(2), version, fields, body, trailers);
  }

  private long contentLength(List<String> lengths) throws Unreadable {
    if (lengths.size() != 1 || !CONTENT_LENGTH.matcher(lengths.getFirst()).matches()) {
      throw faulty("Content-Length " + lengths);
    }
    try {
      return Long.parseLong(lengths.getFirst());
    } catch (NumberFormatException tooLarge) {
      throw faulty("Content-Length " + lengths);
    }
  }

  private byte[] chunkedBody(List<Field> trailers) throws Unreadable {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String line = line("chunk line incomplete");
      if (!CHUNK_SIZE.matcher(line).matches()) throw faulty("chunk-size line '" + line + "'");
      long size = Long.parseUnsignedLong(line, 16);
      if (size < 0) throw faulty("chunk-size line '" + line + "'");
      if (size == 0) break;
      body.writeBytes(take(size, "body short"));
      requireLineEndBehindData();
    }
    trailers.addAll(fields(section("no end of trailers")));
    return body.toByteArray();
  }

  private void requireLineEndBehindData() throws Unreadable {
    if (at < bytes.length && bytes[at] != '\r') throw faulty("chunk data without CRLF");
    if (at + 1 < bytes.length && bytes[at + 1] != '\n') throw faulty("chunk data without CRLF");
    if (at + 1 >= bytes.length) throw aborted("chunk line incomplete");
    at += 2;
  }

  /** The lines up to an empty one, which is used up too. A head has at least one line. */
  private List<String> section(String missing) throws Unreadable {
    List<String> lines = new ArrayList<>();
    for (String line = line(missing); !line.isEmpty(); line = line(missing)) lines.add(line);
    if (lines.isEmpty() && missing.equals("incomplete head")) throw faulty("empty request line");
    return lines;
  }

  private String line(String missing) throws Unreadable {
    int start = at;
    for (int i = start; i < bytes.length; i++) {
      switch (bytes[i]) {
        case 0 -> throw faulty("NUL");
        case '\n' -> throw faulty("bare LF");
        case '\r' -> {
          if (i + 1 == bytes.length) throw aborted(missing);
          if (bytes[i + 1] != '\n') throw faulty("bare CR");
          at = i + 2;
          return new String(bytes, start, i - start, StandardCharsets.ISO_8859_1);
        }
        default -> {}
      }
    }
    throw aborted(missing);
  }

  private List<Field> fields(List<String> lines) throws Unreadable {
    List<Field> fields = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
        throw faulty("field name in '" + line + "'");
      }
      String value = line.substring(colon + 1);
      if (!FIELD_VALUE.matcher(value).matches()) throw faulty("field value in '" + line + "'");
      fields.add(new Field(line.substring(0, colon), withoutWhitespaceAround(value)));
    }
    return fields;
  }

  private static String withoutWhitespaceAround(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && isWhitespace(value.charAt(start))) start++;
    while (end > start && isWhitespace(value.charAt(end - 1))) end--;
    return value.substring(start, end);
  }

  private static boolean isWhitespace(char c) {
    return c == ' ' || c == '\t';
  }

  private static List<String> values(List<Field> fields, String name) {
    return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
  }

  private byte[] take(long count, String missing) throws Unreadable {
    if (count > bytes.length - at) throw aborted(missing);
    byte[] taken = Arrays.copyOfRange(bytes, at, at + (int) count);
    at += (int) count;
    return taken;
  }

  private static Unreadable faulty(String what) {
    return new Unreadable(Ending.FAULTY, what);
  }

  private static Unreadable aborted(String what) {
    return new Unreadable(Ending.ABORTED, what);
  }

  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
    private final Ending ending;

    Unreadable(Ending ending, String what) {
      super(what, null, false, false);
      this.ending = ending;
    }
  }
}

package dev.penstock.core.http1;

import dev.penstock.testkit.Http1Corpus;
import dev.penstock.testkit.RawCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes what a fuzzed parser is given: messages written by a grammar that knows every construct the
 * parsers tell apart, and the cases of the corpus; then some of their words are taken out, doubled,
 * exchanged, or replaced by words that matter elsewhere. A function of the random numbers.
 */
final class FuzzMessages {
  /** Longer ones only cost time; the limits that short ones reach are tested as well. */
  private static final int BYTES_MAX = 5_000;

  private static final Pattern WORD = Pattern.compile("\r\n|[A-Za-z0-9]+|[\\s\\S]");

  private static final String[] METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
  private static final String[] ODD_METHODS = {"CONNECT", "TRACE", "get", "M-S_x", "PATCH"};
  private static final String[] SEGMENTS = {"a", "b.c", "", "a;b=c", "$&'()", "%41", "a%2Fb"};
  private static final String[] ODD_SEGMENTS = {
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "..;x",
    "..%3bx",
    "%2F..",
    "..%5C",
    "a%20b",
    "%00",
    "%zz",
    "a|b",
    "~",
    "...",
    "\"",
    "%C3%A4",
    ".%2e;",
    "x%5C..%2Fy"
  };
  private static final String[] QUERIES = {"", "", "?", "?c=d", "?a?/../%00", "?\"<>", "?%2e"};
  private static final String[] HOSTS = {
    "a.test",
    "A.Test",
    "a_b",
    "[::1]",
    "[1:2:3]",
    "[::ffff:1.2.3.4]",
    "1.2.3.4",
    "a.test.",
    "-",
    "a"
  };
  private static final String[] PORTS = {
    "", "", "", "", ":80", ":80", ":0", ":65535", ":65536", ":", ":8x"
  };
  private static final String[] VALUES = {
    "", "x", "a, b", "y\tz", "\u00E4\u00FF", "close", "keep-alive", "chunked", "5", "websocket"
  };
  private static final String[] LENGTHS = {"0", "5", "00", "12", "9223372036854775807"};
  private static final String[] ODD_LENGTHS = {
    "9223372036854775808", "99999999999999999999", "-1", "+1", "5, 5", "0x5", ""
  };
  private static final String[] ODD_CODINGS = {
    "Chunked", "gzip, chunked", "identity", "chunked, chunked", "xchunked", ""
  };
  private static final String[] OPTIONS = {
    "close", "keep-alive", "Upgrade", "X-a", "TE", "host", "content-length", "a,,b", "te , x", "a_b"
  };
  private static final String[] STATUSES = {
    "200", "204", "304", "100", "101", "103", "404", "500", "599"
  };
  private static final String[] PIECES = {
    "\r\n",
    "\r",
    "\n",
    "\0",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "%",
    "%2e",
    "%2f",
    "..",
    ".",
    "/",
    "//",
    "\\",
    "#",
    "?",
    "\"",
    "chunked",
    "Transfer-Encoding: chunked\r\n",
    "Content-Length: 1\r\n",
    "Content-Length",
    "Host: b\r\n",
    "Connection: host, close\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "HTTP/2.0",
    "0",
    "5",
    "+",
    "-",
    "_",
    "\u0080",
    "\u00FF",
    "\u007F",
    "\u001B",
    "Expect: x\r\n",
    "=",
    "@",
    "[",
    "]",
    "*",
    "GET ",
    "x",
    "9999999999999999999",
    "\r\n\r\n",
    "Upgrade: h2c\r\n",
    "{",
    "~",
    "'",
    "http://",
    "0\r\n\r\n",
    " chunked",
    "\r\n ",
    "7FFFFFFFFFFFFFFF",
    "FFFFFFFFFFFFFFFF"
  };

  private final RandomGenerator random;

  FuzzMessages(RandomGenerator random) {
    this.random = random;
  }

  /** The next input for a target. */
  byte[] next(FuzzTarget target) {
    String text = oneIn(5) ? ofCorpus(target) : written(target);
    int changes = random.nextInt(-2, 4);
    for (int i = 0; i < changes; i++) {
      text = changed(text, target);
    }
    return Cuts.bytes(text.length() > BYTES_MAX ? text.substring(0, BYTES_MAX) : text);
  }

  private String written(FuzzTarget target) {
    return switch (target) {
      case REQUEST -> request() + any("", "", "hello", "GET ");
      case RESPONSE -> response() + any("", "", "hello");
      case CHUNKED -> chunked() + any("", "", "GET / ", "0\r\n");
      case TRAILERS ->
          any("0", "00", "0;x") + "\r\n" + fields(any("x", "y")) + any("", "G", "\r\n");
      case LENGTH, UNTIL_CLOSE -> data(random.nextInt(oneIn(8) ? 1_200 : 40));
      case CONNECTION -> connection();
      case PATH -> path();
      case AUTHORITY -> any(HOSTS) + any(PORTS);
    };
  }

  private String ofCorpus(FuzzTarget target) {
    String text = Corpus.CASES.get(random.nextInt(Corpus.CASES.size()));
    int body = text.indexOf("\r\n\r\n") + 4;
    int path = text.indexOf('/');
    return switch (target) {
      case REQUEST, CONNECTION, RESPONSE, LENGTH, UNTIL_CLOSE -> text;
      case CHUNKED -> body < 4 ? text : text.substring(body);
      case TRAILERS -> "0\r\n" + text.substring(Math.max(0, text.indexOf("\r\n")));
      case PATH -> path < 0 ? text : text.substring(path).split("[ ?]", 2)[0];
      case AUTHORITY -> text.replaceAll("(?is).*host:[ \t]*([^\r\n]*).*", "$1");
    };
  }

  private String connection() {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(3); n >= 0; n--) {
      text.append(method()).append(' ').append(target()).append(" HTTP/1.1\r\n");
      text.append(field("Host", any(HOSTS)));
      switch (random.nextInt(3)) {
        case 0 -> text.append(fields(""));
        case 1 ->
            text.append(field("Transfer-Encoding", "chunked")).append(fields("")).append(chunked());
        default -> {
          int length = random.nextInt(40);
          text.append(field("Content-Length", "" + length)).append(fields("")).append(data(length));
        }
      }
    }
    return text.toString();
  }

  private String request() {
    String version = oneIn(4) ? any("HTTP/1.0", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0") : "HTTP/1.1";
    String host = any(HOSTS) + any(PORTS);
    String target = oneIn(8) ? any("http://", "HTTPS://") + (oneIn(2) ? host : any(HOSTS)) : "";
    String line = method() + " " + target + target() + " " + version + "\r\n";
    String first = oneIn(12) ? "" : field(any("Host", "host", "HOST"), host);
    return (oneIn(20) ? "\r\n" : "") + line + first + fields(framing());
  }

  private String response() {
    String reason = any("", " ", " OK", " \t\u00E4");
    String line = any("HTTP/1.1 ", "HTTP/1.1 ", "HTTP/1.0 ") + status() + reason + "\r\n";
    return line + fields(framing());
  }

  private String status() {
    return oneIn(20) ? any("099", "600", "2x0", "20") : any(STATUSES);
  }

  private String method() {
    return oneIn(12) ? any(ODD_METHODS) : any(METHODS);
  }

  private String target() {
    return oneIn(15) ? any("*", "a", "", "?x", "/#") : path() + any(QUERIES);
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int n = random.nextInt(6); n >= 0; n--) {
      path.append('/').append(oneIn(9) ? any(ODD_SEGMENTS) : any(SEGMENTS));
    }
    return path.toString();
  }

  private String framing() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> field("Content-Length", any(LENGTHS));
      case 2 -> field("Content-Length", any(ODD_LENGTHS));
      case 3, 4 -> field("Transfer-Encoding", "chunked");
      case 5 -> field("Transfer-Encoding", any(ODD_CODINGS));
      case 6 -> framing() + framing();
      default -> "";
    };
  }

  /** Field lines and the empty line; {@code some} stands among them. */
  private String fields(String some) {
    StringBuilder text = new StringBuilder();
    int many = oneIn(40) ? 110 : 5;
    int place = random.nextInt(3);
    for (int n = random.nextInt(many); n >= 0; n--) {
      text.append(n == place && some.endsWith("\r\n") ? some : field());
    }
    return text + "\r\n";
  }

  private String field() {
    return switch (random.nextInt(10)) {
      case 0 -> field("Connection", any(OPTIONS) + ", " + any(OPTIONS));
      case 1 -> field("Upgrade", any("websocket", "h2c", "WebSocket"));
      case 2 ->
          field("Expect", any("100-continue", "100-Continue", oneIn(4) ? "x" : "100-continue"));
      case 3 -> field("TE", any("trailers", "gzip;q=1, trailers", "trailers;q=0"));
      case 4 -> field("X-Request-ID", any("abc-1", "", "a b", "x".repeat(129)));
      case 5 ->
          field(
              any("X-Forwarded-For", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port"),
              any("1.2.3.4", "[::1]:8, ::2,", ", 1.2.3.4:5", "b.test:8, c", "443", "x"));
      case 6 -> field("Connection", any(OPTIONS) + (oneIn(9) ? ",a".repeat(33) : ""));
      case 7 -> field(any("a_b", "X-a", "x!~", "Cookie", "Date"), any(VALUES));
      default -> field("X-" + random.nextInt(100), any(VALUES));
    };
  }

  private String field(String name, String value) {
    return name + ":" + any(" ", " ", "", "\t", "  ") + value + any("", "", "", " ") + "\r\n";
  }

  private String chunked() {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(4); n > 0; n--) {
      int size = oneIn(8) ? random.nextInt(700) : random.nextInt(1, 20);
      String digits = Integer.toHexString(size);
      text.append(any("", "", "0", "000"))
          .append(oneIn(2) ? digits.toUpperCase(Locale.ROOT) : digits);
      text.append(extensions()).append("\r\n").append(data(size)).append("\r\n");
    }
    return text + "0" + extensions() + "\r\n" + (oneIn(3) ? fields("") : "\r\n");
  }

  private String extensions() {
    StringBuilder text = new StringBuilder();
    while (oneIn(4)) {
      text.append(any("", "", " ", "\t"))
          .append(';')
          .append(any("", "", " "))
          .append(any("a", "b!c"));
      if (oneIn(2)) {
        String value = any("d", "\"\"", "\"e;\\\"f\\\\\"", "\"\u00E4 \"", "x".repeat(9));
        text.append(any("", "", " ")).append('=').append(any("", "", "\t")).append(value);
      }
    }
    return text.toString();
  }

  private String data(int length) {
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = oneIn(8) ? (char) random.nextInt(256) : "0\r\nab".charAt(random.nextInt(5));
    }
    return String.valueOf(text);
  }

  private String changed(String text, FuzzTarget target) {
    List<String> words = words(text);
    int at = random.nextInt(words.size() + 1);
    int to = Math.min(words.size(), at + 1 + random.nextInt(4));
    List<String> some = new ArrayList<>(words.subList(Math.min(at, to), to));
    switch (random.nextInt(9)) {
      case 0 -> words.subList(at, to).clear();
      case 1 -> words.addAll(random.nextInt(words.size() + 1), some);
      case 2 -> words.add(at, any(PIECES));
      case 3 -> {
        words.subList(at, to).clear();
        words.add(at, any(PIECES));
      }
      case 4 -> words.add(at, String.valueOf((char) random.nextInt(256)));
      case 5 -> words.subList(at, words.size()).clear();
      case 6 -> {
        List<String> other = words(written(target));
        words.subList(at, words.size()).clear();
        words.addAll(other.subList(random.nextInt(other.size() + 1), other.size()));
      }
      case 7 -> breakLine(words);
      default -> {
        int times = oneIn(20) ? 400 : 1 + random.nextInt(12);
        words.add(at, String.join("", some).repeat(times));
      }
    }
    return String.join("", words);
  }

  /** What ends a line is where readers differ most. */
  private void breakLine(List<String> words) {
    int at = random.nextInt(words.size() + 1);
    while (at < words.size() && !words.get(at).equals("\r\n")) at++;
    if (at < words.size()) words.set(at, any("\r", "\n", "\r\r\n", "\n\r", "\rx", "\r\n "));
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text);
    while (word.find()) {
      words.add(word.group());
    }
    return words;
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private String any(String... of) {
    return of[random.nextInt(of.length)];
  }

  /** Read once, and only when wanted. */
  private static final class Corpus {
    static final List<String> CASES = cases();

    private static List<String> cases() {
      List<String> texts = new ArrayList<>();
      List<RawCase> all = new ArrayList<>(Http1Corpus.cases());
      all.addAll(Http1Corpus.siblings());
      for (RawCase each : all) {
        StringBuilder text = new StringBuilder();
        for (RawCase.Segment segment : each.segments()) {
          text.append(Cuts.text(segment.bytes()).repeat(segment.repeat()));
        }
        if (text.length() <= BYTES_MAX) {
          texts.add(text.toString());
        }
      }
      return texts;
    }
  }
}

package dev.penstock.core.observe;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/** Lines written without a file. */
final class LogLines {
  private LogLines() {}

  static String text(String format, ExchangeRecord record) {
    return text(format, record, ZoneId.of("UTC"));
  }

  static String text(String format, ExchangeRecord record, ZoneId zone) {
    LineBuffer line = new LineBuffer(new LogClock(zone));
    byte[] bytes = new byte[LineBuffer.LINE_MAX];
    line.beginLine(bytes, 0);
    LogTemplate.compile(format).append(record, new LogVariable.Output(line));
    return line(bytes, line.endLine());
  }

  static String json(ExchangeRecord record) {
    LineBuffer line = new LineBuffer(new LogClock(ZoneId.of("UTC")));
    byte[] bytes = new byte[LineBuffer.LINE_MAX];
    line.beginLine(bytes, 0);
    new JsonLine(line).append(record);
    return line(bytes, line.endLine());
  }

  private static String line(byte[] bytes, int end) {
    String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    if (!line.endsWith("\n")) throw new AssertionError("no line end: " + line);
    return line.substring(0, end - 1);
  }
}

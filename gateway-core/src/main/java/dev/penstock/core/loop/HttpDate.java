package dev.penstock.core.loop;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The IMF-fixdate of RFC 9110 §5.6.7, made once a second. */
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private byte[] bytes = new byte[0];

  byte[] bytes(long epochMillis) {
    long now = Math.floorDiv(epochMillis, 1_000L);
    if (now != second) {
      second = now;
      bytes = FORMAT.format(Instant.ofEpochSecond(now)).getBytes(StandardCharsets.US_ASCII);
    }
    return bytes;
  }
}

package dev.penstock.core.observe;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The time as text, made once a second and then only copied: formatting a date costs more than the
 * rest of the line. Owned by one event loop.
 */
final class LogClock {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ENGLISH);
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ENGLISH)
          .withZone(ZoneId.of("UTC"));

  private final ZoneId zone;
  private long second = Long.MIN_VALUE;
  private byte[] local = {};
  private byte[] iso = {};
  private byte[] utc = {};

  LogClock(ZoneId zone) {
    this.zone = zone;
  }

  /** {@code 22/Nov/2026:17:33:00 +0000}. */
  byte[] local(long epochMillis) {
    turnTo(epochMillis);
    return local;
  }

  /** {@code 2026-11-22T17:33:00+00:00}. */
  byte[] iso(long epochMillis) {
    turnTo(epochMillis);
    return iso;
  }

  /** {@code 2026-11-22T17:33:00}, in UTC and without saying so. */
  byte[] utc(long epochMillis) {
    turnTo(epochMillis);
    return utc;
  }

  private void turnTo(long epochMillis) {
    long wanted = Math.floorDiv(epochMillis, 1000L);
    if (wanted == second) return;
    ZonedDateTime time = Instant.ofEpochSecond(wanted).atZone(zone);
    local = LOCAL.format(time).getBytes(StandardCharsets.US_ASCII);
    iso = ISO.format(time).getBytes(StandardCharsets.US_ASCII);
    utc = UTC.format(time).getBytes(StandardCharsets.US_ASCII);
    second = wanted;
  }
}

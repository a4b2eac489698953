package dev.penstock.micro;

import dev.penstock.core.observe.Attempt;
import dev.penstock.core.observe.ExchangeRecord;
import dev.penstock.core.observe.RouteIdentity;
import java.nio.charset.StandardCharsets;

/** Exchanges that have ended well. */
final class Records {
  /** 2026-11-22T17:33:00Z. */
  private static final long START_EPOCH_MILLIS = 1_795_368_780_000L;

  private Records() {}

  static RouteIdentity route(int number) {
    return new RouteIdentity(
        new RouteIdentity.Names(
            World.hostName(number),
            "/shop",
            "micro",
            "ingress-" + number,
            "service-" + number,
            "80",
            "micro-service-" + number + "-80"));
  }

  /** A GET of a browser that was answered with 200 after 3 ms. */
  static ExchangeRecord answered(RouteIdentity route) {
    ExchangeRecord record = new ExchangeRecord();
    record.remoteAddress.set(bytes("192.0.2.7"));
    record.requestLine.set(bytes("GET /shop/item?id=1234567&lang=en HTTP/1.1"));
    record.host.set(bytes(route.names().host()));
    record.referer.set(bytes("https://shop-17.team-3.example.com/shop"));
    record.userAgent.set(
        bytes("Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0"));
    record.requestId.set(bytes("0123456789abcdef0123456789abcdef"));
    record.startNanos = 0;
    record.startEpochMillis = START_EPOCH_MILLIS;
    record.endNanos = 3_141_592;
    record.requestLength = 512;
    record.status = 200;
    record.bodyBytesSent = 128;
    record.bytesSent = 342;
    record.route = route;
    Attempt attempt = record.beginAttempt("10.0.12.34:8080", 20_000);
    attempt.status = 200;
    attempt.responseLength = 128;
    attempt.connectNanos = 25_000;
    attempt.headNanos = 3_000_000;
    attempt.endNanos = 3_100_000;
    return record;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

package dev.penstock.core.observe;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** Exchanges for tests. */
final class Samples {
  /** 2026-11-22T17:33:00.100Z. */
  static final long START_EPOCH_MILLIS = 1_795_368_780_100L;

  private Samples() {}

  static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  static RouteIdentity route(String host, String path) {
    return new RouteIdentity(
        new RouteIdentity.Names(host, path, "shop", "front", "web", "http", "shop-web-http"));
  }

  /** Every field is set; the second of two tries answered. */
  static ExchangeRecord full() {
    ExchangeRecord record = new ExchangeRecord();
    record.remoteAddress.set(bytes("192.0.2.7"));
    record.remoteUser.set(bytes("ann"));
    record.requestLine.set(bytes("POST /cart?item=1 HTTP/1.1"));
    record.host.set(bytes("shop.test"));
    record.referer.set(bytes("https://shop.test/"));
    record.userAgent.set(bytes("curl/8.5.0"));
    record.requestId.set(bytes("0123456789abcdef0123456789abcdef"));
    record.alternativeUpstream.set(bytes("shop-canary-http"));
    record.fields =
        (name, target) -> {
          if (new String(name, StandardCharsets.US_ASCII).equals("x-tenant")) {
            target.set(bytes("blue"));
          }
        };
    record.tls = true;
    record.startNanos = -5_000_000_000L;
    record.startEpochMillis = START_EPOCH_MILLIS;
    record.endNanos = record.startNanos + 1_234_567_890L;
    record.requestLength = 321;
    record.status = 201;
    record.bodyBytesSent = 42;
    record.bytesSent = 199;
    record.flag = ResponseFlag.CONNECT_FAILED;
    record.route = route("shop.test", "/cart");
    tries(record);
    return record;
  }

  private static void tries(ExchangeRecord record) {
    long at = record.startNanos;
    Attempt failed = record.beginAttempt("10.0.0.1:8080", at);
    failed.status = 502;
    failed.endNanos = at + 3_000_000;
    Attempt answered = record.beginAttempt("10.0.0.2:8080", at + 3_000_000);
    answered.status = 201;
    answered.responseLength = 42;
    answered.connectNanos = at + 4_000_000;
    answered.headNanos = at + 900_000_000;
    answered.endNanos = at + 1_203_000_000;
  }

  /** A request that was not even understood. */
  static ExchangeRecord bare() {
    ExchangeRecord record = new ExchangeRecord();
    record.startEpochMillis = START_EPOCH_MILLIS;
    return record;
  }

  static ExchangeRecord answered(String requestLine, int status, long durationNanos) {
    ExchangeRecord record = new ExchangeRecord();
    record.requestLine.set(bytes(requestLine));
    record.status = status;
    record.startNanos = 0;
    record.endNanos = durationNanos;
    return record;
  }

  /** Bytes that this thread allocates in {@code work}: the least of many rounds, once compiled. */
  static long allocatedBytes(Runnable work) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 200 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      work.run();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}

package dev.penstock.core;

import dev.penstock.core.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A number by which replicas are seen to serve the same: the same for equal configurations in every
 * process, which {@code hashCode} is not. Not for security.
 */
final class SnapshotHash {
  /** What a double holds exactly. */
  private static final long MASK = (1L << 53) - 1;

  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private SnapshotHash() {}

  /** Of hosts, routes without their source, settings and certificates. */
  static long of(Snapshot snapshot) {
    long[] hash = {0};
    add(hash, snapshot.settings().toString());
    snapshot
        .router()
        .forEach((host, route, compiled) -> {
          add(hash, host.host().text());
          add(hash, route.match().toString());
          add(hash, route.action().toString());
          add(hash, route.policy().toString());
        });
    snapshot
        .certificates()
        .certificates()
        .forEach(each -> {
          add(hash, each.fingerprint());
          each.hosts().forEach(host -> add(hash, host));
        });
    return hash[0] & MASK;
  }

  /** Order counts. */
  private static void add(long[] hash, String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    hash[0] = (Long.rotateLeft(hash[0], 7) ^ crc.getValue()) * FACTOR;
    hash[0] ^= hash[0] >>> 32;
  }
}

package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.RawClient;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A body of 1 GiB on its way to a slow reader does not gather in the gateway. The first seconds of
 * it decide: whoever would buffer has done so by then. The resident memory of a process, and the
 * whole length, are {@code SlowPeersIT}'s in gateway-app.
 */
@ExtendWith(LeakExtension.class)
class MemoryTest {
  private static final long BODY_BYTES = 1L << 30;
  private static final int SLOW_BYTES_PER_SECOND = 100_000;
  private static final long GROWTH_BYTES_MAX = 16L << 20;

  private static final Duration TIME = Duration.ofSeconds(5);

  /** What the kernel's socket buffers on both sides of the gateway may hold, and its own. */
  private static final long IN_FLIGHT_BYTES_MAX = 64L << 20;

  private static long directBytes() {
    return Math.max(
        PlatformDependent.usedDirectMemory(),
        PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
  }

  @Test
  void aLargeDownloadToASlowClientDoesNotGather() throws IOException {
    AtomicLong sent = new AtomicLong();
    try (Origin origin =
            Origin.playing(c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
              byte[] block = new byte[1 << 16];
              while (sent.get() < BODY_BYTES) {
                c.send(block);
                sent.addAndGet(block.length);
              }
            });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = RawClient.plain(gateway.httpPort(), 8192)) {
      long before = directBytes();
      client.send(Requests.get("/"));
      client.readHead();
      long got = client.drainAtRate(SLOW_BYTES_PER_SECOND, TIME);
      assertThat(got).isGreaterThan(SLOW_BYTES_PER_SECOND * TIME.toSeconds() / 2);
      assertThat(directBytes() - before).isLessThan(GROWTH_BYTES_MAX);
      assertThat(sent.get()).as("the backend is held back").isLessThan(IN_FLIGHT_BYTES_MAX);
    }
  }

  @Test
  void aLargeUploadToASlowBackendDoesNotGather() throws IOException {
    AtomicLong sent = new AtomicLong();
    try (Origin origin =
            Origin.start(
                0,
                0,
                8192,
                c -> {
                  c.readHead();
                  c.drainAtRate(SLOW_BYTES_PER_SECOND);
                  c.send(Answers.ok("never"));
                });
        GatewayFixture gateway = GatewayFixture.to(origin);
        RawClient client = gateway.plain()) {
      long before = directBytes();
      client.patience(Duration.ofMinutes(1));
      client.send(Requests.head("POST", "/") + "Content-Length: " + BODY_BYTES + "\r\n\r\n");
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                byte[] block = new byte[1 << 16];
                try {
                  while (sent.get() < BODY_BYTES) {
                    client.send(block);
                    sent.addAndGet(block.length);
                  }
                } catch (IOException ended) {
                  // by the test's end
                }
              });
      Await.quietTime(TIME);
      assertThat(origin.awaitConnection(0).recording().count())
          .isGreaterThan(SLOW_BYTES_PER_SECOND * TIME.toSeconds() / 2);
      assertThat(directBytes() - before).isLessThan(GROWTH_BYTES_MAX);
      assertThat(sent.get()).as("the client is held back").isLessThan(IN_FLIGHT_BYTES_MAX);
      client.reset();
      Await.until("the sender ends", () -> !sender.isAlive());
    }
  }
}

package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.OriginConnection;
import dev.penstock.testkit.ProcessMemory;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.SeenRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A download of 1 GiB to a client that reads 100 KB/s and, beside it, an upload of 1 GiB to a
 * backend that does: the resident memory of the gateway's process must not grow by them.
 *
 * <p>Whole, both take three hours. Whoever gathers bodies has gathered them in the first seconds,
 * because the fast side is as fast as it is let; so the test ends after {@code
 * -Dpenstock.slow-peers.seconds} (20), and {@code make memory} lets it run to the end.
 */
class SlowPeersIT {
  private static final long BODY_BYTES = 1L << 30;
  private static final int SLOW_BYTES_PER_SECOND = 100_000;
  private static final long GROWTH_BYTES_MAX = 16L << 20;

  /** What sockets on both sides of the gateway may hold of a body, in the kernel. */
  private static final long IN_FLIGHT_BYTES_MAX = 64L << 20;

  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("penstock.slow-peers.seconds", 20));

  private static final int WARM_UP_REQUESTS = 3_000;
  private static final int WARM_UP_BODY_BYTES = 4 << 20;
  private static final byte[] BLOCK = new byte[1 << 16];

  @TempDir Path config;

  private final AtomicLong downloadSent = new AtomicLong();
  private final AtomicLong downloadRead = new AtomicLong();
  private final AtomicLong uploadSent = new AtomicLong();

  @Test
  void slowPeersDoNotMakeTheProcessGrow() throws IOException {
    try (Origin origin = Origin.start(0, 0, 8192, this::play)) {
      Files.writeString(
          config.resolve("all.yaml"), new PathManifest().with("/", origin.port()).text());
      try (Distribution gateway =
          Distribution.serving(config, Map.of(), "--no-access-log", "--event-loops", "1")) {
        long pid = gateway.family().getLast().pid();
        warmUp(gateway.port("http"));
        long before = ProcessMemory.rssBytes(pid);
        try (RawClient down = RawClient.plain(gateway.port("http"), 8192);
            RawClient up = RawClient.plain(gateway.port("http"))) {
          Thread.ofVirtual().start(() -> download(down));
          Thread.ofVirtual().start(() -> upload(up));
          long highest = watch(pid);
          long slowest = Math.min(BODY_BYTES, SLOW_BYTES_PER_SECOND * TIME.toSeconds()) / 2;
          assertThat(downloadRead.get()).as("read by the slow client").isGreaterThan(slowest);
          assertThat(slowUpload(origin).recording().count())
              .as("read by the slow backend")
              .isGreaterThan(slowest);
          assertThat(highest - before).as("growth").isLessThan(GROWTH_BYTES_MAX);
        }
      }
    }
  }

  /** The highest resident size until both bodies are through, or the time is over. */
  private long watch(long pid) {
    long end = System.nanoTime() + TIME.toNanos();
    long highest = 0;
    while (System.nanoTime() - end < 0 && downloadRead.get() < BODY_BYTES) {
      highest = Math.max(highest, ProcessMemory.rssBytes(pid));
      assertThat(downloadSent.get() - downloadRead.get())
          .as("on its way to the slow client")
          .isLessThan(IN_FLIGHT_BYTES_MAX);
      Await.quietTime(Duration.ofMillis(250));
    }
    return highest;
  }

  private void play(OriginConnection connection) throws IOException {
    while (true) {
      SeenRequest head = connection.readHead();
      switch (head.target()) {
        case "/download" -> pour(connection);
        case "/upload" -> connection.drainAtRate(SLOW_BYTES_PER_SECOND);
        default -> {
          int length = connection.readBody(head).body().length;
          connection.send(Answers.ok("x".repeat(length)));
        }
      }
    }
  }

  private void pour(OriginConnection connection) throws IOException {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
    while (downloadSent.get() < BODY_BYTES) {
      connection.send(BLOCK);
      downloadSent.addAndGet(BLOCK.length);
    }
  }

  private void download(RawClient client) {
    try {
      client.send("GET /download HTTP/1.1\r\nHost: a.test\r\n\r\n").readHead();
      while (downloadRead.get() < BODY_BYTES) {
        downloadRead.addAndGet(client.drainAtRate(SLOW_BYTES_PER_SECOND, Duration.ofMillis(500)));
      }
    } catch (IOException ended) {
      // by the test's end; before it the test sees that nothing more is read
    }
  }

  private void upload(RawClient client) {
    try {
      client.patience(Duration.ofMinutes(1));
      client.send("POST /upload HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + BODY_BYTES);
      client.send("\r\n\r\n");
      while (uploadSent.addAndGet(BLOCK.length) <= BODY_BYTES) client.send(BLOCK);
    } catch (IOException ended) {
      // by the test's end; before it the test sees that nothing more is read
    }
  }

  /** The connection that carries the upload: the one that received most. */
  private static OriginConnection slowUpload(Origin origin) {
    OriginConnection most = origin.awaitConnection(0);
    for (OriginConnection connection : origin.connections()) {
      if (connection.recording().count() > most.recording().count()) most = connection;
    }
    return most;
  }

  /** Classes, compiled code, heap and buffers have their size before it counts. */
  private static void warmUp(int port) throws IOException {
    try (RawClient client = RawClient.plain(port)) {
      for (int i = 0; i < WARM_UP_REQUESTS; i++) {
        client.exchange("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
      }
      String body = "x".repeat(WARM_UP_BODY_BYTES);
      for (int i = 0; i < 5; i++) {
        String head = "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + body.length();
        assertThat(client.exchange(head + "\r\n\r\n" + body).body()).hasSize(body.length());
      }
    }
  }
}
